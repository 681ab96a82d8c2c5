package dev.ensemble.http.request;

import java.util.List;

/**
 * The form of an answer that a client accepts.
 *
 * @param view the object itself, or one of meta.k8s.io's transformations of it
 * @param metaVersion the version of meta.k8s.io for Table and PartialObjectMetadata
 */
public record ResponseForm(Encoding encoding, View view, String metaVersion) {
  public static final ResponseForm JSON = new ResponseForm(Encoding.JSON, View.OBJECT, "v1");
  public static final List<String> SUPPORTED =
      List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf");

  public enum Encoding {
    JSON("application/json"),
    YAML("application/yaml");

    private final String mediaType;

    Encoding(String mediaType) {
      this.mediaType = mediaType;
    }

    public String mediaType() {
      return mediaType;
    }
  }

  public enum View {
    OBJECT,
    TABLE,
    PARTIAL_METADATA
  }

  public boolean plainJson() {
    return encoding == Encoding.JSON && view == View.OBJECT;
  }
}
