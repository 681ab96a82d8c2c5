package dev.ensemble.loadtest.faults;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What /metrics said. */
final class Scrape {
  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");
  private static final Pattern SAMPLE =
      Pattern.compile("(?m)^([a-z][a-zA-Z0-9_]*)(\\{.*})? (\\S+)$");

  private final String text;
  private final Map<String, String> families = new TreeMap<>();

  Scrape(String text) {
    this.text = text;
    Matcher type = TYPE.matcher(text);
    while (type.find()) {
      families.put(type.group(1), type.group(2));
    }
  }

  /** Names and kinds. */
  Map<String, String> families() {
    return families;
  }

  /** The sum of all samples of a name that have these labels, each as {@code name="value"}. */
  double sum(String name, String... labels) {
    double sum = 0;
    Matcher sample = SAMPLE.matcher(text);
    while (sample.find()) {
      String labelled = sample.group(2) == null ? "" : sample.group(2);
      boolean meant = sample.group(1).equals(name);
      for (String label : labels) {
        meant = meant && labelled.contains(label);
      }
      sum += meant ? Double.parseDouble(sample.group(3)) : 0;
    }
    return sum;
  }

  /** The family that a sample of this name belongs to. */
  String familyOf(String sample) {
    String family = sample.replaceFirst("_(bucket|sum|count)$", "");
    return "histogram".equals(families.get(family)) ? family : sample;
  }
}
