package dev.ensemble.loadtest.api;

import java.util.Random;

/** Filling for objects. */
public final class Texts {
  private Texts() {}

  /** Letters, always the same for a length. */
  public static String random(int length) {
    StringBuilder text = new StringBuilder(length);
    new Random(length).ints(length, 'a', 'z' + 1).forEach(letter -> text.append((char) letter));
    return text.toString();
  }
}
