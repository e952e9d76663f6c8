package io.tapelake.analytics.window;

import io.tapelake.analytics.bar.PriceBucket;
import io.tapelake.analytics.bar.PriceStep;
import java.math.BigDecimal;

/**
 * Where most of the volume was traded: the price bucket with the most (point of control) and the
 * contiguous buckets around it that hold at least 70 % of it.
 *
 * <p>The area grows from the point of control bucket by bucket, by the larger of the two
 * neighbours, by the higher-priced one when they are equal, and stops once 70 % is reached. Buckets
 * without trades count as neighbours with volume 0, as long as there is a price in them: where
 * prices are further apart than buckets are wide, the next price's bucket is the neighbour. Where
 * several buckets have the most volume, the point of control is the one nearest to the middle of
 * all traded buckets, and of two equally near the lower.
 *
 * @param poc the bucket with the most volume
 * @param lowest the lowest bucket of the area
 * @param highest the highest bucket of the area
 * @param step how far apart prices are at least
 * @param pocPrice the point of control as a price: the middle of its row, or the only price that it
 *     can hold
 * @param lowPrice the value area low as a price: the lower edge of the lowest row
 * @param highPrice the value area high as a price: the upper edge of the highest row
 */
public record ValueArea(
    long poc,
    long lowest,
    long highest,
    PriceStep step,
    BigDecimal pocPrice,
    BigDecimal lowPrice,
    BigDecimal highPrice) {

  private static final BigDecimal HALF = new BigDecimal("0.5");

  /** The area of some buckets. */
  static ValueArea of(long poc, long lowest, long highest, PriceStep step) {
    BigDecimal width = step.toDecimal();
    return new ValueArea(
        poc,
        lowest,
        highest,
        step,
        PriceBucket.isNarrower(poc, width)
            ? PriceBucket.lower(poc, width)
            : PriceBucket.lower(poc).add(PriceBucket.upper(poc)).multiply(HALF),
        PriceBucket.lower(lowest, width),
        PriceBucket.upper(highest, width));
  }

  /** Whether it has these buckets, and with them these prices. */
  boolean has(long control, long low, long high, PriceStep apart) {
    return poc == control && lowest == low && highest == high && step.equals(apart);
  }

  /** Whether a bucket is in the area. */
  public boolean contains(long bucket) {
    return lowest <= bucket && bucket <= highest;
  }
}
