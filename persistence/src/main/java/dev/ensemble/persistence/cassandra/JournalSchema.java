package dev.ensemble.persistence.cassandra;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The one place that defines the keyspace and its tables. Additions only: the data outlives us. */
final class JournalSchema {
  private JournalSchema() {}

  static String keyspace(String keyspace, Map<String, Integer> replication) {
    String copies =
        new TreeMap<>(replication)
            .entrySet().stream()
                .map(entry -> "'%s': %d".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
    return "CREATE KEYSPACE IF NOT EXISTS %s WITH replication = {'class': 'NetworkTopologyStrategy', %s}"
        .formatted(keyspace, copies);
  }

  /** Table names with the statements that make them. */
  static Map<String, String> tables(String keyspace) {
    Map<String, String> tables = new TreeMap<>();
    define(
        tables,
        keyspace,
        "ledger_epochs",
        "ledger text, epoch bigint, current bigint static, mark text static, first_batch bigint,"
            + " last_batch bigint, last_revision bigint, chain blob, PRIMARY KEY (ledger, epoch)");
    define(
        tables,
        keyspace,
        "ledger_batches",
        "ledger text, epoch bigint, bucket bigint, number bigint, content blob, "
            + "PRIMARY KEY ((ledger, epoch, bucket), number)");
    define(
        tables,
        keyspace,
        "ledger_objects",
        "ledger text, slot int, entity text, state tinyint, sequence bigint, revision bigint, "
            + "created_revision bigint, hash blob, uid text, object blob, "
            + "PRIMARY KEY ((ledger, slot), entity)");
    define(
        tables,
        keyspace,
        "ledger_images",
        "ledger text, slot int, entity text, sequence bigint, state tinyint, revision bigint, "
            + "created_revision bigint, hash blob, uid text, object blob, "
            + "PRIMARY KEY ((ledger, slot), entity, sequence)");
    define(
        tables,
        keyspace,
        "ledger_index",
        "ledger text, slot int, entity text, last_sequence bigint, first_sequence bigint, "
            + "batch_number bigint, PRIMARY KEY ((ledger, slot), entity, last_sequence)");
    define(
        tables,
        keyspace,
        "ledger_watermarks",
        "ledger text PRIMARY KEY, batch_number bigint, revision bigint, chain blob");
    define(
        tables,
        keyspace,
        "object_keys",
        "entity text, uid text, master_key text, wrapped blob, PRIMARY KEY (entity, uid)");
    return tables;
  }

  /** A column that came later than its table, with the statement that adds it. */
  record Column(String table, String name, String statement) {}

  static List<Column> additions(String keyspace) {
    return List.of(
        new Column(
            "ledger_epochs",
            "mark",
            "ALTER TABLE %s.ledger_epochs ADD mark text static".formatted(keyspace)));
  }

  private static void define(
      Map<String, String> tables, String keyspace, String name, String columns) {
    tables.put(name, "CREATE TABLE IF NOT EXISTS %s.%s (%s)".formatted(keyspace, name, columns));
  }
}
