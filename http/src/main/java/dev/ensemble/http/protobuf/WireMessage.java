package dev.ensemble.http.protobuf;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/** A message written field by field, for a format whose types are not at hand as classes. */
final class WireMessage {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

  /** A field of the message; memory never fails. */
  private interface Write {
    void to(CodedOutputStream out) throws IOException;
  }

  WireMessage text(int field, String value) {
    return write(to -> to.writeString(field, value));
  }

  WireMessage flag(int field) {
    return write(to -> to.writeBool(field, true));
  }

  WireMessage message(int field, Consumer<WireMessage> content) {
    WireMessage inner = new WireMessage();
    content.accept(inner);
    return write(to -> to.writeByteArray(field, inner.toBytes()));
  }

  byte[] toBytes() {
    write(CodedOutputStream::flush);
    return bytes.toByteArray();
  }

  private WireMessage write(Write write) {
    try {
      write.to(out);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
