package dev.ensemble.loadtest.profile;

/** A method on a stack. */
public record Frame(String type, String method) {
  @Override
  public String toString() {
    return type + "." + method;
  }
}
