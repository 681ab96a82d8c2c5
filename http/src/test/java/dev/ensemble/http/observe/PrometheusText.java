package dev.ensemble.http.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads Prometheus' text format as strictly as Prometheus does: every line must be a sample, a HELP
 * or a TYPE; every sample belongs to a family whose TYPE came before it; none comes twice;
 * histograms have all their parts (one that nothing was recorded in has none).
 */
final class PrometheusText {
  private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
  private static final Pattern TYPE =
      Pattern.compile("# TYPE (" + NAME + ") (counter|gauge|histogram|summary|untyped)");
  private static final Pattern HELP = Pattern.compile("# HELP (" + NAME + ") .*");
  private static final Pattern SAMPLE =
      Pattern.compile("(" + NAME + ")(?:\\{(.*)})? (NaN|[+-]Inf|-?[0-9.]+(?:[eE][+-]?[0-9]+)?)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\n\"])*)\"(,|$)");

  private final Map<String, String> types = new HashMap<>();
  private final Map<String, Double> samples = new TreeMap<>();
  private final Map<String, List<Double>> buckets = new HashMap<>();

  /** The last bucket's upper bound, by family. */
  private final Map<String, String> bounds = new HashMap<>();

  static PrometheusText parse(String text) {
    PrometheusText parsed = new PrometheusText();
    assertThat(text).endsWith("\n");
    text.lines().forEach(parsed::line);
    parsed.histogramsAreWhole();
    return parsed;
  }

  /** Family and kind. */
  Map<String, String> types() {
    return types;
  }

  /** Samples whose name begins so, as {@code name{label="value",…}} with labels in order. */
  Map<String, Double> samples(String begin) {
    Map<String, Double> found = new TreeMap<>();
    samples.forEach(
        (sample, value) -> {
          if (sample.startsWith(begin)) {
            found.put(sample, value);
          }
        });
    return found;
  }

  private void line(String line) {
    Matcher type = TYPE.matcher(line);
    if (line.isBlank() || HELP.matcher(line).matches()) {
      return;
    }
    if (type.matches()) {
      assertThat(types.put(type.group(1), type.group(2))).as("a second " + line).isNull();
      return;
    }
    Matcher sample = SAMPLE.matcher(line);
    assertThat(sample.matches()).as("not a line of the format: " + line).isTrue();
    String name = sample.group(1);
    assertThat(family(name)).as("no TYPE before: " + line).isIn(types.keySet());
    Map<String, String> labels = labels(sample.group(2), line);
    double value = Double.parseDouble(sample.group(3).replace("Inf", "Infinity"));
    assertThat(samples.put(name + labels(labels), value)).as("twice: " + line).isNull();
    if (name.endsWith("_bucket")) {
      bounds.put(family(name), labels.remove("le"));
      buckets.computeIfAbsent(family(name) + labels(labels), key -> new ArrayList<>()).add(value);
    }
  }

  private String family(String name) {
    for (String suffix : List.of("_bucket", "_sum", "_count")) {
      if (name.endsWith(suffix)) {
        String family = name.substring(0, name.length() - suffix.length());
        if (List.of("histogram", "summary").contains(types.getOrDefault(family, ""))) {
          return family;
        }
      }
    }
    return name;
  }

  private static Map<String, String> labels(String text, String line) {
    Map<String, String> labels = new TreeMap<>();
    if (text == null) {
      return labels;
    }
    Matcher label = LABEL.matcher(text);
    int end = 0;
    while (end < text.length()) {
      assertThat(label.find(end) && label.start() == end).as("labels of " + line).isTrue();
      assertThat(labels.put(label.group(1), label.group(2))).as("twice in " + line).isNull();
      end = label.end();
    }
    return labels;
  }

  private static String labels(Map<String, String> labels) {
    List<String> all = new ArrayList<>();
    labels.forEach((name, value) -> all.add(name + "=\"" + value + "\""));
    return "{" + String.join(",", all) + "}";
  }

  private void histogramsAreWhole() {
    buckets.forEach(
        (series, counts) -> {
          int brace = series.indexOf('{');
          String family = series.substring(0, brace);
          assertThat(counts).as(series).isSorted();
          String labels = series.substring(brace);
          assertThat(samples.get(family + "_count" + labels))
              .as(series)
              .isEqualTo(counts.get(counts.size() - 1));
          assertThat(samples).containsKey(family + "_sum" + labels);
          assertThat(bounds).containsEntry(family, "+Inf");
        });
  }
}
