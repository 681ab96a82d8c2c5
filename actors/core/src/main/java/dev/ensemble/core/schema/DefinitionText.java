package dev.ensemble.core.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads definitions from text, a line a field:
 *
 * <pre>
 * package io.k8s.api.core.v1            names below are in this package
 * serves v1                             the apiVersion of its kinds
 * use meta io.k8s.apimachinery…meta.v1  short name for another package
 *
 * kind Pod                              a whole object; "type" for a part; may end in atomic, kept
 *   spec! PodSpec                       ! required
 *   labels {string}                     a map
 *   ports [Port] map(port,protocol) patch merge(port)
 *   replicas* int32 = 1                 * its zero value means something; = its default
 * </pre>
 *
 * Lists are atomic unless followed by {@code set} or {@code map(keys)}; maps are granular unless
 * followed by {@code atomic}; a reference is as its definition unless followed by {@code atomic} or
 * {@code granular}. {@code kept} keeps fields that are not named.
 */
final class DefinitionText {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, Schema> LEAVES =
      Map.ofEntries(
          Map.entry("string", new Schema.Scalar(Schema.ScalarKind.STRING)),
          Map.entry("bytes", new Schema.Scalar(Schema.ScalarKind.BYTES)),
          Map.entry("bool", new Schema.Scalar(Schema.ScalarKind.BOOLEAN)),
          Map.entry("int32", new Schema.Scalar(Schema.ScalarKind.INT32)),
          Map.entry("int64", new Schema.Scalar(Schema.ScalarKind.INT64)),
          Map.entry("double", new Schema.Scalar(Schema.ScalarKind.DOUBLE)),
          Map.entry("quantity", new Schema.Scalar(Schema.ScalarKind.QUANTITY)),
          Map.entry("int-or-string", new Schema.Scalar(Schema.ScalarKind.INT_OR_STRING)),
          Map.entry("time", new Schema.Scalar(Schema.ScalarKind.TIME)),
          Map.entry("micro-time", new Schema.Scalar(Schema.ScalarKind.MICRO_TIME)),
          Map.entry("duration", new Schema.Scalar(Schema.ScalarKind.DURATION)),
          Map.entry("any", new Schema.Any()));

  private final Map<String, Schema.Struct> structs = new LinkedHashMap<>();
  private final Map<String, ApiKind> kinds = new LinkedHashMap<>();

  private String packageName = "";
  private String apiVersion = "";
  private Map<String, String> uses = new LinkedHashMap<>();
  private Map<String, Schema.Field> fields = new LinkedHashMap<>();

  void read(String text) {
    packageName = "";
    apiVersion = "";
    uses = new LinkedHashMap<>();
    text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(this::line);
  }

  /** Closes the definitions; a reference to nothing is an error in the text. */
  Definitions definitions() {
    for (Schema.Struct struct : structs.values()) {
      struct.fields().values().forEach(Schema.Field::schema);
    }
    return new Definitions(structs, kinds);
  }

  private void line(String line) {
    if (line.startsWith("  ")) {
      Schema.Field field = field(line.strip());
      if (fields.put(field.name(), field) != null) {
        throw new IllegalStateException("field is defined twice: " + line);
      }
      return;
    }
    String[] words = line.strip().split(" +");
    switch (words[0]) {
      case "package" -> packageName = words[1];
      case "serves" -> apiVersion = words[1];
      case "use" -> uses.put(words[1], words[2]);
      case "type" -> struct(words);
      case "kind" -> kinds.put(struct(words), ApiKind.of(apiVersion, words[1]));
      default -> throw new IllegalStateException("cannot read definition line: " + line);
    }
  }

  private String struct(String[] words) {
    String name = packageName + "." + words[1];
    List<String> traits = List.of(words).subList(2, words.length);
    fields = new LinkedHashMap<>();
    Schema.Struct struct =
        new Schema.Struct(
            name,
            Collections.unmodifiableMap(fields),
            traits.contains("atomic") ? Schema.Merge.ATOMIC : Schema.Merge.GRANULAR,
            traits.contains("kept") ? Schema.Unknown.KEPT : Schema.Unknown.PRUNED);
    if (structs.put(name, struct) != null) {
      throw new IllegalStateException(name + " is defined twice");
    }
    return name;
  }

  private Schema.Field field(String line) {
    int space = line.indexOf(' ');
    String marked = line.substring(0, space);
    boolean required = marked.endsWith("!");
    boolean starred = marked.endsWith("*");
    String name = required || starred ? marked.substring(0, marked.length() - 1) : marked;
    String rest = line.substring(space + 1);

    Optional<JsonNode> defaultValue = Optional.empty();
    int equals = rest.indexOf(" = ");
    if (equals >= 0) {
      defaultValue = Optional.of(json(rest.substring(equals + 3)));
      rest = rest.substring(0, equals);
    }
    Schema.PatchStrategy strategy = Schema.PatchStrategy.REPLACE;
    Optional<String> mergeKey = Optional.empty();
    int patch = rest.indexOf(" patch ");
    if (patch >= 0) {
      String words = rest.substring(patch + " patch ".length());
      int open = words.indexOf('(');
      if (open >= 0) {
        mergeKey = Optional.of(words.substring(open + 1, words.length() - 1));
        words = words.substring(0, open);
      }
      strategy = strategy(words);
      rest = rest.substring(0, patch);
    }
    return new Schema.Field(
        name,
        new Once(new TypeText(rest, this.packageName, Map.copyOf(uses))),
        required ? Schema.Presence.REQUIRED : Schema.Presence.OPTIONAL,
        defaultValue,
        strategy,
        mergeKey,
        required || starred ? Schema.Zero.KEPT : Schema.Zero.DROPPED);
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("default is not JSON: " + text, e);
    }
  }

  private static Schema.PatchStrategy strategy(String words) {
    return switch (words) {
      case "replace" -> Schema.PatchStrategy.REPLACE;
      case "merge" -> Schema.PatchStrategy.MERGE;
      case "retainKeys" -> Schema.PatchStrategy.RETAIN_KEYS;
      case "merge,retainKeys" -> Schema.PatchStrategy.MERGE_RETAIN_KEYS;
      default -> throw new IllegalStateException("no patch strategy: " + words);
    };
  }

  /** Resolves on first use, so that definitions may refer to later ones and to themselves. */
  private static final class Once implements Supplier<Schema> {
    private final Supplier<Schema> source;
    private volatile Optional<Schema> value = Optional.empty();

    Once(Supplier<Schema> source) {
      this.source = source;
    }

    @Override
    public Schema get() {
      if (value.isEmpty()) {
        value = Optional.of(source.get());
      }
      return value.get();
    }
  }

  /** A type expression, read from the left. */
  private final class TypeText implements Supplier<Schema> {
    private final String text;
    private final String homePackage;
    private final Map<String, String> shortNames;
    private int at;

    TypeText(String text, String homePackage, Map<String, String> shortNames) {
      this.text = text;
      this.homePackage = homePackage;
      this.shortNames = shortNames;
    }

    @Override
    public Schema get() {
      at = 0;
      Schema schema = type();
      if (at != text.length()) {
        throw new IllegalStateException("cannot read type: " + text);
      }
      return schema;
    }

    private Schema type() {
      if (take("[")) {
        Schema element = type();
        expect("]");
        return list(element);
      }
      if (take("{")) {
        Schema value = type();
        expect("}");
        return new Schema.MapOf(
            value, take(" atomic") ? Schema.Merge.ATOMIC : Schema.Merge.GRANULAR);
      }
      int start = at;
      while (at < text.length() && " ]}".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      String word = text.substring(start, at);
      Schema leaf = LEAVES.get(word);
      return leaf != null ? leaf : reference(word);
    }

    private Schema list(Schema element) {
      if (take(" map(")) {
        int close = text.indexOf(')', at);
        List<String> keys = List.of(text.substring(at, close).split(","));
        at = close + 1;
        return new Schema.ListOf(element, Schema.ListKind.MAP, keys);
      }
      if (take(" set")) {
        return new Schema.ListOf(element, Schema.ListKind.SET, List.of());
      }
      take(" atomic");
      return new Schema.ListOf(element, Schema.ListKind.ATOMIC, List.of());
    }

    private Schema reference(String word) {
      int dot = word.indexOf('.');
      String name =
          dot < 0
              ? homePackage + "." + word
              : shortNames.get(word.substring(0, dot)) + word.substring(dot);
      Schema.Struct struct = structs.get(name);
      if (struct == null) {
        throw new IllegalStateException(name + " is referred to and not defined");
      }
      if (take(" atomic")) {
        return merged(struct, Schema.Merge.ATOMIC);
      }
      return take(" granular") ? merged(struct, Schema.Merge.GRANULAR) : struct;
    }

    private static Schema merged(Schema.Struct struct, Schema.Merge merge) {
      return new Schema.Struct(struct.name(), struct.fields(), merge, struct.unknown());
    }

    private boolean take(String part) {
      if (!text.startsWith(part, at)) {
        return false;
      }
      at += part.length();
      return true;
    }

    private void expect(String part) {
      if (!take(part)) {
        throw new IllegalStateException("cannot read type: " + text);
      }
    }
  }
}
