package io.tapelake.jobs.table;

import java.util.Arrays;

/** Bytes one behind the other, as many as come. Not thread-safe. */
public final class GrowingBytes {

  private byte[] bytes;
  private int length;

  /**
   * No bytes.
   *
   * @param expected about how many there will be
   */
  public GrowingBytes(int expected) {
    bytes = new byte[expected];
  }

  public int length() {
    return length;
  }

  /** Forgets all bytes, and keeps the room for others. */
  public void clear() {
    length = 0;
  }

  /** Makes room for some more; where they go in {@link #array}, which may be another one now. */
  public int room(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * (length + more));
    }
    int at = length;
    length += more;
    return at;
  }

  /** What holds the bytes, from 0 up to {@link #length}. */
  public byte[] array() {
    return bytes;
  }

  public void add(byte[] source, int from, int count) {
    int at = room(count);
    System.arraycopy(source, from, bytes, at, count);
  }
}
