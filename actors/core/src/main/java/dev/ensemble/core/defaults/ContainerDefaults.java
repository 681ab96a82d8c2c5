package dev.ensemble.core.defaults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.Fields;

final class ContainerDefaults {
  private ContainerDefaults() {}

  static void container(ObjectNode container) {
    Fields.defaultText(container, "imagePullPolicy", pullPolicy(Fields.text(container, "image")));
    Fields.defaultText(container, "terminationMessagePath", "/dev/termination-log");
    Fields.defaultText(container, "terminationMessagePolicy", "File");
    ObjectNode resources = Fields.ensureObject(container, "resources");
    Amounts.roundUp(resources.path("limits"));
    Amounts.roundUp(resources.path("requests"));
    for (JsonNode port : Fields.items(container, "ports")) {
      Fields.defaultText((ObjectNode) port, "protocol", "TCP");
    }
    for (JsonNode variable : Fields.items(container, "env")) {
      fieldRef(variable.path("valueFrom"));
    }
    PodDefaults.probes(container);
  }

  static void fieldRef(JsonNode from) {
    if (from.get("fieldRef") instanceof ObjectNode reference) {
      Fields.defaultText(reference, "apiVersion", "v1");
    }
    if (from.get("resourceFieldRef") instanceof ObjectNode reference
        && !Fields.has(reference, "divisor")) {
      reference.put("divisor", "0");
    }
  }

  /** A tag that may move is pulled again; {@code latest}, also when unsaid, is such a tag. */
  static String pullPolicy(String image) {
    return tag(image).equals("latest") ? "Always" : "IfNotPresent";
  }

  /** The tag, {@code latest} if there is neither tag nor digest, empty if it is no image's name. */
  private static String tag(String image) {
    int at = image.indexOf('@');
    String name = at < 0 ? image : image.substring(0, at);
    int colon = name.lastIndexOf(':');
    String repository = colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
    if (!isRepository(repository)) {
      return "";
    }
    if (repository.length() < name.length()) {
      return name.substring(colon + 1);
    }
    return at < 0 ? "latest" : "";
  }

  private static boolean isRepository(String name) {
    int slash = name.indexOf('/');
    String first = slash < 0 ? "" : name.substring(0, slash);
    boolean host = first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || first.equals("localhost");
    String path = host ? name.substring(slash + 1) : name;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean legal = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "._-/".indexOf(c) >= 0;
      if (!legal) {
        return false;
      }
    }
    return !path.isEmpty();
  }
}
