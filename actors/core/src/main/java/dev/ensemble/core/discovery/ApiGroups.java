package dev.ensemble.core.discovery;

import dev.ensemble.core.resource.ResourceTypes;
import dev.ensemble.core.schema.ApiKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Versions by group, in the order of the table; the first version of a group is preferred. */
final class ApiGroups {
  private ApiGroups() {}

  static Map<String, List<String>> of(ResourceTypes types) {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    for (String apiVersion : types.apiVersions()) {
      ApiKind parsed = ApiKind.of(apiVersion, "");
      groups.computeIfAbsent(parsed.group(), group -> new ArrayList<>()).add(apiVersion);
    }
    return groups;
  }
}
