package io.tapelake.jobs.read;

/**
 * Combines CRC-32C checksums of adjacent pieces of bytes into that of the whole, so that slices can
 * be summed by different tasks and a file's checksum can go on from run to run.
 *
 * <p>A CRC is linear: appending n zero bytes to the first piece multiplies its checksum by a matrix
 * over GF(2), which is squared its way up to n. (The method is that of zlib's crc32_combine, which
 * Mark Adler describes.)
 */
public final class Crc32cs {

  /** The Castagnoli polynomial, reflected. */
  private static final int POLYNOMIAL = 0x82F63B78;

  private Crc32cs() {}

  /**
   * The checksum of A followed by B.
   *
   * @param first checksum of A
   * @param second checksum of B
   * @param secondLength length of B in bytes
   */
  public static int combine(int first, int second, long secondLength) {
    if (secondLength == 0) {
      return first;
    }
    int[] shift = square(square(square(oneZeroBit())));
    int shifted = first;
    for (long left = secondLength; left != 0; left >>>= 1) {
      if ((left & 1) != 0) {
        shifted = times(shift, shifted);
      }
      shift = square(shift);
    }
    return shifted ^ second;
  }

  /** The matrix that appends one zero bit. */
  private static int[] oneZeroBit() {
    int[] matrix = new int[Integer.SIZE];
    matrix[0] = POLYNOMIAL;
    for (int i = 1; i < Integer.SIZE; i++) {
      matrix[i] = 1 << (i - 1);
    }
    return matrix;
  }

  private static int[] square(int[] matrix) {
    int[] squared = new int[Integer.SIZE];
    for (int i = 0; i < Integer.SIZE; i++) {
      squared[i] = times(matrix, matrix[i]);
    }
    return squared;
  }

  private static int times(int[] matrix, int vector) {
    int product = 0;
    for (int i = 0; i < Integer.SIZE; i++) {
      if ((vector >>> i & 1) != 0) {
        product ^= matrix[i];
      }
    }
    return product;
  }
}
