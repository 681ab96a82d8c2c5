package dev.ensemble.http.auth;

import dev.ensemble.http.status.StatusException;
import dev.ensemble.http.status.Statuses;
import java.util.List;

/** Says whether a user may do something. Called for every request: fast, never blocks. */
public interface Authorizer {
  Verdict authorize(User user, Attributes attributes);

  /** The rules that hold for a user in a namespace, as far as they can be listed. */
  List<Rule> rules(User user, String namespace);

  record Verdict(boolean allowed, String reason) {
    public static final Verdict NO_OPINION = new Verdict(false, "");

    public static Verdict allow(String reason) {
      return new Verdict(true, reason);
    }
  }

  /** One line of a SelfSubjectRulesReview. Paths are empty for rules of resources. */
  record Rule(
      List<String> verbs,
      List<String> groups,
      List<String> resources,
      List<String> names,
      List<String> paths) {
    public Rule {
      verbs = List.copyOf(verbs);
      groups = List.copyOf(groups);
      resources = List.copyOf(resources);
      names = List.copyOf(names);
      paths = List.copyOf(paths);
    }
  }

  /** The 403 for a user who may not, in upstream's words. */
  static StatusException forbidden(User user, Attributes what, String reason) {
    if (!what.resourceRequest()) {
      return Statuses.forbiddenPath(user.name(), what.verb(), what.path());
    }
    StringBuilder why = new StringBuilder("User \"").append(user.name());
    why.append("\" cannot ").append(what.verb());
    why.append(" resource \"").append(what.qualifiedResource());
    why.append("\" in API group \"").append(what.group()).append('"');
    why.append(
        what.namespace().isEmpty()
            ? " at the cluster scope"
            : " in the namespace \"" + what.namespace() + "\"");
    if (!reason.isEmpty()) {
      why.append(": ").append(reason);
    }
    return Statuses.forbidden(what.resourceName(), what.name(), why.toString());
  }
}
