package dev.ensemble.persistence.seal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.persistence.cassandra.CassandraConnection;
import dev.ensemble.persistence.cassandra.CassandraNode;
import dev.ensemble.persistence.format.Bytes;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(CassandraNode.class)
class CassandraObjectKeysIT {
  private static CassandraConnection connection;

  private final String entity = "secrets/default/" + System.nanoTime();

  @BeforeAll
  static void connect() {
    connection = CassandraConnection.open(CassandraNode.settings("5s"));
  }

  @AfterAll
  static void disconnect() {
    connection.close();
  }

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Test
  void theFirstKeyStaysAndADestroyedOneNeverComesBack() throws Exception {
    ObjectKeys keys = new CassandraObjectKeys(connection);
    WrappedKey first = new WrappedKey("m1", Bytes.utf8("first"));
    WrappedKey second = new WrappedKey("m2", Bytes.utf8("second"));
    await(keys.destroy(entity, "u1"));
    assertThat(await(keys.read(entity, "u1"))).isEmpty();
    assertThat(await(keys.create(entity, "u1", first))).isEqualTo(first);
    assertThat(await(keys.create(entity, "u1", second))).isEqualTo(first);
    assertThat(await(keys.create(entity, "u2", second))).isEqualTo(second);
    await(keys.destroy(entity, "u1"));
    assertThat(await(keys.read(entity, "u1")).map(WrappedKey::destroyed))
        .isEqualTo(Optional.of(true));
    assertThat(await(keys.create(entity, "u1", second)).destroyed()).isTrue();
    assertThat(await(keys.read(entity, "u2"))).contains(second);
  }
}
