package dev.ensemble.core.resource;

import dev.ensemble.core.schema.Definitions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The resource types that come with Ensemble. */
public final class BuiltInResources {
  private BuiltInResources() {}

  public static ResourceTypes types() {
    return Holder.TYPES;
  }

  private static final class Holder {
    static final ResourceTypes TYPES =
        ResourceText.read(
            resource("index")
                .lines()
                .filter(line -> !line.isBlank())
                .map(name -> resource(name + ".kinds"))
                .toList(),
            Definitions.builtIn());

    private static String resource(String name) {
      try (InputStream in = BuiltInResources.class.getResourceAsStream(name)) {
        if (in == null) {
          throw new IllegalStateException("no resource " + name);
        }
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read resource " + name, e);
      }
    }
  }
}
