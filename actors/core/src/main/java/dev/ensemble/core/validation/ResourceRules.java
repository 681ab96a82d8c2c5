package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import dev.ensemble.core.quantity.Quantity;
import dev.ensemble.core.quantity.QuantityFormatException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Resource names and amounts: of containers, of pods, of nodes. */
final class ResourceRules {
  private static final Set<String> CONTAINER = Set.of("cpu", "memory", "ephemeral-storage");
  private static final Set<String> STANDARD =
      Set.of(
          "cpu",
          "memory",
          "ephemeral-storage",
          "storage",
          "requests.cpu",
          "requests.memory",
          "requests.storage",
          "requests.ephemeral-storage",
          "limits.cpu",
          "limits.memory",
          "limits.ephemeral-storage",
          "pods",
          "persistentvolumeclaims",
          "services",
          "secrets",
          "configmaps",
          "replicationcontrollers",
          "resourcequotas",
          "services.loadbalancers",
          "services.nodeports");

  private static final String HUGE_PAGES = "hugepages-";

  private ResourceRules() {}

  static void requirements(JsonNode resources, FieldPath path, FieldErrors errors) {
    JsonNode limits = resources.path("limits");
    JsonNode requests = resources.path("requests");
    boolean computes = false;
    boolean hugePages = false;
    for (Map.Entry<String, JsonNode> limit : limits.properties()) {
      FieldPath at = path.child("limits").key(limit.getKey());
      containerName(limit.getKey(), at, errors);
      amount(limit.getKey(), limit.getValue(), at, errors);
      hugePages |= limit.getKey().startsWith(HUGE_PAGES);
      computes |= isCompute(limit.getKey());
    }
    for (Map.Entry<String, JsonNode> request : requests.properties()) {
      FieldPath at = path.child("requests").key(request.getKey());
      containerName(request.getKey(), at, errors);
      amount(request.getKey(), request.getValue(), at, errors);
      within(request.getKey(), request.getValue(), limits, path, errors);
      hugePages |= request.getKey().startsWith(HUGE_PAGES);
      computes |= isCompute(request.getKey());
    }
    if (hugePages && !computes) {
      errors.forbidden(path, "HugePages require cpu or memory");
    }
  }

  private static boolean isCompute(String name) {
    return name.equals("cpu") || name.equals("memory");
  }

  private static void within(
      String name, JsonNode request, JsonNode limits, FieldPath path, FieldErrors errors) {
    FieldPath at = path.child("requests");
    boolean exact = !mayOvercommit(name);
    Optional<Quantity> asked = value(request);
    Optional<Quantity> most = Fields.has(limits, name) ? value(limits.get(name)) : Optional.empty();
    if (most.isEmpty() || asked.isEmpty()) {
      if (exact && !Fields.has(limits, name)) {
        errors.required(path.child("limits"), "Limit must be set for non overcommitable resources");
      }
      return;
    }
    int order = asked.get().compareTo(most.get());
    if (order != 0 && exact) {
      errors.invalid(
          at, request.asText(), "must be equal to " + name + " limit of " + text(limits, name));
    } else if (order > 0) {
      errors.invalid(
          at,
          request.asText(),
          "must be less than or equal to " + name + " limit of " + text(limits, name));
    }
  }

  private static String text(JsonNode amounts, String name) {
    return amounts.get(name).asText();
  }

  private static boolean mayOvercommit(String name) {
    return isNative(name) && !name.startsWith(HUGE_PAGES);
  }

  private static boolean isNative(String name) {
    return name.indexOf('/') < 0 || name.contains("kubernetes.io/");
  }

  private static void containerName(String name, FieldPath path, FieldErrors errors) {
    int before = errors.size();
    name(name, path, errors);
    if (errors.size() > before) {
      return;
    }
    if (name.indexOf('/') < 0) {
      if (!CONTAINER.contains(name) && !name.startsWith(HUGE_PAGES)) {
        errors.invalid(path, name, "must be a standard resource for containers");
      }
    } else if (!isNative(name) && name.startsWith("requests.")) {
      errors.invalid(path, name, "doesn't follow extended resource name standard");
    }
  }

  static void name(String name, FieldPath path, FieldErrors errors) {
    int before = errors.size();
    errors.invalidEach(path, name, Keys.qualifiedName(name));
    if (errors.size() == before
        && name.indexOf('/') < 0
        && !STANDARD.contains(name)
        && !name.startsWith(HUGE_PAGES)
        && !name.startsWith("requests." + HUGE_PAGES)) {
      errors.invalid(path, name, "must be a standard resource type or fully qualified");
    }
  }

  static void amount(String name, JsonNode amount, FieldPath path, FieldErrors errors) {
    Optional<Quantity> value = nonNegative(amount, path, errors);
    if (value.isPresent()
        && isInteger(name)
        && value.get().amount().stripTrailingZeros().scale() > 0) {
      errors.invalid(path, amount.asText(), "must be an integer");
    }
  }

  private static boolean isInteger(String name) {
    return name.equals("pods")
        || name.equals("services")
        || name.equals("secrets")
        || name.equals("configmaps")
        || !isNative(name);
  }

  static Optional<Quantity> nonNegative(JsonNode amount, FieldPath path, FieldErrors errors) {
    Optional<Quantity> value = value(amount);
    if (value.isEmpty()) {
      errors.invalid(
          path,
          amount.asText(),
          "quantities must match the regular expression"
              + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
    } else if (value.get().signum() < 0) {
      errors.invalid(path, amount.asText(), "must be greater than or equal to 0");
    }
    return value;
  }

  static Optional<Quantity> value(JsonNode amount) {
    try {
      return Optional.of(Quantity.parse(amount.asText()));
    } catch (QuantityFormatException malformed) {
      return Optional.empty();
    }
  }
}
