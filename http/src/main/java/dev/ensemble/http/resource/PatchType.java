package dev.ensemble.http.resource;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How a patch's body is to be read. */
public enum PatchType {
  JSON("application/json-patch+json"),
  MERGE("application/merge-patch+json"),
  STRATEGIC("application/strategic-merge-patch+json"),
  APPLY("application/apply-patch+yaml");

  private final String mediaType;

  PatchType(String mediaType) {
    this.mediaType = mediaType;
  }

  static Optional<PatchType> of(String mediaType) {
    return Arrays.stream(values()).filter(type -> type.mediaType.equals(mediaType)).findFirst();
  }

  static List<String> mediaTypes() {
    return Arrays.stream(values()).map(type -> type.mediaType).toList();
  }
}
