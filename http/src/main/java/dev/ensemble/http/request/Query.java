package dev.ensemble.http.request;

import dev.ensemble.http.status.Statuses;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The parameters of a query string. */
public final class Query {
  public static final Query NONE = new Query(Map.of());

  private final Map<String, List<String>> parameters;

  private Query(Map<String, List<String>> parameters) {
    this.parameters = parameters;
  }

  /** Reads the part after the question mark, still percent-encoded. */
  public static Query parse(String raw) {
    if (raw.isEmpty()) {
      return NONE;
    }
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (String pair : raw.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      parameters.computeIfAbsent(decode(name), key -> new ArrayList<>(1)).add(decode(value));
    }
    return new Query(parameters);
  }

  /** The first value, or the empty string. */
  public String get(String name) {
    List<String> values = parameters.get(name);
    return values == null ? "" : values.get(0);
  }

  public List<String> all(String name) {
    return List.copyOf(parameters.getOrDefault(name, List.of()));
  }

  public boolean has(String name) {
    return parameters.containsKey(name);
  }

  /** Apimachinery's reading of booleans: absent, "0" and "false" are false, the rest is true. */
  public boolean isTrue(String name) {
    return flag(name).orElse(false);
  }

  public Optional<Boolean> flag(String name) {
    List<String> values = parameters.get(name);
    if (values == null) {
      return Optional.empty();
    }
    String value = values.get(0);
    return Optional.of(!value.equals("0") && !value.equalsIgnoreCase("false"));
  }

  public OptionalLong number(String name) {
    String value = get(name);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(value));
    } catch (NumberFormatException e) {
      throw Statuses.badRequest("the parameter " + name + " is not a whole number: " + value);
    }
  }

  private static String decode(String text) {
    if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
      return text;
    }
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Statuses.badRequest("the query is not percent-encoded rightly: " + text);
    }
  }
}
