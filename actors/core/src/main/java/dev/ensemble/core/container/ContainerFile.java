package dev.ensemble.core.container;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.validation.FieldError;
import dev.ensemble.core.validation.FieldErrors;
import dev.ensemble.core.validation.FieldPath;
import dev.ensemble.core.validation.Names;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The single-container file: {@code id}, {@code created}, {@code name}, {@code image}, {@code cmd}
 * and {@code ports} of {@code private}, {@code public} and {@code protocol}. Reads it into a Pod of
 * one container, whose other fields are for defaults to fill. All faults are found at once.
 */
public final class ContainerFile {
  /** Where the Pod keeps what it has no field for. */
  public static final String ID = "ensemble.dev/id";

  public static final String CREATED = "ensemble.dev/created";

  private static final Set<String> FIELDS =
      Set.of("id", "created", "name", "image", "cmd", "ports");
  private static final Set<String> PORT_FIELDS = Set.of("private", "public", "protocol");
  private static final Set<String> PROTOCOLS = Set.of("TCP", "UDP", "SCTP");

  /** Faults beyond so many are not looked for. */
  private static final int FAULTS_MAX = 32;

  /** The file is flat; deeper nesting is an attack. */
  private static final int DEPTH_MAX = 16;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final ObjectNode file;
  private final FieldErrors errors = new FieldErrors();

  private ContainerFile(ObjectNode file) {
    this.file = file;
  }

  /** What became of a file. */
  public sealed interface Reading {}

  /** The Pod, without a namespace. */
  public record Converted(ObjectNode pod) implements Reading {}

  /** It is no JSON object; {@code why} is a sentence about that. */
  public record NotAnObject(String why) implements Reading {}

  /**
   * @param name what the file calls itself; empty when it does not say
   */
  public record Faulty(String name, List<FieldError> errors) implements Reading {
    public Faulty {
      errors = List.copyOf(errors);
    }
  }

  public static Reading read(byte[] body) {
    JsonNode tree;
    try {
      tree = JSON.readTree(body);
    } catch (StreamConstraintsException e) {
      return new NotAnObject("the file is nested too deeply or too large");
    } catch (JsonProcessingException e) {
      return new NotAnObject(
          String.format(
              Locale.ROOT,
              "the file is not JSON: line %d, column %d: %s",
              e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
              e.getLocation() == null ? 1 : e.getLocation().getColumnNr(),
              e.getOriginalMessage()));
    } catch (IOException e) {
      return new NotAnObject("the file is not JSON");
    }
    if (tree.isMissingNode()) {
      return new NotAnObject("the file is empty");
    }
    if (!(tree instanceof ObjectNode object)) {
      return new NotAnObject("the file is not a JSON object");
    }
    return new ContainerFile(object).convert();
  }

  private Reading convert() {
    known(FieldPath.ROOT, file, FIELDS);
    ObjectNode pod = JsonNodeFactory.instance.objectNode();
    pod.put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode metadata = pod.putObject("metadata");
    ObjectNode container = pod.putObject("spec").putArray("containers").addObject();
    String name = name();
    metadata.put("name", name);
    container.put("name", name);
    annotations(metadata);
    container.put("image", image());
    strings(FieldPath.of("cmd"), file.path("cmd"), container, "command");
    ports(container);
    return errors.isEmpty() ? new Converted(pod) : new Faulty(name, errors.list());
  }

  private String name() {
    FieldPath path = FieldPath.of("name");
    String name = requiredText(path, file.path("name"));
    if (!name.isEmpty()) {
      // It names the container too, whose form is the narrower one.
      errors.invalidEach(path, name, Names.dns1123Label(name));
    }
    return name;
  }

  private String image() {
    FieldPath path = FieldPath.of("image");
    String image = requiredText(path, file.path("image"));
    if (!image.equals(image.strip())) {
      errors.invalid(path, image, "must not have leading or trailing whitespace");
    }
    return image;
  }

  private void annotations(ObjectNode metadata) {
    ObjectNode notes = JsonNodeFactory.instance.objectNode();
    String id = text(FieldPath.of("id"), file.path("id"));
    if (!id.isEmpty()) {
      notes.put(ID, id);
    }
    FieldPath path = FieldPath.of("created");
    String created = text(path, file.path("created"));
    if (!created.isEmpty()) {
      try {
        OffsetDateTime.parse(created);
        notes.put(CREATED, created);
      } catch (DateTimeParseException e) {
        errors.invalid(
            path, created, "must be a time in RFC 3339, such as 2022-02-01T00:00:00.000Z");
      }
    }
    if (!notes.isEmpty()) {
      metadata.set("annotations", notes);
    }
  }

  private void strings(FieldPath path, JsonNode value, ObjectNode into, String field) {
    if (absent(value)) {
      return;
    }
    if (!value.isArray()) {
      wrongType(path, value, "must be a list of strings");
      return;
    }
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < value.size() && errors.size() < FAULTS_MAX; i++) {
      if (value.get(i).isTextual()) {
        list.add(value.get(i));
      } else {
        wrongType(path.index(i), value.get(i), "must be a string");
      }
    }
    if (!list.isEmpty()) {
      into.set(field, list);
    }
  }

  private void ports(ObjectNode container) {
    FieldPath path = FieldPath.of("ports");
    JsonNode value = file.path("ports");
    if (absent(value)) {
      return;
    }
    if (!value.isArray()) {
      wrongType(path, value, "must be a list of ports");
      return;
    }
    ArrayNode ports = JsonNodeFactory.instance.arrayNode();
    Set<String> taken = new HashSet<>();
    for (int i = 0; i < value.size() && errors.size() < FAULTS_MAX; i++) {
      if (value.get(i) instanceof ObjectNode port) {
        ports.add(port(path.index(i), port, taken));
      } else {
        wrongType(path.index(i), value.get(i), "must be an object of private and public");
      }
    }
    if (!ports.isEmpty()) {
      container.set("ports", ports);
    }
  }

  private ObjectNode port(FieldPath path, ObjectNode given, Set<String> taken) {
    known(path, given, PORT_FIELDS);
    ObjectNode port = JsonNodeFactory.instance.objectNode();
    if (absent(given.path("private"))) {
      errors.required(path.child("private"), "the container's port");
    } else {
      number(path.child("private"), given.path("private"), port, "containerPort");
    }
    String protocol = text(path.child("protocol"), given.path("protocol"));
    errors.emptyOrOneOf(path.child("protocol"), protocol, PROTOCOLS);
    if (!absent(given.path("public"))) {
      number(path.child("public"), given.path("public"), port, "hostPort");
      if (port.has("hostPort")
          && !taken.add(port.path("hostPort") + (protocol.isEmpty() ? "TCP" : protocol))) {
        errors.duplicate(path.child("public"), given.path("public"));
      }
    }
    if (!protocol.isEmpty()) {
      port.put("protocol", protocol);
    }
    return port;
  }

  private void number(FieldPath path, JsonNode value, ObjectNode into, String field) {
    if (!value.isIntegralNumber()) {
      wrongType(path, value, "must be a whole number");
    } else if (!value.canConvertToInt() || value.intValue() < 1 || value.intValue() > 65535) {
      errors.invalid(path, value, "must be between 1 and 65535, inclusive");
    } else {
      into.put(field, value.intValue());
    }
  }

  private String requiredText(FieldPath path, JsonNode value) {
    String text = text(path, value);
    if (text.isEmpty() && (absent(value) || value.isTextual())) {
      errors.required(path, "");
    }
    return text;
  }

  private String text(FieldPath path, JsonNode value) {
    if (absent(value)) {
      return "";
    }
    if (!value.isTextual()) {
      wrongType(path, value, "must be a string");
      return "";
    }
    return value.asText("");
  }

  private void known(FieldPath path, ObjectNode object, Set<String> fields) {
    object
        .fieldNames()
        .forEachRemaining(
            field -> {
              if (!fields.contains(field) && errors.size() < FAULTS_MAX) {
                errors.forbidden(
                    path.child(field),
                    "unknown field, known are "
                        + String.join(", ", fields.stream().sorted().toList()));
              }
            });
  }

  private void wrongType(FieldPath path, JsonNode value, String detail) {
    errors.add(
        new FieldError(FieldError.Type.TYPE_INVALID, path.toString(), Optional.of(value), detail));
  }

  private static boolean absent(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }
}
