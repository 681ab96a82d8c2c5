package dev.ensemble.persistence.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ensemble.persistence.format.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealerTest {
  private static final String SECRET = "secrets/default/token";
  private static final Bytes PLAIN = Bytes.utf8("{\"data\":{\"password\":\"aHVudGVyMg==\"}}");

  @TempDir Path folder;
  private final InMemoryObjectKeys keys = new InMemoryObjectKeys();

  private Sealer sealer() {
    return new Sealer(keys, FileMasterKeys.open(folder.resolve("master.keys")), 2);
  }

  private static Bytes await(CompletionStage<Bytes> stage) throws Exception {
    return stage.toCompletableFuture().get();
  }

  @Test
  void whatWasSealedIsUnsealedByAnotherProcess() throws Exception {
    Bytes sealed = await(sealer().seal(SECRET, "u1", PLAIN));
    assertThat(sealed.text()).doesNotContain("aHVudGVyMg==");
    assertThat(await(sealer().unseal(SECRET, sealed))).isEqualTo(PLAIN);
  }

  @Test
  void equalTextsAreSealedDifferently() throws Exception {
    Sealer sealer = sealer();
    assertThat(await(sealer.seal(SECRET, "u1", PLAIN)))
        .isNotEqualTo(await(sealer.seal(SECRET, "u1", PLAIN)));
  }

  @Test
  void anEmptyTextAndManyObjectsBeyondTheCacheWork() throws Exception {
    Sealer sealer = sealer();
    for (int i = 0; i < 10; i++) {
      Bytes sealed = await(sealer.seal(SECRET + i, "u" + i, Bytes.EMPTY));
      assertThat(await(sealer.unseal(SECRET + i, sealed))).isEqualTo(Bytes.EMPTY);
    }
  }

  @Test
  void sealedBytesMovedToAnotherEntityCannotBeUnsealed() throws Exception {
    Sealer sealer = sealer();
    Bytes sealed = await(sealer.seal(SECRET, "u1", PLAIN));
    await(sealer.seal("secrets/default/mine", "u1", PLAIN));
    assertThatThrownBy(() -> await(sealer.unseal("secrets/default/mine", sealed)))
        .hasCauseInstanceOf(SealException.class);
  }

  @Test
  void anyChangedByteIsNoticed() throws Exception {
    Sealer sealer = sealer();
    Bytes sealed = await(sealer.seal(SECRET, "u1", PLAIN));
    for (int i = 0; i < sealed.size(); i++) {
      byte[] changed = sealed.array().clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> await(sealer.unseal(SECRET, Bytes.of(changed))))
          .hasCauseInstanceOf(SealException.class);
    }
    for (int length = 0; length < sealed.size(); length++) {
      byte[] cut = java.util.Arrays.copyOf(sealed.array(), length);
      assertThatThrownBy(() -> await(sealer.unseal(SECRET, Bytes.of(cut))))
          .hasCauseInstanceOf(SealException.class);
    }
  }

  @Test
  void aDestroyedKeyIsGoneForGoodAndTheNextIncarnationHasItsOwn() throws Exception {
    Sealer sealer = sealer();
    Bytes sealed = await(sealer.seal(SECRET, "u1", PLAIN));
    sealer.destroyKey(SECRET, "u1").toCompletableFuture().get();
    assertThatThrownBy(() -> await(sealer.unseal(SECRET, sealed)))
        .hasCauseInstanceOf(KeyDestroyedException.class);
    assertThatThrownBy(() -> await(sealer.seal(SECRET, "u1", PLAIN)))
        .hasCauseInstanceOf(KeyDestroyedException.class);
    Bytes next = await(sealer.seal(SECRET, "u2", PLAIN));
    assertThat(await(sealer.unseal(SECRET, next))).isEqualTo(PLAIN);
  }

  @Test
  void nothingIsSealedBeforeItsKeyIsDurable() {
    CompletableFuture<WrappedKey> durable = new CompletableFuture<>();
    ObjectKeys slow =
        new ObjectKeys() {
          @Override
          public CompletionStage<Optional<WrappedKey>> read(String entity, String uid) {
            return keys.read(entity, uid);
          }

          @Override
          public CompletionStage<WrappedKey> create(
              String entity, String uid, WrappedKey candidate) {
            return durable.thenCombine(keys.create(entity, uid, candidate), (a, kept) -> kept);
          }

          @Override
          public CompletionStage<Void> destroy(String entity, String uid) {
            return keys.destroy(entity, uid);
          }
        };
    Sealer sealer = new Sealer(slow, FileMasterKeys.open(folder.resolve("master.keys")), 2);
    CompletableFuture<Bytes> sealed = sealer.seal(SECRET, "u1", PLAIN).toCompletableFuture();
    assertThat(sealed).isNotDone();
    durable.complete(WrappedKey.DESTROYED);
    assertThat(sealed).isCompleted();
  }

  @Test
  void afterARotationOldKeysStillUnwrapAndNewOnesNeedTheNewMasterKey() throws Exception {
    Path file = folder.resolve("master.keys");
    FileMasterKeys master = FileMasterKeys.open(file);
    String before = Files.readString(file);
    Sealer sealer = new Sealer(keys, master, 2);
    Bytes old = await(sealer.seal(SECRET, "u1", PLAIN));
    master.rotate();
    Bytes fresh = await(sealer.seal(SECRET, "u2", PLAIN));
    assertThat(await(sealer().unseal(SECRET, old))).isEqualTo(PLAIN);
    assertThat(await(sealer().unseal(SECRET, fresh))).isEqualTo(PLAIN);
    Files.writeString(file, before);
    assertThat(await(sealer().unseal(SECRET, old))).isEqualTo(PLAIN);
    assertThatThrownBy(() -> await(sealer().unseal(SECRET, fresh)))
        .hasCauseInstanceOf(SealException.class)
        .hasMessageContaining("is not in " + file);
  }

  @Test
  void theMasterKeysAreTheirOwnersOnly() throws Exception {
    Path file = folder.resolve("master.keys");
    FileMasterKeys.open(file).rotate();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> FileMasterKeys.open(file))
        .isInstanceOf(SealException.class)
        .hasMessageContaining("chmod 600");
  }
}
