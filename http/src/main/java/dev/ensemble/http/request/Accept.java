package dev.ensemble.http.request;

import dev.ensemble.http.status.Statuses;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Content negotiation by the Accept header. Parameters as, v and g ask for transformations;
 * protobuf is never answered, but a client that names only protobuf is refused.
 */
public final class Accept {
  /** Clients send few different headers; beyond this many nothing more is remembered. */
  private static final int REMEMBERED_MAX = 256;

  private static final Set<String> JSON_RANGES = Set.of("application/json", "application/*", "*/*");

  private static final Map<String, ResponseForm> REMEMBERED = new ConcurrentHashMap<>();

  private Accept() {}

  /**
   * @throws dev.ensemble.http.status.StatusException 406 when nothing that is named can be made
   */
  public static ResponseForm negotiate(String header) {
    if (header.isEmpty() || header.equals("application/json")) {
      return ResponseForm.JSON;
    }
    ResponseForm known = REMEMBERED.get(header);
    if (known != null) {
      return known;
    }
    ResponseForm form = choose(parse(header));
    if (REMEMBERED.size() < REMEMBERED_MAX) {
      REMEMBERED.put(header, form);
    }
    return form;
  }

  /** One range of an Accept header. */
  public record Range(String mediaType, Map<String, String> parameters, double quality) {
    public Range {
      parameters = Map.copyOf(parameters);
    }

    public String parameter(String name) {
      return parameters.getOrDefault(name, "");
    }
  }

  /** The ranges, best first. */
  public static List<Range> parse(String header) {
    List<Range> ranges = new ArrayList<>();
    for (String part : header.split(",", -1)) {
      String[] pieces = part.split(";", -1);
      String type = pieces[0].trim().toLowerCase(Locale.ROOT);
      if (type.isEmpty()) {
        continue;
      }
      Map<String, String> parameters = new HashMap<>();
      double quality = 1;
      for (int i = 1; i < pieces.length; i++) {
        int equals = pieces[i].indexOf('=');
        if (equals > 0) {
          String name = pieces[i].substring(0, equals).trim().toLowerCase(Locale.ROOT);
          String value = pieces[i].substring(equals + 1).trim();
          if (name.equals("q")) {
            quality = quality(value);
          } else {
            parameters.put(name, value);
          }
        }
      }
      ranges.add(new Range(type, parameters, quality));
    }
    ranges.sort(Comparator.comparingDouble(Range::quality).reversed());
    return ranges;
  }

  private static ResponseForm choose(List<Range> ranges) {
    for (Range range : ranges) {
      Optional<ResponseForm> form = form(range);
      if (form.isPresent()) {
        return form.get();
      }
    }
    throw Statuses.notAcceptable(ResponseForm.SUPPORTED);
  }

  private static Optional<ResponseForm> form(Range range) {
    String type = range.mediaType();
    boolean yaml = type.equals("application/yaml");
    if (!yaml && !JSON_RANGES.contains(type)) {
      return Optional.empty();
    }
    ResponseForm.Encoding encoding = yaml ? ResponseForm.Encoding.YAML : ResponseForm.Encoding.JSON;
    String as = range.parameter("as");
    if (as.isEmpty()) {
      return Optional.of(new ResponseForm(encoding, ResponseForm.View.OBJECT, "v1"));
    }
    String version = range.parameter("v");
    if (!range.parameter("g").equals("meta.k8s.io")
        || !(version.equals("v1") || version.equals("v1beta1"))) {
      return Optional.empty();
    }
    return switch (as) {
      case "Table" -> Optional.of(new ResponseForm(encoding, ResponseForm.View.TABLE, version));
      case "PartialObjectMetadata", "PartialObjectMetadataList" ->
          Optional.of(new ResponseForm(encoding, ResponseForm.View.PARTIAL_METADATA, version));
      default -> Optional.empty();
    };
  }

  private static double quality(String value) {
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
