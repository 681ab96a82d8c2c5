package dev.ensemble.persistence.seal;

import dev.ensemble.persistence.format.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Seals bytes under the key of one incarnation of an object, named by entity and uid. The key is
 * made, and durable, before its first use. Sealed bytes name their uid, and are bound to entity and
 * uid: moved elsewhere they cannot be unsealed. Safe for use by many threads.
 */
public final class Sealer {
  private static final int VERSION = 1;
  private static final String CONTEXT = "ensemble-sealed1";

  private record Name(String entity, String uid) {}

  private final ObjectKeys objectKeys;
  private final KeyWrapping wrapping;
  private final Map<Name, CompletableFuture<Bytes>> cache;

  /** Keeps the keys of at most {@code keysCached} objects in memory, those used last. */
  public Sealer(ObjectKeys objectKeys, KeyWrapping wrapping, int keysCached) {
    this.objectKeys = objectKeys;
    this.wrapping = wrapping;
    this.cache =
        new LinkedHashMap<>(64, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Name, CompletableFuture<Bytes>> eldest) {
            return size() > keysCached;
          }
        };
  }

  /** Fails with {@link KeyDestroyedException}, or with what the stores fail with. */
  public CompletionStage<Bytes> seal(String entity, String uid, Bytes plain) {
    return key(new Name(entity, uid), () -> readOrCreate(entity, uid))
        .thenApply(
            key -> {
              Bytes body = AesGcm.encrypt(key, plain, context(entity, uid));
              ByteArrayOutputStream out = new ByteArrayOutputStream(body.size() + uid.length() + 3);
              try (DataOutputStream data = new DataOutputStream(out)) {
                data.writeByte(VERSION);
                data.writeUTF(uid);
                data.write(body.array());
              } catch (IOException e) {
                throw new IllegalStateException("memory does not fail", e);
              }
              return Bytes.of(out.toByteArray());
            });
  }

  /**
   * Reads what {@link #seal} made. Fails with {@link KeyDestroyedException}, with a {@link
   * SealException} when the bytes are not those of this entity, or with what the stores fail with.
   */
  public CompletionStage<Bytes> unseal(String entity, Bytes sealed) {
    String uid;
    int offset;
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(sealed.array()))) {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new SealException("sealed format version " + version + " is not known here");
      }
      uid = in.readUTF();
      offset = sealed.size() - in.available();
    } catch (IOException e) {
      return CompletableFuture.failedFuture(new SealException("not sealed bytes", e));
    } catch (SealException e) {
      return CompletableFuture.failedFuture(e);
    }
    return key(new Name(entity, uid), () -> readExisting(entity, uid))
        .thenApply(key -> AesGcm.decrypt(key, sealed.array(), offset, context(entity, uid)));
  }

  /** The uid of the object under whose key these bytes are sealed; needs no key. */
  public static String uidIn(Bytes sealed) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(sealed.array()))) {
      in.skipBytes(1);
      return in.readUTF();
    } catch (IOException e) {
      throw new SealException("not sealed bytes", e);
    }
  }

  /**
   * Destroys the key of an incarnation: nothing sealed under it can be read again, by anyone, once
   * other processes have dropped it from their memory.
   */
  public CompletionStage<Void> destroyKey(String entity, String uid) {
    Name name = new Name(entity, uid);
    forget(name);
    return objectKeys.destroy(entity, uid).thenRun(() -> forget(name));
  }

  private CompletionStage<Bytes> key(Name name, Supplier<CompletionStage<Bytes>> load) {
    CompletableFuture<Bytes> promise = new CompletableFuture<>();
    synchronized (cache) {
      CompletableFuture<Bytes> known = cache.get(name);
      if (known != null) {
        return known.minimalCompletionStage();
      }
      cache.put(name, promise);
    }
    load.get()
        .whenComplete(
            (key, failure) -> {
              if (failure != null) {
                forget(name);
                promise.completeExceptionally(cause(failure));
              } else {
                promise.complete(key);
              }
            });
    return promise.minimalCompletionStage();
  }

  private void forget(Name name) {
    synchronized (cache) {
      cache.remove(name);
    }
  }

  private CompletionStage<Bytes> readOrCreate(String entity, String uid) {
    return objectKeys
        .read(entity, uid)
        .thenCompose(
            kept ->
                kept.isPresent()
                    ? unwrap(entity, uid, kept.get())
                    : wrapping
                        .wrap(AesGcm.newKey(), context(entity, uid))
                        .thenCompose(fresh -> objectKeys.create(entity, uid, fresh))
                        .thenCompose(wrapped -> unwrap(entity, uid, wrapped)));
  }

  private CompletionStage<Bytes> readExisting(String entity, String uid) {
    return objectKeys
        .read(entity, uid)
        .thenCompose(
            kept ->
                kept.isPresent()
                    ? unwrap(entity, uid, kept.get())
                    : CompletableFuture.failedFuture(
                        new SealException("there is no key of " + entity + " with uid " + uid)));
  }

  private CompletionStage<Bytes> unwrap(String entity, String uid, WrappedKey wrapped) {
    return wrapped.destroyed()
        ? CompletableFuture.failedFuture(new KeyDestroyedException(entity, uid))
        : wrapping.unwrap(wrapped, context(entity, uid));
  }

  private static Bytes context(String entity, String uid) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DataOutputStream data = new DataOutputStream(out)) {
      data.writeBytes(CONTEXT);
      data.writeUTF(entity);
      data.writeUTF(uid);
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail", e);
    }
    return Bytes.of(out.toByteArray());
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof java.util.concurrent.CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
