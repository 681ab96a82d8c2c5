package dev.ensemble.http.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.core.table.Printers;
import dev.ensemble.core.table.Tables;
import dev.ensemble.http.read.RowMaker;
import java.time.Instant;
import java.util.List;

/** The rows that core's printers make. */
final class Rows implements RowMaker {
  @Override
  public List<ResourceType.Column> columns(ResourceType stored) {
    return Printers.of(stored.name()).columns();
  }

  @Override
  public ArrayNode cells(ResourceType stored, ObjectNode object, Instant now) {
    return Tables.cells(stored.name(), object, now);
  }
}
