package dev.ensemble.core.selector;

/** A selector that cannot be read; upstream answers 400 BadRequest with this message. */
public final class SelectorException extends IllegalArgumentException {
  SelectorException(String message) {
    super(message);
  }
}
