package dev.ensemble.http.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Somebody who asks: user.Info of apiserver. */
public record User(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
  public static final String MASTERS = "system:masters";
  public static final String NODES = "system:nodes";
  public static final String AUTHENTICATED = "system:authenticated";
  public static final String UNAUTHENTICATED = "system:unauthenticated";
  private static final String NODE_PREFIX = "system:node:";

  public static final User ANONYMOUS =
      new User("system:anonymous", "", List.of(UNAUTHENTICATED), Map.of());

  public User {
    groups = List.copyOf(groups);
    extra = Map.copyOf(extra);
  }

  /** A user whose identity was proved: the group system:authenticated is added. */
  public static User authenticated(String name, List<String> groups) {
    List<String> all = new ArrayList<>(groups);
    all.add(AUTHENTICATED);
    return new User(name, "", all, Map.of());
  }

  public boolean master() {
    return groups.contains(MASTERS);
  }

  /** The node's name when this is a node's agent, else the empty string. */
  public String node() {
    return name.startsWith(NODE_PREFIX) && groups.contains(NODES)
        ? name.substring(NODE_PREFIX.length())
        : "";
  }
}
