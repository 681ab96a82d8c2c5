package dev.ensemble.core.table;

import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.resource.ResourceType;
import java.util.List;

/** The columns of each kind. */
public final class Columns {
  private Columns() {}

  public static List<ResourceType.Column> of(ResourceName resource) {
    return Printers.of(resource).columns();
  }
}
