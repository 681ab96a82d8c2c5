package dev.ensemble.agent.runtime;

import java.util.List;
import java.util.OptionalLong;

/**
 * An image on this machine. {@code uid} and {@code username} are who it runs as by default.
 *
 * @param pinned the runtime keeps it for itself
 */
public record ImageState(
    String id,
    List<String> tags,
    List<String> digests,
    long sizeBytes,
    OptionalLong uid,
    String username,
    boolean pinned) {
  public ImageState {
    tags = List.copyOf(tags);
    digests = List.copyOf(digests);
  }
}
