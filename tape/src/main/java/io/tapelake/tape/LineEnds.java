package io.tapelake.tape;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds the ends of lines, eight bytes at a time. */
public final class LineEnds {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long EACH_BYTE = 0x0101010101010101L;
  private static final long HIGH_BITS = EACH_BYTE << 7;
  private static final long LINE_FEEDS = '\n' * EACH_BYTE;

  private LineEnds() {}

  /** Where the first LF in {@code [from, to)} stands, or -1. */
  public static int next(byte[] buffer, int from, int to) {
    int at = from;
    for (int last = to - Long.BYTES; at <= last; at += Long.BYTES) {
      long bytes = (long) LONGS.get(buffer, at) ^ LINE_FEEDS;
      // The lowest bit that is set marks the first byte that was an LF.
      long found = (bytes - EACH_BYTE) & ~bytes & HIGH_BITS;
      if (found != 0) {
        return at + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    for (; at < to; at++) {
      if (buffer[at] == '\n') {
        return at;
      }
    }
    return -1;
  }
}
