package dev.ensemble.actors.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.ObjectImage;
import dev.ensemble.core.object.ObjectKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One version of one object in a view. */
public final class StoredVersion implements StoredObject {
  private static final ObjectReader READER =
      JsonMapper.builder().build().readerFor(ObjectNode.class);

  private final Indexed indexed;
  private final byte[] json;
  private final int revisionOffset;
  private final long revision;
  private final long sequence;

  private StoredVersion(
      Indexed indexed, byte[] json, int revisionOffset, long revision, long sequence) {
    this.indexed = indexed;
    this.json = json;
    this.revisionOffset = revisionOffset;
    this.revision = revision;
    this.sequence = sequence;
  }

  /**
   * What indexes need of an object.
   *
   * @param owners uids of owner references
   * @param node {@code spec.nodeName} of a pod, empty when there is none
   */
  record Indexed(
      ObjectKey key, String uid, Map<String, String> labels, List<String> owners, String node) {}

  /** An object as its entity encoded it, before the ledger gave it a revision. */
  public record Draft(Indexed indexed, ObjectImage image) {

    /** Encodes an object that has no resourceVersion and takes out what indexes need. */
    public static Draft of(ObjectKey key, ObjectNode object) {
      JsonNode metadata = object.path("metadata");
      List<String> owners = new ArrayList<>(1);
      metadata.path("ownerReferences").forEach(owner -> owners.add(owner.path("uid").asText()));
      Map<String, String> labels = new LinkedHashMap<>();
      metadata
          .path("labels")
          .fields()
          .forEachRemaining(label -> labels.put(label.getKey(), label.getValue().asText()));
      Indexed indexed =
          new Indexed(
              key,
              metadata.path("uid").asText(),
              labels.isEmpty() ? Map.of() : labels,
              owners.isEmpty() ? List.of() : owners,
              key.resource().toString().equals("pods")
                  ? object.path("spec").path("nodeName").asText()
                  : "");
      return new Draft(indexed, ObjectImage.of(object));
    }

    /** Gives the object its revision. To be called once: it stamps the encoded bytes. */
    public StoredVersion at(long revision, long sequence) {
      return new StoredVersion(
          indexed, image.stamped(revision), image.revisionOffset(), revision, sequence);
    }
  }

  /** Takes up a version as {@link #json} gave it, from a checkpoint. */
  public static StoredVersion restored(ObjectKey key, byte[] json, long revision, long sequence) {
    return new StoredVersion(
        ImageReader.read(key, json), json, ObjectImage.offsetIn(json), revision, sequence);
  }

  /** This version again with the revision of its deletion, as DELETED events carry it. */
  public StoredVersion removedAt(long removalRevision, long removalSequence) {
    return new StoredVersion(
        indexed,
        ObjectImage.restamped(json, revisionOffset, removalRevision),
        revisionOffset,
        removalRevision,
        removalSequence);
  }

  @Override
  public ObjectKey key() {
    return indexed.key();
  }

  @Override
  public byte[] json() {
    return json;
  }

  @Override
  public ObjectNode tree() {
    return parse(json);
  }

  /** The object as its entity holds it: without resourceVersion. */
  public ObjectNode entityTree() {
    ObjectNode object = parse(json);
    ((ObjectNode) object.path("metadata")).remove("resourceVersion");
    return object;
  }

  private static ObjectNode parse(byte[] json) {
    try {
      return READER.readValue(json);
    } catch (IOException e) {
      throw new IllegalStateException("a stored object does not parse", e);
    }
  }

  @Override
  public long revision() {
    return revision;
  }

  @Override
  public long sequence() {
    return sequence;
  }

  @Override
  public String uid() {
    return indexed.uid();
  }

  @Override
  public Map<String, String> labels() {
    return indexed.labels();
  }

  List<String> owners() {
    return indexed.owners();
  }

  String node() {
    return indexed.node();
  }

  @Override
  public String toString() {
    return indexed.key() + "@" + revision;
  }
}
