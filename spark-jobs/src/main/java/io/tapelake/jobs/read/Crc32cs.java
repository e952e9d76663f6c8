package io.tapelake.jobs.read;

/**
 * Combines CRC-32C checksums of adjacent pieces of bytes into that of the whole, so that slices can
 * be summed by different tasks and a file's checksum can go on from run to run.
 *
 * <p>A CRC is the remainder of a polynomial over GF(2): appending n zero bytes to the first piece
 * multiplies it by x^8n, whose remainder is squared its way up to n. (The method is that of zlib's
 * crc32_combine, which Mark Adler describes.)
 */
public final class Crc32cs {

  /** The Castagnoli polynomial, reflected. */
  private static final int POLYNOMIAL = 0x82F63B78;

  private static final int ONE = 1 << Integer.SIZE - 1;

  private Crc32cs() {}

  /**
   * The checksum of A followed by B.
   *
   * @param first checksum of A
   * @param second checksum of B
   * @param secondLength length of B in bytes
   */
  public static int combine(int first, int second, long secondLength) {
    int power = ONE;
    int factor = ONE >>> Byte.SIZE;
    for (long left = secondLength; left != 0; left >>>= 1) {
      if ((left & 1) != 0) {
        power = times(factor, power);
      }
      factor = times(factor, factor);
    }
    return times(power, first) ^ second;
  }

  /** The remainder of a product; the highest bit is the lowest power. */
  private static int times(int one, int other) {
    int product = 0;
    for (int bit = ONE, rest = other; bit != 0; bit >>>= 1) {
      if ((one & bit) != 0) {
        product ^= rest;
      }
      rest = rest >>> 1 ^ -(rest & 1) & POLYNOMIAL;
    }
    return product;
  }
}
