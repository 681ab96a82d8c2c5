package dev.ensemble.core.decode;

/**
 * What to do about fields that the schema does not name or that are given twice: the {@code
 * fieldValidation} query parameter.
 */
public enum FieldValidation {
  IGNORE,
  WARN,
  STRICT
}
