package dev.ensemble.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DependenciesTest {
  private static final Pattern GROUP = Pattern.compile("<groupId>([^<]+)</groupId>");
  private static final Pattern ARTIFACT = Pattern.compile("<artifactId>([^<]+)</artifactId>");
  private static final Pattern USED =
      Pattern.compile("<(dependency|plugin|extension|path)>(.*?)</\\1>", Pattern.DOTALL);
  private static final Pattern MANAGED =
      Pattern.compile("<dependencyManagement>.*?</dependencyManagement>", Pattern.DOTALL);
  private static final String OUR_OWN = "dev.ensemble";

  @Test
  void everyDependencyAndPluginOfEveryPomIsListedWithItsLicence() {
    String listed = Project.read(Project.root().resolve("docs/dependencies.md"));
    List<String> missing = new ArrayList<>();
    for (Path pom : Project.files("pom.xml")) {
      Matcher used = USED.matcher(MANAGED.matcher(Project.read(pom)).replaceAll(""));
      while (used.find()) {
        String name = name(used.group(2));
        boolean found = name.startsWith(OUR_OWN) || listed.contains("| " + name + " |");
        if (!found) {
          missing.add(Project.root().relativize(pom) + ": " + name);
        }
      }
    }
    assertThat(missing)
        .as("add a line to docs/dependencies.md: version, licence (by its own text), reason")
        .isEmpty();
  }

  private static String name(String element) {
    Matcher group = GROUP.matcher(element);
    Matcher artifact = ARTIFACT.matcher(element);
    assertThat(artifact.find()).as(element).isTrue();
    // A plugin without a group is one of Maven's own.
    String first = group.find() ? group.group(1) : "org.apache.maven.plugins";
    return first + ":" + artifact.group(1).replace("_${scala.binary}", "_2.13");
  }
}
