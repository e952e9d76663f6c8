package io.tapelake.analytics.bar;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Price buckets of 1 to 2.5 basis points, a function of nothing but the price, so that the volume
 * profiles of any minutes and days add up.
 *
 * <table>
 * <caption>Width of the bucket of a price</caption>
 * <tr><th>price</th><th>width</th><th>buckets</th></tr>
 * <tr><td>[1, 2) · 10^n</td><td>2 · 10^(n-4)</td><td>5000</td></tr>
 * <tr><td>[2, 5) · 10^n</td><td>5 · 10^(n-4)</td><td>6000</td></tr>
 * <tr><td>[5, 10) · 10^n</td><td>1 · 10^(n-3)</td><td>5000</td></tr>
 * </table>
 *
 * <p>A bucket holds the prices from its lower edge up to, not including, its upper edge. Ticks are
 * 1, 2 or 5 times a power of ten, so a bucket is whole ticks wide, or holds a single tick's price
 * where a tick is wider. Indices are contiguous: 16,000 a decade, ascending with the price; prices
 * from 1 on have indices from 0 on.
 */
public final class PriceBucket {

  /** Buckets from 10^n to 10^(n+1). */
  private static final int A_DECADE = 16_000;

  /** Digits that decide which bucket of its decade a price is in. */
  private static final int UNIT_DIGITS = 5;

  private static final int LONG_DIGITS = 19;

  private static final int FIRST_STEPS = 5000;
  private static final int MIDDLE_STEPS = 6000;

  private PriceBucket() {}

  /** The bucket of a price, which is greater than zero. */
  public static long of(BigDecimal price) {
    if (price.signum() <= 0) {
      throw new IllegalArgumentException("price is not greater than zero: " + price);
    }
    int decade = price.precision() - price.scale() - 1;
    // The price in units of 10^(decade-4): 10000 to 99999, cut off behind the point, which is where
    // a bucket's edges lie.
    int units = price.scaleByPowerOfTen(UNIT_DIGITS - 1 - decade).toBigInteger().intValueExact();
    return (long) decade * A_DECADE + step(units);
  }

  /** The bucket of a price in ticks of 10^-tickScale. */
  static long of(long ticks, int tickScale) {
    int digits = digits(ticks);
    long units =
        digits >= UNIT_DIGITS
            ? ticks / PriceGrid.powerOfTen(digits - UNIT_DIGITS)
            : ticks * PriceGrid.powerOfTen(UNIT_DIGITS - digits);
    return (long) (digits - 1 - tickScale) * A_DECADE + step((int) units);
  }

  /**
   * The first tick that is not below a bucket, which has a tick below 2^32, or is the one behind
   * it.
   */
  static long firstTick(long bucket, int tickScale) {
    int decade = Math.toIntExact(Math.floorDiv(bucket, (long) A_DECADE));
    long units = units((int) Math.floorMod(bucket, (long) A_DECADE));
    int power = decade + 1 - UNIT_DIGITS + tickScale;
    return power >= 0
        ? units * PriceGrid.powerOfTen(power)
        : -Math.floorDiv(-units, PriceGrid.powerOfTen(-power));
  }

  /** The lowest price of a bucket. */
  public static BigDecimal lower(long bucket) {
    int decade = Math.toIntExact(Math.floorDiv(bucket, (long) A_DECADE));
    int units = units((int) Math.floorMod(bucket, (long) A_DECADE));
    return MinuteBar.plain(new BigDecimal(BigInteger.valueOf(units), UNIT_DIGITS - 1 - decade));
  }

  /** The lowest price above a bucket. */
  public static BigDecimal upper(long bucket) {
    return lower(bucket + 1);
  }

  /**
   * The lowest price that a bucket can have where prices are multiples of a step: the bucket's
   * lower edge, or the multiple in it where a step is wider than the bucket.
   */
  public static BigDecimal lower(long bucket, BigDecimal step) {
    BigDecimal lower = lower(bucket);
    return isNarrower(bucket, step) ? multipleFrom(lower, step) : lower;
  }

  /** The lowest price above what {@link #lower} begins, so that a row is at least a step wide. */
  public static BigDecimal upper(long bucket, BigDecimal step) {
    return isNarrower(bucket, step)
        ? MinuteBar.plain(multipleFrom(lower(bucket), step).add(step))
        : upper(bucket);
  }

  /** Whether buckets lie beside each other: no multiple of the step is between them. */
  public static boolean areNeighbours(long bucket, long higher, PriceStep step) {
    if (higher == bucket + 1) {
      return true;
    }
    // In steps of so many digits less than a bucket is wide there is one in every bucket.
    int decade = Math.toIntExact(Math.floorDiv(bucket, (long) A_DECADE));
    return decade + step.decimals() < UNIT_DIGITS
        && multipleFrom(upper(bucket), step.toDecimal()).compareTo(lower(higher)) >= 0;
  }

  /** Whether a bucket is narrower than a step, so that it holds one price at most. */
  public static boolean isNarrower(long bucket, BigDecimal step) {
    return upper(bucket).subtract(lower(bucket)).compareTo(step) < 0;
  }

  /** The lowest multiple of a step that is not below a price. */
  private static BigDecimal multipleFrom(BigDecimal price, BigDecimal step) {
    BigDecimal[] parts = price.divideAndRemainder(step);
    BigDecimal steps = parts[1].signum() == 0 ? parts[0] : parts[0].add(BigDecimal.ONE);
    return MinuteBar.plain(steps.multiply(step));
  }

  private static int digits(long number) {
    int digits = 1;
    while (digits < LONG_DIGITS && number >= PriceGrid.powerOfTen(digits)) {
      digits++;
    }
    return digits;
  }

  private static int step(int units) {
    if (units < 20_000) {
      return (units - 10_000) / 2;
    } else if (units < 50_000) {
      return FIRST_STEPS + (units - 20_000) / 5;
    }
    return FIRST_STEPS + MIDDLE_STEPS + (units - 50_000) / 10;
  }

  private static int units(int step) {
    if (step < FIRST_STEPS) {
      return 10_000 + 2 * step;
    } else if (step < FIRST_STEPS + MIDDLE_STEPS) {
      return 20_000 + 5 * (step - FIRST_STEPS);
    }
    return 50_000 + 10 * (step - FIRST_STEPS - MIDDLE_STEPS);
  }
}
