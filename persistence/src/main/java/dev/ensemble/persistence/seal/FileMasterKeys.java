package dev.ensemble.persistence.seal;

import dev.ensemble.persistence.format.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Master keys in a file that only its owner may read: a line for each, its id and the key in
 * Base64. The last one wraps; all unwrap. Every process that reads the same journal needs the same
 * file.
 */
public final class FileMasterKeys implements KeyWrapping {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final int ID_BYTES = 4;

  private final Path file;
  private volatile Map<String, Bytes> keys;

  private FileMasterKeys(Path file, Map<String, Bytes> keys) {
    this.file = file;
    this.keys = keys;
  }

  /** Reads the file; makes it with one key when there is none. */
  public static FileMasterKeys open(Path file) {
    try {
      if (!Files.exists(file)) {
        create(file);
      }
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (!OWNER_ONLY.containsAll(permissions)) {
        throw new SealException(
            file + " may be read by others than its owner: chmod 600 it, and rotate the key");
      }
      return new FileMasterKeys(file, parse(file));
    } catch (IOException e) {
      throw new SealException("cannot read the master keys in " + file, e);
    }
  }

  /** Adds a key that wraps from now on; what older ones wrapped stays readable. */
  public synchronized void rotate() {
    Path next = file.resolveSibling(file.getFileName() + ".new");
    try {
      String all = Files.readString(file) + newLine();
      Files.deleteIfExists(next);
      writeNew(next, all);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      keys = parse(file);
    } catch (IOException e) {
      throw new SealException("cannot add a master key to " + file, e);
    }
  }

  @Override
  public CompletionStage<WrappedKey> wrap(Bytes key, Bytes context) {
    String current = "";
    for (String id : keys.keySet()) {
      current = id;
    }
    return CompletableFuture.completedFuture(
        new WrappedKey(current, AesGcm.encrypt(keys.get(current), key, context)));
  }

  @Override
  public CompletionStage<Bytes> unwrap(WrappedKey wrapped, Bytes context) {
    Optional<Bytes> master = Optional.ofNullable(keys.get(wrapped.masterKey()));
    if (master.isEmpty()) {
      return CompletableFuture.failedFuture(
          new SealException("master key " + wrapped.masterKey() + " is not in " + file));
    }
    try {
      return CompletableFuture.completedFuture(
          AesGcm.decrypt(master.get(), wrapped.bytes().array(), 0, context));
    } catch (SealException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static void create(Path file) throws IOException {
    Optional<Path> folder = Optional.ofNullable(file.toAbsolutePath().getParent());
    if (folder.isPresent()) {
      Files.createDirectories(folder.get());
    }
    try {
      writeNew(file, newLine());
    } catch (FileAlreadyExistsException e) {
      // Another process was first, and its key is as good.
      return;
    }
  }

  private static void writeNew(Path file, String text) throws IOException {
    Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    Files.write(
        file,
        text.getBytes(StandardCharsets.US_ASCII),
        StandardOpenOption.WRITE,
        StandardOpenOption.SYNC);
  }

  private static String newLine() {
    String id = HexFormat.of().formatHex(AesGcm.newKey().array(), 0, ID_BYTES);
    return id + " " + Base64.getEncoder().encodeToString(AesGcm.newKey().array()) + "\n";
  }

  private static Map<String, Bytes> parse(Path file) throws IOException {
    Map<String, Bytes> keys = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] parts = line.strip().split(" ", -1);
      try {
        Bytes key = Bytes.of(Base64.getDecoder().decode(parts[parts.length - 1]));
        if (parts.length != 2 || parts[0].isEmpty() || key.size() != AesGcm.KEY_BYTES) {
          throw new SealException("line " + (keys.size() + 1) + " of " + file + " is no key");
        }
        keys.put(parts[0], key);
      } catch (IllegalArgumentException e) {
        // Without the cause: its message quotes the key.
        throw new SealException("line " + (keys.size() + 1) + " of " + file + " is no key");
      }
    }
    if (keys.isEmpty()) {
      throw new SealException("there is no key in " + file);
    }
    return keys;
  }
}
