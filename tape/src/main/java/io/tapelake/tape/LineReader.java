package io.tapelake.tape;

import io.tapelake.vault.TradeLine;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Walks over the lines of a stream. A line longer than {@link TradeLine#MAX_BYTES} is passed over
 * in constant memory: only its first MiB stays at hand. Bytes behind the last LF are not a line.
 */
public final class LineReader {

  private static final int CHUNK = 1 << 16;
  private static final int KEPT = TradeLine.MAX_BYTES;

  private final InputStream in;
  private final long limit;

  private byte[] buffer = new byte[2 * CHUNK];
  private int filled;
  private int next;

  /** Offset in the file of {@code buffer[0]}. */
  private long base;

  private boolean scanned;
  private int from;
  private int to;
  private long offset;
  private long length;

  /**
   * Reads from a stream that stands at a file's {@code offset}.
   *
   * @param limit offset behind the last byte to read, whatever follows it
   */
  public LineReader(InputStream in, long offset, long limit) {
    this.in = in;
    this.limit = limit;
    base = offset;
  }

  /**
   * Forgets what was read behind a line's end, or anywhere else, and goes on with the stream, which
   * stands at another offset now: a file's last bytes may be others once it grows.
   */
  public void restart(long offset) {
    base = offset;
    filled = 0;
    next = 0;
    scanned = false;
  }

  /** Reads a line from where it begins, and so finds its end. */
  @FunctionalInterface
  public interface LineScan {

    /** Where the LF of the line that begins at {@code from} stands, or -1 when it was not read. */
    int read(byte[] buffer, int from, int limit);
  }

  /**
   * Goes on to the next complete line; false when there is none before the limit. Lets a scan read
   * the line first, which spares the search for its end when it succeeds.
   */
  public boolean next(LineScan scan) throws IOException {
    int end = scan.read(buffer, next, filled);
    scanned = end >= 0;
    if (!scanned) {
      return next();
    }
    offset = base + next;
    from = next;
    to = end;
    length = end - next;
    next = end + 1;
    return true;
  }

  /** Whether the scan given to {@link #next(LineScan)} has read the line. */
  public boolean isScanned() {
    return scanned;
  }

  /** Goes on to the next complete line; false when there is none before the limit. */
  public boolean next() throws IOException {
    offset = base + next;
    int searched = next;
    while (true) {
      int end = LineEnds.next(buffer, searched, filled);
      if (end >= 0) {
        from = next;
        length = end - next;
        to = from + (int) Math.min(length, KEPT);
        next = end + 1;
        return true;
      }
      searched = filled;
      if (filled - next > KEPT) {
        return passOverLongLine();
      }
      int moved = next;
      if (!fill()) {
        return false;
      }
      searched -= moved - next;
    }
  }

  /** The buffer that holds the line at [{@link #from}, {@link #to}) until the next call. */
  public byte[] buffer() {
    return buffer;
  }

  public int from() {
    return from;
  }

  /** Behind the line's last byte, or behind its first MiB when it is longer. */
  public int to() {
    return to;
  }

  /** Offset in the file of the line's first byte. */
  public long offset() {
    return offset;
  }

  /** The line's length in bytes without its LF. */
  public long length() {
    return length;
  }

  /** Offset behind the line's LF. */
  public long end() {
    return offset + length + 1;
  }

  private boolean passOverLongLine() throws IOException {
    byte[] kept = Arrays.copyOfRange(buffer, next, next + KEPT);
    next = filled;
    while (true) {
      if (!fill()) {
        return false;
      }
      int end = LineEnds.next(buffer, next, filled);
      if (end >= 0) {
        length = base + end - offset;
        next = end + 1;
        break;
      }
      next = filled;
    }
    longLine(kept);
    return true;
  }

  /** Puts what was kept of a long line before the bytes that are still to be read. */
  private void longLine(byte[] kept) {
    int rest = filled - next;
    byte[] joined = new byte[Math.max(buffer.length, KEPT + rest)];
    System.arraycopy(kept, 0, joined, 0, KEPT);
    System.arraycopy(buffer, next, joined, KEPT, rest);
    base = base + next - KEPT;
    buffer = joined;
    from = 0;
    to = KEPT;
    next = KEPT;
    filled = KEPT + rest;
  }

  /** Reads more; what lies before {@code next} is given up. False at the end or the limit. */
  private boolean fill() throws IOException {
    if (next > 0) {
      System.arraycopy(buffer, next, buffer, 0, filled - next);
      base += next;
      filled -= next;
      next = 0;
    }
    if (buffer.length - filled < CHUNK) {
      buffer = Arrays.copyOf(buffer, buffer.length + Math.max(CHUNK, buffer.length / 2));
    }
    long allowed = Math.min(CHUNK, limit - (base + filled));
    if (allowed <= 0) {
      return false;
    }
    int count = in.read(buffer, filled, (int) allowed);
    if (count <= 0) {
      return false;
    }
    filled += count;
    return true;
  }
}
