package dev.ensemble.core.controller;

/**
 * What an Event says: about whom, of which type, why, in which words, from which component.
 *
 * @param host the node on which it happened, or empty
 */
public record Note(
    Reference regarding, Type type, String reason, String message, String component, String host) {
  public Note(Reference regarding, Type type, String reason, String message, String component) {
    this(regarding, type, reason, message, component, "");
  }

  public enum Type {
    NORMAL("Normal"),
    WARNING("Warning");

    private final String word;

    Type(String word) {
      this.word = word;
    }

    /** The Event's {@code type}. */
    public String word() {
      return word;
    }
  }

  public static Note normal(Reference regarding, String reason, String message, String component) {
    return new Note(regarding, Type.NORMAL, reason, message, component);
  }

  public static Note warning(Reference regarding, String reason, String message, String component) {
    return new Note(regarding, Type.WARNING, reason, message, component);
  }

  /** The same note with the two placeholders of an {@link Announcement} filled in. */
  public Note filled(String name, String error) {
    return new Note(
        regarding,
        type,
        reason,
        message.replace("{name}", name).replace("{error}", error),
        component,
        host);
  }
}
