package io.tapelake.jobs.parquet;

import io.tapelake.analytics.number.Int256;
import io.tapelake.analytics.number.MagnitudeWords;
import io.tapelake.analytics.number.Quotient;
import io.tapelake.analytics.number.SqlDecimal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;

/**
 * A DECIMAL(38,18) as Parquet stores it: a whole number of 10^-18, in 16 bytes, the most
 * significant first. Not thread-safe.
 */
public final class Int128Decimal {

  /** Bytes of a number. */
  public static final int BYTES = 16;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** The digit in the middle. */
  private static final int HALF = 5;

  private static final int BILLION = 1_000_000_000;
  private static final int BILLION_DIGITS = 9;

  /** Beyond so many decimals a number goes the long way. */
  private static final int MANY_DECIMALS = 100;

  /** 10^38, the first number that has too many digits. */
  private static final BigInteger BEYOND = BigInteger.TEN.pow(SqlDecimal.PRECISION);

  private static final long BEYOND_HIGH = BEYOND.shiftRight(Long.SIZE).longValue();
  private static final long BEYOND_LOW = BEYOND.longValue();

  private static final long[] POWERS_OF_TEN = powersOfTen();

  private final byte[] bytes = new byte[BYTES];
  private final MagnitudeWords words = new MagnitudeWords();

  /** The bytes of the number that was put last; they are reused. */
  public byte[] bytes() {
    return bytes;
  }

  /**
   * Puts unscaled × 10^-scale.
   *
   * @param scale from 0 to 18
   */
  public void put(long unscaled, int scale) {
    long power = POWERS_OF_TEN[SqlDecimal.SCALE - scale];
    put(Math.multiplyHigh(unscaled, power), unscaled * power);
  }

  /**
   * Puts a number, HALF_EVEN to 18 decimals, as {@link SqlDecimal#fit} rounds it.
   *
   * @return false when it has more than 20 digits before the point; nothing is put then
   */
  public boolean put(BigDecimal number) {
    int scale = number.scale();
    BigInteger unscaled = number.unscaledValue();
    if (scale >= 0 && scale <= SqlDecimal.SCALE && unscaled.bitLength() < Long.SIZE) {
      put(unscaled.longValue(), scale);
      return true;
    }
    if (scale > SqlDecimal.SCALE && scale <= MANY_DECIMALS) {
      return putRounded(unscaled, scale - SqlDecimal.SCALE);
    }
    return putAny(number);
  }

  /**
   * Puts a quotient, its 50 digits HALF_EVEN to 18 decimals.
   *
   * @return false when it has more than 20 digits before the point; nothing is put then
   */
  public boolean put(Quotient quotient) {
    int kept = Quotient.DIGITS - quotient.decimals() + SqlDecimal.SCALE;
    if (kept < 0 || kept > SqlDecimal.PRECISION) {
      return putAny(quotient.toBigDecimal());
    }
    int first = Math.min(kept, SqlDecimal.SCALE);
    int second = Math.min(kept, 2 * SqlDecimal.SCALE);
    long high = 0;
    long low = quotient.number(0, first);
    for (int from = first, to = second; from < to; from = to, to = kept) {
      long power = POWERS_OF_TEN[to - from];
      long product = low * power;
      long more = quotient.number(from, to);
      high = high * power + Int256.unsignedHigh(low, power);
      low = product + more;
      high += Long.compareUnsigned(low, product) < 0 ? 1 : 0;
    }
    if (isRoundedUp(quotient, kept, low)) {
      low++;
      high += low == 0 ? 1 : 0;
    }
    if (isBeyond(high, low)) {
      return false;
    }
    put(high, low);
    return true;
  }

  private static boolean isRoundedUp(Quotient quotient, int kept, long low) {
    if (kept == Quotient.DIGITS) {
      return false;
    }
    long next = quotient.number(kept, kept + 1);
    return next > HALF || next == HALF && (quotient.hasMore(kept + 1) || (low & 1) != 0);
  }

  private boolean putAny(BigDecimal number) {
    BigDecimal rounded = SqlDecimal.fit(number);
    if (rounded == null) {
      return false;
    }
    BigInteger whole = rounded.setScale(SqlDecimal.SCALE).unscaledValue();
    put(whole.shiftRight(Long.SIZE).longValue(), whole.longValue());
    return true;
  }

  /** Cuts digits off the end and rounds HALF_EVEN by them. */
  private boolean putRounded(BigInteger unscaled, int digits) {
    words.set(unscaled);
    // The last group cut off decides; of those before it only counts whether there was anything.
    int cut = digits % BILLION_DIGITS;
    long last = 0;
    long divisor = 1;
    boolean more = false;
    if (cut > 0) {
      divisor = POWERS_OF_TEN[cut];
      last = words.divide((int) divisor);
    }
    for (; cut < digits; cut += BILLION_DIGITS) {
      more |= last != 0;
      divisor = BILLION;
      last = words.divideByBillion();
    }
    if (!words.fits127()) {
      return false;
    }
    long high = words.high();
    long low = words.low();
    boolean isTie = 2 * last == divisor && !more;
    if (isTie ? (low & 1) != 0 : 2 * last >= divisor) {
      low++;
      high += low == 0 ? 1 : 0;
    }
    if (isBeyond(high, low)) {
      return false;
    }
    if (unscaled.signum() < 0) {
      low = -low;
      high = ~high + (low == 0 ? 1 : 0);
    }
    put(high, low);
    return true;
  }

  private static boolean isBeyond(long high, long low) {
    return high != BEYOND_HIGH
        ? high < 0 || high > BEYOND_HIGH
        : Long.compareUnsigned(low, BEYOND_LOW) >= 0;
  }

  /** The number that bytes stand for. */
  public static BigDecimal number(byte[] bytes, int offset) {
    return new BigDecimal(new BigInteger(bytes, offset, BYTES), SqlDecimal.SCALE);
  }

  private void put(long high, long low) {
    LONGS.set(bytes, 0, high);
    LONGS.set(bytes, Long.BYTES, low);
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
