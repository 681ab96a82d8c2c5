package dev.ensemble.actors.entity;

import com.typesafe.config.Config;
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
    Config all = config;
    for (ResourceType type : types.stored()) {
      all = all.withValue(journalId(type.name()), config.getValue(TEMPLATE));
    }
    return all;
  }

  static String journalId(ResourceName resource) {
    return "ensemble.journals." + resource.toString().replace('.', '-');
  }
}
