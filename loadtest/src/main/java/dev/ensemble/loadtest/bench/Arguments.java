package dev.ensemble.loadtest.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The {@code --name value} words after a benchmark's name. An unknown name is an error. */
public final class Arguments {
  private final Map<String, String> values;

  private Arguments(Map<String, String> values) {
    this.values = values;
  }

  /**
   * Reads the words.
   *
   * @param known names without the dashes
   * @throws IllegalArgumentException when a word is not understood
   */
  public static Arguments parse(List<String> words, Set<String> known) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < words.size(); i += 2) {
      String name = words.get(i).replaceFirst("^--", "");
      if (!words.get(i).startsWith("--") || !known.contains(name) || i + 1 == words.size()) {
        throw new IllegalArgumentException(
            "'%s' is not understood: each of %s takes one value"
                .formatted(words.get(i), new TreeSet<>(known)));
      }
      values.put(name, words.get(i + 1));
    }
    return new Arguments(Map.copyOf(values));
  }

  public Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** A whole number above zero. */
  public int number(String name, int otherwise) {
    int number = text(name).map(Integer::parseInt).orElse(otherwise);
    if (number <= 0) {
      throw new IllegalArgumentException("--" + name + " must be above zero, not " + number);
    }
    return number;
  }
}
