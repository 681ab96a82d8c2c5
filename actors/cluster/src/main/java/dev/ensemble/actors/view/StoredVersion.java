package dev.ensemble.actors.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.ObjectImage;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.persistence.format.Hash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One version of one object in a view. */
public final class StoredVersion implements StoredObject {
  private static final ObjectReader READER =
      JsonMapper.builder().build().readerFor(ObjectNode.class);

  private final ObjectKey key;
  private final String uid;
  private final Map<String, String> labels;
  private final List<String> owners;
  private final String node;
  private final boolean deleting;
  private final byte[] json;
  private final int revisionOffset;
  private final long revision;
  private final long sequence;
  private final long createdRevision;
  private final Hash hash;

  private StoredVersion(Indexed indexed, byte[] json, int revisionOffset, Place place) {
    this.key = indexed.key();
    this.uid = indexed.uid();
    this.labels = indexed.labels();
    this.owners = indexed.owners();
    this.node = indexed.node();
    this.deleting = indexed.deleting();
    this.json = json;
    this.revisionOffset = revisionOffset;
    this.revision = place.revision();
    this.sequence = place.sequence();
    this.createdRevision = place.createdRevision();
    this.hash = place.hash();
  }

  /**
   * What indexes and controllers need of an object. What objects have in common is shared.
   *
   * @param owners uids of owner references
   * @param node {@code spec.nodeName} of a pod, empty when there is none
   * @param deleting whether it has a deletionTimestamp
   */
  record Indexed(
      ObjectKey key,
      String uid,
      Map<String, String> labels,
      List<String> owners,
      String node,
      boolean deleting) {
    Indexed {
      key = Repeated.key(key);
      labels = Repeated.labels(labels);
      owners = Repeated.owners(owners);
      node = Repeated.text(node);
    }
  }

  /**
   * The event that made a version.
   *
   * @param createdRevision the revision that made this incarnation
   * @param hash the event's hash
   */
  public record Place(long revision, long sequence, long createdRevision, Hash hash) {}

  /** An object as its entity encoded it, before the ledger gave it a revision. */
  public record Draft(Indexed indexed, ObjectImage image) {

    /** Encodes an object that has no resourceVersion and takes out what indexes need. */
    public static Draft of(ObjectKey key, ObjectNode object) {
      JsonNode metadata = object.path("metadata");
      List<String> owners = new ArrayList<>(1);
      metadata.path("ownerReferences").forEach(owner -> owners.add(owner.path("uid").asText()));
      Map<String, String> labels = new HashMap<>();
      metadata
          .path("labels")
          .fields()
          .forEachRemaining(label -> labels.put(label.getKey(), label.getValue().asText()));
      Indexed indexed =
          new Indexed(
              key,
              metadata.path("uid").asText(),
              labels,
              owners,
              key.resource().toString().equals("pods")
                  ? object.path("spec").path("nodeName").asText()
                  : "",
              metadata.has("deletionTimestamp"));
      return new Draft(indexed, ObjectImage.of(object));
    }

    /** The length of the encoded object. */
    public int bytes() {
      return image.size();
    }

    /** Gives the object its place. To be called once: it stamps the encoded bytes. */
    public StoredVersion at(Place place) {
      return new StoredVersion(
          indexed, image.stamped(place.revision()), image.revisionOffset(), place);
    }

    /** The same for a store that keeps no hashes. */
    public StoredVersion at(long revision, long sequence) {
      return at(new Place(revision, sequence, revision, Hash.ZERO));
    }
  }

  /** Takes up a version as {@link #json} gave it, from a checkpoint. */
  public static StoredVersion restored(ObjectKey key, byte[] json, Place place) {
    return new StoredVersion(ImageReader.read(key, json), json, ObjectImage.offsetIn(json), place);
  }

  /** This version again with the revision of its deletion, as DELETED events carry it. */
  public StoredVersion removedAt(long removalRevision, long removalSequence) {
    return new StoredVersion(
        new Indexed(key, uid, labels, owners, node, deleting),
        ObjectImage.restamped(json, revisionOffset, removalRevision),
        revisionOffset,
        new Place(removalRevision, removalSequence, createdRevision, hash));
  }

  @Override
  public ObjectKey key() {
    return key;
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
    return uid;
  }

  @Override
  public Map<String, String> labels() {
    return labels;
  }

  @Override
  public List<String> owners() {
    return owners;
  }

  @Override
  public boolean deleting() {
    return deleting;
  }

  String node() {
    return node;
  }

  long createdRevision() {
    return createdRevision;
  }

  Hash hash() {
    return hash;
  }

  @Override
  public String toString() {
    return key + "@" + revision;
  }
}
