package dev.ensemble.actors.entity;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.core.resource.ResourceTypes;

/**
 * A journal plugin for each resource type, made from the one section {@code
 * ensemble.journal-plugin}: see the package documentation of {@code
 * dev.ensemble.persistence.journal}.
 */
public final class JournalPlugins {
  static final String SNAPSHOTS = "ensemble.snapshot-plugin";
  private static final String TEMPLATE = "ensemble.journal-plugin";

  private JournalPlugins() {}

  /**
   * The configuration with a plugin section for each type added. The actor system must be made with
   * it.
   */
  public static Config configured(Config config, ResourceTypes types) {
    ConfigValue section = whole(config, TEMPLATE, "akka.persistence.journal-plugin-fallback");
    Config all = config;
    for (ResourceType type : types.stored()) {
      all = all.withValue(journalId(type.name()), section);
    }
    return all;
  }

  /**
   * A plugin's section with Akka's own defaults in it, and closed: Akka lays those defaults under
   * it again for each entity that wakes, which then costs nothing.
   */
  private static ConfigValue whole(Config config, String section, String defaults) {
    Config reference = ConfigFactory.defaultReference();
    ConfigValue open = config.getValue(section);
    return (reference.hasPath(defaults) ? open.withFallback(reference.getValue(defaults)) : open)
        .withFallback(ConfigValueFactory.fromAnyRef("closed"));
  }

  static String journalId(ResourceName resource) {
    return "ensemble.journals." + resource.toString().replace('.', '-');
  }
}
