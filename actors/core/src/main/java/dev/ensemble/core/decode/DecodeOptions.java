package dev.ensemble.core.decode;

/**
 * How to read one body.
 *
 * @param zeros whether values that upstream never writes are dropped; an applied configuration
 *     keeps them, since the applier owns what it spelled out
 */
public record DecodeOptions(FieldValidation fieldValidation, Zeros zeros) {

  public static DecodeOptions of(FieldValidation fieldValidation) {
    return new DecodeOptions(fieldValidation, Zeros.CANONICAL);
  }

  /** Zero values of fields whose schema says that they are dropped. */
  public enum Zeros {
    CANONICAL,
    AS_GIVEN
  }
}
