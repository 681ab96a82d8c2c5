package dev.ensemble.actors.controller;

import java.util.concurrent.ThreadLocalRandom;

/** Names made from {@code metadata.generateName}, as upstream's name generator makes them. */
final class GeneratedName {
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
  private static final int SUFFIX_LENGTH = 5;

  /** Most kinds' names are DNS labels or become one. */
  private static final int LENGTH_MAX = 63;

  private GeneratedName() {}

  static String of(String prefix) {
    StringBuilder name =
        new StringBuilder(
            prefix.substring(0, Math.min(prefix.length(), LENGTH_MAX - SUFFIX_LENGTH)));
    for (int i = 0; i < SUFFIX_LENGTH; i++) {
      name.append(ALPHABET.charAt(ThreadLocalRandom.current().nextInt(ALPHABET.length())));
    }
    return name.toString();
  }
}
