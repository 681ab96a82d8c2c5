package dev.ensemble.core.openapi;

/** The two versions of OpenAPI, as far as they differ here. */
enum Dialect {
  V2("#/definitions/"),
  V3("#/components/schemas/");

  private final String refPrefix;

  Dialect(String refPrefix) {
    this.refPrefix = refPrefix;
  }

  String ref(String name) {
    return refPrefix + name;
  }
}
