package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Security contexts of pods and containers. */
final class SecurityRules {
  private static final List<String> PROFILE_TYPES =
      List.of("Localhost", "RuntimeDefault", "Unconfined");
  private static final int SYSCTL_LENGTH_MAX = 253;
  private static final long ID_MAX = Integer.MAX_VALUE;

  private SecurityRules() {}

  static void pod(JsonNode spec, FieldPath specPath, FieldErrors errors) {
    FieldPath path = specPath.child("securityContext");
    JsonNode context = spec.path("securityContext");
    for (String id : List.of("fsGroup", "runAsUser", "runAsGroup")) {
      id(context, id, path, errors);
    }
    int position = 0;
    for (JsonNode group : Fields.items(context, "supplementalGroups")) {
      FieldPath at = path.child("supplementalGroups").index(position++);
      if (group.asLong() < 0 || group.asLong() > ID_MAX) {
        errors.invalid(at, group, Keys.range(0, ID_MAX));
      }
    }
    if (Fields.flag(spec, "shareProcessNamespace") && Fields.flag(spec, "hostPID")) {
      errors.invalid(
          path.child("shareProcessNamespace"),
          spec.get("shareProcessNamespace"),
          "ShareProcessNamespace and HostPID cannot both be enabled");
    }
    sysctls(spec, context, path.child("sysctls"), errors);
    errors.emptyOrOneOf(
        path.child("fsGroupChangePolicy"),
        Fields.text(context, "fsGroupChangePolicy"),
        List.of("Always", "OnRootMismatch"));
    errors.emptyOrOneOf(
        path.child("supplementalGroupsPolicy"),
        Fields.text(context, "supplementalGroupsPolicy"),
        List.of("Merge", "Strict"));
    profiles(context, path, errors);
    namespaces(spec, specPath, errors);
  }

  private static void namespaces(JsonNode spec, FieldPath path, FieldErrors errors) {
    if (!Fields.has(spec, "hostUsers") || Fields.flag(spec, "hostUsers")) {
      return;
    }
    for (String namespace : List.of("hostNetwork", "hostPID", "hostIPC")) {
      if (Fields.flag(spec, namespace)) {
        errors.forbidden(path.child(namespace), "when `pod.Spec.HostUsers` is false");
      }
    }
  }

  static void container(JsonNode context, FieldPath path, FieldErrors errors) {
    id(context, "runAsUser", path, errors);
    id(context, "runAsGroup", path, errors);
    errors.emptyOrOneOf(
        path.child("procMount"), Fields.text(context, "procMount"), List.of("Default", "Unmasked"));
    if (Fields.has(context, "allowPrivilegeEscalation")
        && !Fields.flag(context, "allowPrivilegeEscalation")) {
      if (Fields.flag(context, "privileged")) {
        errors.invalid(
            path,
            context,
            "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
      }
      for (JsonNode capability : Fields.items(context.path("capabilities"), "add")) {
        if (capability.asText().equals("CAP_SYS_ADMIN")) {
          errors.invalid(
              path,
              context,
              "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add`"
                  + " CAP_SYS_ADMIN");
        }
      }
    }
    profiles(context, path, errors);
  }

  private static void id(JsonNode context, String field, FieldPath path, FieldErrors errors) {
    long id = Fields.number(context, field);
    if (id < 0 || id > ID_MAX) {
      errors.invalid(path.child(field), id, Keys.range(0, ID_MAX));
    }
  }

  private static void profiles(JsonNode context, FieldPath path, FieldErrors errors) {
    profile(context, "seccompProfile", "seccomp", path, errors);
    profile(context, "appArmorProfile", "AppArmor", path, errors);
  }

  private static void profile(
      JsonNode context, String field, String word, FieldPath path, FieldErrors errors) {
    if (!Fields.has(context, field)) {
      return;
    }
    JsonNode profile = context.get(field);
    FieldPath at = path.child(field);
    String type = Fields.text(profile, "type");
    if (type.isEmpty()) {
      errors.required(at.child("type"), "type is required when " + field + " is set");
    }
    errors.emptyOrOneOf(at.child("type"), type, PROFILE_TYPES);
    String local = Fields.text(profile, "localhostProfile");
    FieldPath localPath = at.child("localhostProfile");
    if (!type.equals("Localhost")) {
      if (Fields.has(profile, "localhostProfile")) {
        errors.invalid(localPath, local, "can only be set when " + word + " type is Localhost");
      }
    } else if (local.isEmpty()) {
      errors.required(localPath, "must be set when " + word + " type is Localhost");
    } else if (field.equals("seccompProfile")) {
      MountRules.descending(local, localPath, errors);
    } else if (!local.strip().equals(local)) {
      errors.invalid(localPath, local, "must not be padded with whitespace");
    }
  }

  private static void sysctls(JsonNode spec, JsonNode context, FieldPath path, FieldErrors errors) {
    Set<String> seen = new HashSet<>();
    int position = 0;
    for (JsonNode sysctl : Fields.items(context, "sysctls")) {
      FieldPath at = path.index(position++).child("name");
      String name = Fields.text(sysctl, "name");
      if (name.isEmpty()) {
        errors.required(at, "");
      } else if (!isSysctl(name)) {
        errors.invalid(
            at,
            name,
            "must have at most 253 characters and match regex"
                + " ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$");
      } else if (!seen.add(name)) {
        errors.duplicate(at, name);
      }
      if (Fields.flag(spec, "hostNetwork") && name.startsWith("net.")) {
        errors.invalid(at, name, "may not be specified when 'hostNetwork' is true");
      }
      if (Fields.flag(spec, "hostIPC")
          && (name.startsWith("kernel.shm")
              || name.startsWith("kernel.msg")
              || name.equals("kernel.sem")
              || name.startsWith("fs.mqueue."))) {
        errors.invalid(at, name, "may not be specified when 'hostIPC' is true");
      }
    }
  }

  private static boolean isSysctl(String name) {
    if (name.length() > SYSCTL_LENGTH_MAX) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean edge =
          i == 0
              || i == name.length() - 1
              || isSeparator(name.charAt(i - 1))
              || isSeparator(name.charAt(i + 1));
      if (isSeparator(c) ? i == 0 || i == name.length() - 1 : !Names.isLowerOrDigit(c)) {
        boolean inner = (c == '-' || c == '_') && !edge;
        if (!inner) {
          return false;
        }
      }
      if (isSeparator(c) && i > 0 && isSeparator(name.charAt(i - 1))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSeparator(char c) {
    return c == '.' || c == '/';
  }
}
