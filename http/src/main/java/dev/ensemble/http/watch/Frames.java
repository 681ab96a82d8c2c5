package dev.ensemble.http.watch;

import akka.util.ByteString;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.http.server.Json;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

/**
 * Encodes changes in one form, once for all watchers that want that form: the last few frames are
 * kept. A kept frame is found by the identity of the object, of which a view holds one.
 */
final class Frames {
  /** A power of two; collisions only cost another encoding. */
  private static final int SLOTS = 256;

  private static final byte[] END = "}\n".getBytes(StandardCharsets.US_ASCII);

  private final Function<StoredObject, byte[]> form;
  private final AtomicReferenceArray<Entry> recent = new AtomicReferenceArray<>(SLOTS);

  private record Entry(StoredObject object, Change.Type type, ByteString frame) {}

  Frames(Function<StoredObject, byte[]> form) {
    this.form = form;
  }

  ByteString of(Change.Type type, StoredObject object) {
    int slot = (System.identityHashCode(object) + type.name().length()) & (SLOTS - 1);
    Entry entry = recent.get(slot);
    if (entry != null && entry.object() == object && entry.type() == type) {
      return entry.frame();
    }
    ByteString frame = frame(type.name(), form.apply(object));
    recent.set(slot, new Entry(object, type, frame));
    return frame;
  }

  /** A frame that is not kept. */
  static ByteString frame(String type, byte[] object) {
    byte[] head = ("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.US_ASCII);
    byte[] frame = new byte[head.length + object.length + END.length];
    System.arraycopy(head, 0, frame, 0, head.length);
    System.arraycopy(object, 0, frame, head.length, object.length);
    System.arraycopy(END, 0, frame, head.length + object.length, END.length);
    return ByteString.fromArrayUnsafe(frame);
  }

  static ByteString frame(String type, ObjectNode object) {
    return frame(type, Json.bytes(object));
  }
}
