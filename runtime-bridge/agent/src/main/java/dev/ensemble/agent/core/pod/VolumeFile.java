package dev.ensemble.agent.core.pod;

import java.util.Arrays;

/** A file of a volume and its permission bits. Nobody changes the array. */
@SuppressWarnings("ArrayRecordComponent")
public record VolumeFile(byte[] bytes, int mode) {
  @Override
  public boolean equals(Object other) {
    return other instanceof VolumeFile file
        && mode == file.mode
        && Arrays.equals(bytes, file.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * mode + Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return bytes.length + " bytes " + Integer.toOctalString(mode);
  }
}
