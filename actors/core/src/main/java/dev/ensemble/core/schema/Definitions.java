package dev.ensemble.core.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Named definitions, and which of them are kinds. Immutable and closed: every reference between
 * definitions was resolved when they were read.
 */
public final class Definitions {
  private final Map<String, Schema.Struct> byName;
  private final Map<String, ApiKind> kinds;
  private final Map<ApiKind, Schema.Struct> byKind = new LinkedHashMap<>();

  Definitions(Map<String, Schema.Struct> byName, Map<String, ApiKind> kinds) {
    this.byName = Collections.unmodifiableMap(byName);
    this.kinds = Collections.unmodifiableMap(kinds);
    kinds.forEach((name, kind) -> byKind.put(kind, byName.get(name)));
  }

  /** Those that come with Ensemble. */
  public static Definitions builtIn() {
    return Holder.BUILT_IN;
  }

  /** Reads texts in the form of {@link DefinitionText}; they may refer to each other. */
  public static Definitions parse(List<String> texts) {
    DefinitionText reader = new DefinitionText();
    texts.forEach(reader::read);
    return reader.definitions();
  }

  /** Finds by full name, such as {@code io.k8s.api.core.v1.Pod}. */
  public Optional<Schema.Struct> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** As {@link #find}; a name that is not there is a bug. */
  public Schema.Struct get(String name) {
    return find(name).orElseThrow(() -> new IllegalStateException("no definition " + name));
  }

  public Optional<Schema.Struct> byKind(ApiKind kind) {
    return Optional.ofNullable(byKind.get(kind));
  }

  /** The kind that a definition is the whole object of; empty for parts of objects. */
  public Optional<ApiKind> kindOf(String name) {
    return Optional.ofNullable(kinds.get(name));
  }

  /** All definitions by full name. */
  public Map<String, Schema.Struct> all() {
    return byName;
  }

  private static final class Holder {
    static final Definitions BUILT_IN =
        parse(
            resource("index")
                .lines()
                .filter(line -> !line.isBlank())
                .map(name -> resource(name + ".schema"))
                .toList());

    private static String resource(String name) {
      try (InputStream in = Definitions.class.getResourceAsStream(name)) {
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
