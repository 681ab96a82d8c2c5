package dev.ensemble.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeTest {
  private static final Pattern LAUNCHED = Pattern.compile("\\./ensemble ([a-z][a-z-]*)");
  private static final Pattern OPTION =
      Pattern.compile("\\./ensemble ([a-z]+)[^\n`|)]*? (--[a-z]+)");
  private static final Pattern HELPED =
      Pattern.compile("^ +\\./ensemble ([a-z][a-z-]*)", Pattern.MULTILINE);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern FILE =
      Pattern.compile("(?:kubectl [a-z]+|ensemble run)[^\n`]*? ((?:-f )?k8s/[\\w./-]+)");

  @Test
  void everyCommandOfTheLauncherThatIsWrittenAboutExists() throws Exception {
    Set<String> known = matches(HELPED, launcher("--help"));
    assertThat(known).isNotEmpty();
    for (Path text : texts()) {
      assertThat(known)
          .as(Project.root().relativize(text).toString())
          .containsAll(matches(LAUNCHED, Project.read(text)));
    }
  }

  @Test
  void everyOptionOfTheLauncherThatIsWrittenAboutExists() throws Exception {
    for (Path text : texts()) {
      Matcher found = OPTION.matcher(Project.read(text));
      while (found.find()) {
        assertThat(launcher(found.group(1), "--help") + " --help")
            .as(Project.root().relativize(text) + ": " + found.group())
            .contains(found.group(2));
      }
    }
  }

  @Test
  void everyManifestOfTheReadmeIsThere() {
    Path root = Project.root();
    Set<String> files = matches(FILE, Project.read(root.resolve("README.md")));
    assertThat(files).isNotEmpty();
    assertThat(files)
        .allSatisfy(file -> assertThat(root.resolve(file.replace("-f ", ""))).exists());
  }

  @Test
  void everyRelativeLinkLeadsSomewhere() {
    List<String> broken = new ArrayList<>();
    for (Path text : texts()) {
      for (String link : matches(LINK, Project.read(text))) {
        String target = link.replaceFirst("#.*", "");
        boolean elsewhere = link.contains("://") || target.isEmpty();
        if (!elsewhere && !Files.exists(text.resolveSibling(target))) {
          broken.add(Project.root().relativize(text) + ": " + link);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private static List<Path> texts() {
    return Project.files(".md");
  }

  private static Set<String> matches(Pattern pattern, String text) {
    Set<String> found = new LinkedHashSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  private static String launcher(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Project.root().resolve("ensemble").toString());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("the launcher ends").isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
