package dev.ensemble.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** House style that a compiler does not see. Each message says what to do instead. */
class TidyTest {
  private static final int FILE_LINES_MAX = 400;
  private static final int METHOD_LINES_MAX = 60;

  private static final Map<String, String> BANNED_NAMES =
      Map.of(
          "Utils", "name the thing that it works on",
          "Util", "name the thing that it works on",
          "Helper", "name what it does",
          "Common", "name what is shared",
          "Misc", "split it by subject",
          "Base", "compose instead of inheriting",
          "Abstract", "compose instead of inheriting",
          "Impl", "name what makes it special, such as Cassandra…",
          "Manager", "name its role: Entity, Decider, Reconciler, Routes, Settings");

  private static final Map<Pattern, String> BANNED_TEXT =
      Map.of(
          Pattern.compile("\\b(TODO|FIXME|XXX)\\b"), "do it, or write an issue",
          Pattern.compile("Thread\\.sleep\\("), "wait for a condition",
          Pattern.compile("@Disabled|assumeTrue\\(|assumeFalse\\(|Assumptions\\."),
              "a test runs or fails, it never skips",
          Pattern.compile("\\bprintStackTrace\\("), "log it with its request's id");

  private static final Pattern METHOD_START =
      Pattern.compile(
          "^  (?:public |private |protected |static |final |synchronized |default |<.*>"
              + " )*[\\w<>\\[\\], .?]+ (\\w+)\\(.*");

  @Test
  void filesAreShort() {
    List<String> tooLong = new ArrayList<>();
    for (Path file : javaFiles()) {
      int lines = read(file).size();
      if (lines > FILE_LINES_MAX) {
        tooLong.add(
            Project.root().relativize(file)
                + ": "
                + lines
                + " lines; split it by subject (at most "
                + FILE_LINES_MAX
                + ")");
      }
    }
    assertThat(tooLong).isEmpty();
  }

  @Test
  void methodsAreShort() {
    List<String> found = new ArrayList<>();
    for (Path file : javaFiles()) {
      List<String> lines = read(file);
      String method = "";
      int start = -1;
      for (int i = 0; i < lines.size(); i++) {
        Matcher matcher = METHOD_START.matcher(lines.get(i));
        if (matcher.matches() && !lines.get(i).endsWith(";")) {
          method = matcher.group(1);
          start = i;
        } else if (lines.get(i).equals("  }") && start >= 0) {
          if (i - start + 1 > METHOD_LINES_MAX) {
            found.add(
                Project.root().relativize(file)
                    + ": "
                    + method
                    + " has "
                    + (i - start + 1)
                    + " lines; name its parts");
          }
          start = -1;
        }
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void typesHaveTellingNames() {
    List<String> found = new ArrayList<>();
    for (Path file : javaFiles()) {
      String type = file.getFileName().toString().replace(".java", "");
      BANNED_NAMES.forEach(
          (word, better) -> {
            if (type.matches("(?:.*[a-z0-9])?" + word + "(?:[A-Z0-9].*)?")) {
              found.add(Project.root().relativize(file) + ": not '" + word + "': " + better);
            }
          });
    }
    assertThat(found).isEmpty();
  }

  @Test
  void nothingIsPromisedSleptOrSkipped() {
    List<String> found = new ArrayList<>();
    for (Path file : javaFiles()) {
      if (file.getFileName().toString().equals("TidyTest.java")) {
        continue;
      }
      List<String> lines = read(file);
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        int number = i + 1;
        BANNED_TEXT.forEach(
            (pattern, better) -> {
              if (pattern.matcher(line).find()) {
                found.add(
                    Project.root().relativize(file)
                        + ":"
                        + number
                        + ": "
                        + line.strip()
                        + ": "
                        + better);
              }
            });
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void everyPackageSaysWhatIsInIt() {
    List<String> found = new ArrayList<>();
    for (Path file : javaFiles()) {
      Path folder = file.getParent();
      if (folder.toString().contains("/src/main/")
          && !Files.exists(folder.resolve("package-info.java"))) {
        found.add(Project.root().relativize(folder).toString());
      }
    }
    assertThat(found.stream().distinct()).isEmpty();
  }

  private static List<Path> javaFiles() {
    List<Path> files = Project.files(".java");
    assertThat(files).hasSizeGreaterThan(100);
    return files;
  }

  private static List<String> read(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
