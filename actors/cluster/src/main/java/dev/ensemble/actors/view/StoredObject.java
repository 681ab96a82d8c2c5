package dev.ensemble.actors.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.ObjectKey;
import java.util.List;
import java.util.Map;

/**
 * One version of one object, as the view holds it: encoded JSON ready to send, with the few parts
 * that indexes and selectors need. Immutable; the bytes are shared and must not be changed.
 */
public interface StoredObject {
  ObjectKey key();

  /**
   * The object as JSON in UTF-8, {@code metadata.resourceVersion} included. Shared: do not change.
   */
  byte[] json();

  /** Parses {@link #json}. A new tree each time, the caller's own. */
  ObjectNode tree();

  /** The ledger's revision of this version, {@code metadata.resourceVersion}. */
  long revision();

  /** The entity's sequence number of this version: the precondition of a Replace. */
  long sequence();

  String uid();

  Map<String, String> labels();

  /** Uids of owner references. */
  List<String> owners();

  /** Whether the object waits for its end: it has a deletionTimestamp. */
  boolean deleting();
}
