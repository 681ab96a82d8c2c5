package dev.ensemble.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What may point where: docs/adr/0001-modules.md. */
class WallsTest {
  private static final JavaClasses ENSEMBLE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.ensemble");

  @Test
  void rulesKnowNoAkkaNoStoreNoNetworkAndNoFiles() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.ensemble.core..", "dev.ensemble.agent.core..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "akka..",
            "com.datastax..",
            "io.netty..",
            "io.grpc..",
            "java.net..",
            "java.nio.file..",
            "java.sql..")
        .because("rules are pure: DESIGN, Modules and what may point where")
        .check(ENSEMBLE);
  }

  @Test
  void rulesReadNoClock() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.ensemble.core..", "dev.ensemble.agent.core..")
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(java.time.Clock.class)
        .because("now is an argument of a rule")
        .check(ENSEMBLE);
  }

  @Test
  void persistenceKnowsNothingAboveIt() {
    noClasses()
        .that()
        .resideInAPackage("dev.ensemble.persistence..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.ensemble.core..",
            "dev.ensemble.actors..",
            "dev.ensemble.agent..",
            "dev.ensemble.http..")
        .check(ENSEMBLE);
  }

  @Test
  void actorsAndTheAgentKnowEachOtherByTheirProtocolOnly() {
    noClasses()
        .that()
        .resideInAPackage("dev.ensemble.actors..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.ensemble.agent..", "dev.ensemble.http..")
        .check(ENSEMBLE);
    noClasses()
        .that()
        .resideInAPackage("dev.ensemble.agent..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.ensemble.actors..",
            "dev.ensemble.core..",
            "dev.ensemble.persistence..",
            "dev.ensemble.http..")
        .check(ENSEMBLE);
  }
}
