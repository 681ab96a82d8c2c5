package dev.ensemble.core.defaults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.Fields;
import java.util.List;

final class VolumeDefaults {
  /** Octal 0644: the owner writes, all read. */
  private static final int FILE_MODE = 0644;

  private static final int TOKEN_SECONDS = 3600;

  private VolumeDefaults() {}

  static void volume(ObjectNode volume) {
    if (volume.size() <= (volume.has("name") ? 1 : 0)) {
      volume.putObject("emptyDir");
    }
    for (String kind : List.of("secret", "configMap", "downwardAPI", "projected")) {
      if (volume.get(kind) instanceof ObjectNode source) {
        Fields.defaultNumber(source, "defaultMode", FILE_MODE);
      }
    }
    downwardItems(volume.path("downwardAPI"));
    for (JsonNode source : Fields.items(volume.path("projected"), "sources")) {
      downwardItems(source.path("downwardAPI"));
      if (source.get("serviceAccountToken") instanceof ObjectNode token) {
        Fields.defaultNumber(token, "expirationSeconds", TOKEN_SECONDS);
      }
    }
    if (volume.get("hostPath") instanceof ObjectNode source && !Fields.has(source, "type")) {
      source.put("type", "");
    }
    if (volume.get("iscsi") instanceof ObjectNode source) {
      Fields.defaultText(source, "iscsiInterface", "default");
    }
    if (volume.get("image") instanceof ObjectNode source) {
      Fields.defaultText(
          source, "pullPolicy", ContainerDefaults.pullPolicy(Fields.text(source, "reference")));
    }
    if (volume.path("ephemeral").path("volumeClaimTemplate").get("spec")
        instanceof ObjectNode claim) {
      Fields.defaultText(claim, "volumeMode", "Filesystem");
    }
  }

  private static void downwardItems(JsonNode source) {
    for (JsonNode item : Fields.items(source, "items")) {
      ContainerDefaults.fieldRef(item);
    }
  }
}
