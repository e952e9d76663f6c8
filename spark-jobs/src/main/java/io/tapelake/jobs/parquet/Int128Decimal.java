package io.tapelake.jobs.parquet;

import io.tapelake.jobs.minute.SqlDecimal;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * A DECIMAL(38,18) as Parquet stores it: a whole number of 10^-18, in 16 bytes, the most
 * significant first. Not thread-safe.
 */
public final class Int128Decimal {

  /** Bytes of a number. */
  public static final int BYTES = 16;

  private static final long[] POWERS_OF_TEN = powersOfTen();

  private final byte[] bytes = new byte[BYTES];

  /** The bytes of the number that was put last; they are reused. */
  public byte[] bytes() {
    return bytes;
  }

  /**
   * Puts unscaled × 10^-scale.
   *
   * @param unscaled not negative
   * @param scale from 0 to 18
   */
  public void put(long unscaled, int scale) {
    long power = POWERS_OF_TEN[SqlDecimal.SCALE - scale];
    put(Math.multiplyHigh(unscaled, power), unscaled * power);
  }

  /** Puts a number of at most 18 decimals that {@link SqlDecimal#fit} has passed. */
  public void put(BigDecimal number) {
    BigInteger whole = number.setScale(SqlDecimal.SCALE).unscaledValue();
    byte[] shortest = whole.toByteArray();
    Arrays.fill(bytes, 0, BYTES - shortest.length, (byte) (whole.signum() < 0 ? -1 : 0));
    System.arraycopy(shortest, 0, bytes, BYTES - shortest.length, shortest.length);
  }

  /** The number that bytes stand for. */
  public static BigDecimal number(byte[] bytes, int offset) {
    return new BigDecimal(new BigInteger(bytes, offset, BYTES), SqlDecimal.SCALE);
  }

  private void put(long high, long low) {
    for (int i = 0; i < Long.BYTES; i++) {
      bytes[i] = (byte) (high >>> (56 - 8 * i));
      bytes[Long.BYTES + i] = (byte) (low >>> (56 - 8 * i));
    }
  }

  private static long[] powersOfTen() {
    long[] powers = new long[SqlDecimal.SCALE + 1];
    powers[0] = 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = powers[i - 1] * 10;
    }
    return powers;
  }
}
