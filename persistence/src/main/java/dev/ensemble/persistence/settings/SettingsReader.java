package dev.ensemble.persistence.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Reads one section, key by key. {@link #done} at the end fails when there are keys that nobody
 * read. All faults are {@link SettingsException}s that name the whole path.
 */
public final class SettingsReader {
  private final Config config;
  private final String path;
  private final Set<String> unread;

  private SettingsReader(Config config, String path) {
    this.config = config;
    this.path = path;
    this.unread = new TreeSet<>(config.root().keySet());
  }

  /** The section at {@code path} of the whole configuration. */
  public static SettingsReader of(Config root, String path) {
    if (!root.hasPath(path)) {
      throw new SettingsException(path + " is missing");
    }
    return new SettingsReader(guarded(path, () -> root.getConfig(path)), path);
  }

  public SettingsReader section(String key) {
    return new SettingsReader(read(key, () -> config.getConfig(key)), path + "." + key);
  }

  public String text(String key) {
    return read(key, () -> config.getString(key));
  }

  public List<String> texts(String key) {
    return read(key, () -> List.copyOf(config.getStringList(key)));
  }

  /** {@code true} or {@code false}. */
  public boolean flag(String key) {
    return read(key, () -> config.getBoolean(key));
  }

  public int number(String key, int min, int max) {
    int value = read(key, () -> config.getInt(key));
    if (value < min || value > max) {
      throw new SettingsException(
          "%s.%s = %d is not between %d and %d".formatted(path, key, value, min, max));
    }
    return value;
  }

  /** A length of time above zero. */
  public Duration duration(String key) {
    Duration value = read(key, () -> config.getDuration(key));
    if (value.isNegative() || value.isZero()) {
      throw new SettingsException(path + "." + key + " must be longer than nothing");
    }
    return value;
  }

  /** A size such as {@code 64MiB}, in bytes. */
  public long bytes(String key) {
    return read(key, () -> config.getBytes(key));
  }

  /** One constant of an enum, written in lower case. */
  public <E extends Enum<E>> E choice(String key, Class<E> type) {
    String text = text(key);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(java.util.Locale.ROOT).equals(text)) {
        return constant;
      }
    }
    throw new SettingsException(
        "%s.%s = %s is none of %s"
            .formatted(path, key, text, List.of(type.getEnumConstants()))
            .toLowerCase(java.util.Locale.ROOT));
  }

  /** A section whose keys are names of the user's, with whole numbers. */
  public Map<String, Integer> numbers(String key, int min, int max) {
    SettingsReader section = section(key);
    Map<String, Integer> numbers = new LinkedHashMap<>();
    for (String name : new TreeSet<>(section.unread)) {
      numbers.put(name, section.number(name, min, max));
    }
    return numbers;
  }

  /** Fails when the section has keys that were not read. */
  public void done() {
    if (!unread.isEmpty()) {
      throw new SettingsException("unknown in " + path + ": " + String.join(", ", unread));
    }
  }

  private <T> T read(String key, Supplier<T> work) {
    unread.remove(key);
    return guarded(path + "." + key, work);
  }

  private static <T> T guarded(String where, Supplier<T> work) {
    try {
      return work.get();
    } catch (ConfigException e) {
      throw new SettingsException(where + ": " + e.getMessage(), e);
    }
  }
}
