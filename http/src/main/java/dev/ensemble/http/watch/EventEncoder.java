package dev.ensemble.http.watch;

import akka.util.ByteString;
import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.StoredObject;
import java.util.Map;

/** Turns changes into the frames of one watch. Called by one thread at a time. */
interface EventEncoder {
  /** The empty string when the change does not concern this watch. */
  ByteString change(Change change);

  /** An object that is there when the watch begins: ADDED, or nothing when not selected. */
  ByteString existing(StoredObject object);

  /** A BOOKMARK. */
  ByteString bookmark(long revision, Map<String, String> annotations);
}
