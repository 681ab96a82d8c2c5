package dev.ensemble.http.auth;

import java.util.List;
import java.util.Set;

/**
 * The built-in rules: system:masters may do everything, a node what its agent or kubelet needs,
 * everybody may see health and version, whoever has a name may ask about themselves. Roles are not
 * looked at.
 */
public final class ClusterAuthorizer implements Authorizer {
  private static final Set<String> PUBLIC_PATHS =
      Set.of("/healthz", "/livez", "/readyz", "/version", "/version/");
  private static final Set<String> DISCOVERY =
      Set.of("/api", "/apis", "/openapi", "/version", "/healthz", "/livez", "/readyz");
  private static final Set<String> SELF_REVIEWS =
      Set.of("selfsubjectaccessreviews", "selfsubjectrulesreviews", "selfsubjectreviews");
  private static final List<String> ALL = List.of("*");

  private final NodeRules nodes;

  public ClusterAuthorizer(NodeRules nodes) {
    this.nodes = nodes;
  }

  @Override
  public Verdict authorize(User user, Attributes what) {
    if (user.master()) {
      return Verdict.allow("");
    }
    if (!what.resourceRequest()) {
      return path(user, what);
    }
    if (user.groups().contains(User.AUTHENTICATED)
        && what.verb().equals("create")
        && SELF_REVIEWS.contains(what.resource())
        && (what.group().equals("authorization.k8s.io")
            || what.group().equals("authentication.k8s.io"))) {
      return Verdict.allow("everybody may ask about themselves");
    }
    String node = user.node();
    return node.isEmpty() ? Verdict.NO_OPINION : nodes.authorize(node, what);
  }

  @Override
  public List<Rule> rules(User user, String namespace) {
    if (user.master()) {
      return List.of(
          new Rule(ALL, ALL, ALL, List.of(), List.of()),
          new Rule(ALL, List.of(), List.of(), List.of(), ALL));
    }
    Rule health =
        new Rule(
            List.of("get"),
            List.of(),
            List.of(),
            List.of(),
            List.of("/healthz", "/livez", "/readyz", "/version", "/version/"));
    if (!user.groups().contains(User.AUTHENTICATED)) {
      return List.of(health);
    }
    return List.of(
        new Rule(
            List.of("create"),
            List.of("authorization.k8s.io"),
            List.of("selfsubjectaccessreviews", "selfsubjectrulesreviews"),
            List.of(),
            List.of()),
        new Rule(
            List.of("create"),
            List.of("authentication.k8s.io"),
            List.of("selfsubjectreviews"),
            List.of(),
            List.of()),
        health,
        new Rule(
            List.of("get"),
            List.of(),
            List.of(),
            List.of(),
            List.of("/api", "/api/*", "/apis", "/apis/*", "/openapi", "/openapi/*")));
  }

  private Verdict path(User user, Attributes what) {
    boolean reads = what.verb().equals("get") || what.verb().equals("head");
    if (reads && PUBLIC_PATHS.contains(what.path())) {
      return Verdict.allow("everybody may see this");
    }
    if (reads && user.groups().contains(User.AUTHENTICATED) && discovery(what.path())) {
      return Verdict.allow("whoever has a name may discover the API");
    }
    String node = user.node();
    if (!node.isEmpty() && what.path().startsWith("/ensemble/v1/nodes/" + node + "/")) {
      return Verdict.allow("it is the node's own");
    }
    return Verdict.NO_OPINION;
  }

  private static boolean discovery(String path) {
    int second = path.indexOf('/', 1);
    return DISCOVERY.contains(second < 0 ? path : path.substring(0, second));
  }
}
