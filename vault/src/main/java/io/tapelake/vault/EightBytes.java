package io.tapelake.vault;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight bytes of a line in one long, the first of them lowest, and what can be asked of all eight
 * at once. Digits are held as their values: {@code '7'} is 7, other bytes are something above 9.
 */
final class EightBytes {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long EACH_BYTE = 0x0101010101010101L;
  private static final long HIGH_BITS = EACH_BYTE << 7;
  private static final long ZEROS = '0' * EACH_BYTE;
  private static final long QUOTES = ('"' ^ '0') * EACH_BYTE;
  private static final long POINTS = ('.' ^ '0') * EACH_BYTE;
  private static final long SIXES = 6 * EACH_BYTE;
  private static final long HIGH_NIBBLES = 0xF0F0F0F0F0F0F0F0L;

  private static final int[] POWERS_OF_TEN = {
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000
  };

  private EightBytes() {}

  /** The bytes at {@code [at, at + 8)} as they are. */
  static long raw(byte[] buffer, int at) {
    return (long) LONGS.get(buffer, at);
  }

  /** The bytes at {@code [at, at + 8)}, digits as their values. */
  static long digits(byte[] buffer, int at) {
    return raw(buffer, at) ^ ZEROS;
  }

  /** How many digits the bytes begin with, 0 to 8. */
  static int countDigits(long digits) {
    return Long.numberOfTrailingZeros(notDigits(digits)) >>> 3;
  }

  /** Whether all eight bytes are digits. */
  static boolean areDigits(long digits) {
    return notDigits(digits) == 0;
  }

  /** How many bytes stand before the first quote, 8 when there is none. */
  static int countToQuote(long digits) {
    return Long.numberOfTrailingZeros(zeroBytes(digits ^ QUOTES)) >>> 3;
  }

  /** The lowest bit of the first byte that is a point, 0 when there is none. */
  static long firstPoint(long digits) {
    return Long.lowestOneBit(zeroBytes(digits ^ POINTS)) >>> 7;
  }

  /** Which byte a lowest bit belongs to, 8 for none. */
  static int index(long lowestBit) {
    return Long.numberOfTrailingZeros(lowestBit) >>> 3;
  }

  /** The bytes without the one of that lowest bit; all of them when there is none. */
  static long without(long lowestBit, long bytes) {
    long before = lowestBit - 1;
    return (bytes & before) | (bytes >>> 8 & ~before);
  }

  /** The first {@code count} bytes, 1 to 8; the others are zero. */
  static long first(long bytes, int count) {
    return bytes & (-1L >>> (64 - 8 * count));
  }

  /** In each byte but the last the number that this digit and the next one make. */
  static long pairs(long digits) {
    return digits * 10 + (digits >>> 8);
  }

  /** The number that eight digits make. */
  static long number(long digits) {
    long pairs = pairs(digits);
    return ((pairs & 0x000000FF000000FFL) * 0x000F424000000064L
            + (pairs >>> 16 & 0x000000FF000000FFL) * 0x0000271000000001L)
        >>> 32;
  }

  /** The number that the first {@code count} digits make, 0 to 7. */
  static long number(long digits, int count) {
    return number(digits << (56 - 8 * count) << 8);
  }

  /** 10 to the power of 0 to 8. */
  static long powerOfTen(int exponent) {
    return POWERS_OF_TEN[exponent];
  }

  /** The high nibble of a byte is not zero when it is the first that is no digit, or behind it. */
  private static long notDigits(long digits) {
    return (digits | (digits + SIXES)) & HIGH_NIBBLES;
  }

  /** The high bit of a byte is set when it is the first that is zero; it may be behind it. */
  private static long zeroBytes(long bytes) {
    return (bytes - EACH_BYTE) & ~bytes & HIGH_BITS;
  }
}
