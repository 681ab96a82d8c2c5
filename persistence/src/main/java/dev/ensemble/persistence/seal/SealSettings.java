package dev.ensemble.persistence.seal;

import com.typesafe.config.Config;
import dev.ensemble.persistence.settings.SettingsReader;
import java.nio.file.Path;

/** Where the master keys are, and how many objects' keys stay in memory. */
public record SealSettings(Path masterKeyFile, int keysCached) {
  private static final int KEYS_CACHED_MAX = 10_000_000;

  /** Reads {@code ensemble.journal.seal} of the whole configuration. */
  public static SealSettings from(Config root) {
    SettingsReader in = SettingsReader.of(root, "ensemble.journal.seal");
    SealSettings settings =
        new SealSettings(
            Path.of(in.text("master-key-file")), in.number("keys-cached", 1, KEYS_CACHED_MAX));
    in.done();
    return settings;
  }
}
