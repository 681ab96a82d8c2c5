package dev.ensemble.core.object;

import java.util.Objects;

/**
 * A resource type by group and plural name, whatever its version: {@code deployments.apps}, or
 * {@code pods} in the core group. One ledger orders all commits of one resource name.
 */
public record ResourceName(String group, String plural) implements Comparable<ResourceName> {
  public ResourceName {
    Objects.requireNonNull(group, "group");
    if (plural.isEmpty()) {
      throw new IllegalArgumentException("plural must not be empty");
    }
  }

  /** Reads {@code plural} or {@code plural.group}, the form that {@link #toString} writes. */
  public static ResourceName parse(String text) {
    int dot = text.indexOf('.');
    return dot < 0
        ? new ResourceName("", text)
        : new ResourceName(text.substring(dot + 1), text.substring(0, dot));
  }

  @Override
  public int compareTo(ResourceName other) {
    return toString().compareTo(other.toString());
  }

  /**
   * {@code plural} for the core group, else {@code plural.group}: upstream's GroupResource form.
   */
  @Override
  public String toString() {
    return group.isEmpty() ? plural : plural + "." + group;
  }
}
