package dev.ensemble.core.decode;

/** How a body is written. */
public enum BodyFormat {
  JSON,
  YAML
}
