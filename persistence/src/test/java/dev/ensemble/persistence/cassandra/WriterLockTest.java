package dev.ensemble.persistence.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WriterLockTest {
  @TempDir Path folder;

  @Test
  void aLockKeepsItsName() {
    String name;
    try (WriterLock lock = WriterLock.take(folder)) {
      name = lock.name();
    }
    try (WriterLock again = WriterLock.take(folder)) {
      assertThat(again.name()).isEqualTo(name).isNotEmpty();
    }
  }

  @Test
  void whoTakesItTwiceKeepsItOnce() throws Exception {
    try (WriterLock lock = WriterLock.take(folder)) {
      assertThatThrownBy(() -> WriterLock.take(folder))
          .isInstanceOf(CassandraProcessException.class)
          .hasMessageContaining("this process holds " + folder.toRealPath());
      Process other = holder(ProcessBuilder.Redirect.DISCARD);
      assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(other.exitValue()).isNotZero();
      assertThat(lock.name()).isNotEmpty();
    }
  }

  @Test
  void aProcessHasItUntilItIsKilled() throws Exception {
    Process holder = holder(ProcessBuilder.Redirect.INHERIT);
    try {
      String name = holder.inputReader(StandardCharsets.US_ASCII).readLine();
      assertThatThrownBy(() -> WriterLock.take(folder))
          .isInstanceOf(CassandraProcessException.class)
          .hasMessageContaining("another process writes to the Cassandra in");
      // A paused process still has it.
      new ProcessBuilder(List.of("kill", "-STOP", Long.toString(holder.pid()))).start().waitFor();
      assertThatThrownBy(() -> WriterLock.take(folder))
          .isInstanceOf(CassandraProcessException.class);
      holder.destroyForcibly();
      assertThat(holder.waitFor(30, TimeUnit.SECONDS)).isTrue();
      try (WriterLock lock = WriterLock.take(folder)) {
        assertThat(lock.name()).isEqualTo(name);
      }
    } finally {
      holder.destroyForcibly();
    }
  }

  private Process holder(ProcessBuilder.Redirect errors) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Holder.class.getName(),
            folder.toString())
        .redirectError(errors)
        .start();
  }

  /** A process that takes the lock, says its name and waits. */
  static final class Holder {
    public static void main(String[] args) throws Exception {
      WriterLock lock = WriterLock.take(Path.of(args[0]));
      System.out.println(lock.name());
      System.in.read();
      lock.close();
    }
  }
}
