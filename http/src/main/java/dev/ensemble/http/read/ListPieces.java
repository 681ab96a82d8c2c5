package dev.ensemble.http.read;

import akka.util.ByteString;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * A list cut into pieces while it is sent. Each piece is filled to the last byte, across the
 * objects' bounds, so that every frame of HTTP/2 is a part of one piece and nothing is copied
 * twice.
 */
final class ListPieces implements Iterator<ByteString> {
  /** Whole frames of HTTP/2: 16 KiB each, as every client allows and few raise. */
  static final int PIECE_BYTES = 8 * 16 * 1024;

  private static final byte[] COMMA = {','};
  private static final byte[] END = {']', '}'};

  private final List<byte[]> items;

  /** Objects, what separates them, and the end. */
  private final int parts;

  private byte[] current;
  private int taken;
  private int next;

  /**
   * Cuts a list.
   *
   * @param start all that comes before the first object
   */
  ListPieces(byte[] start, List<byte[]> items) {
    this.items = items;
    this.parts = Math.max(1, 2 * items.size());
    this.current = start;
  }

  @Override
  public boolean hasNext() {
    return taken < current.length || next < parts;
  }

  @Override
  public ByteString next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the list has ended");
    }
    byte[] piece = new byte[PIECE_BYTES];
    int filled = 0;
    while (filled < piece.length && hasNext()) {
      if (taken == current.length) {
        current = part(next++);
        taken = 0;
      }
      int length = Math.min(piece.length - filled, current.length - taken);
      System.arraycopy(current, taken, piece, filled, length);
      filled += length;
      taken += length;
    }
    return ByteString.fromArrayUnsafe(
        filled == piece.length ? piece : Arrays.copyOf(piece, filled));
  }

  private byte[] part(int number) {
    if (number == parts - 1) {
      return END;
    }
    return number % 2 == 0 ? items.get(number / 2) : COMMA;
  }
}
