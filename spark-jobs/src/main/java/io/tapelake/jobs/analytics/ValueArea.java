package io.tapelake.jobs.analytics;

import io.tapelake.jobs.minute.PriceBucket;
import io.tapelake.jobs.window.Quotient;
import java.math.BigDecimal;

/**
 * Where most of the volume was traded: the price bucket with the most (point of control) and the
 * contiguous buckets around it that hold at least 70 % of it.
 *
 * <p>The area grows from the point of control bucket by bucket, by the larger of the two
 * neighbours, by the higher-priced one when they are equal, and stops once 70 % is reached. Buckets
 * without trades count as neighbours with volume 0. Where several buckets have the most volume, the
 * point of control is the one nearest to the middle of all traded buckets, and of two equally near
 * the lower.
 *
 * @param poc the bucket with the most volume
 * @param lowest the lowest bucket of the area
 * @param highest the highest bucket of the area
 * @param volume base volume traded in the area
 */
public record ValueArea(long poc, long lowest, long highest, BigDecimal volume) {

  /** The share of the volume that the area holds at least. */
  public static final BigDecimal SHARE = new BigDecimal("0.7");

  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  /** The point of control as a price: the middle of its bucket. */
  public BigDecimal pocPrice() {
    return Quotient.of(PriceBucket.lower(poc).add(PriceBucket.upper(poc)), TWO);
  }

  /** The value area low as a price: the lower edge of the lowest bucket. */
  public BigDecimal lowPrice() {
    return PriceBucket.lower(lowest);
  }

  /** The value area high as a price: the upper edge of the highest bucket. */
  public BigDecimal highPrice() {
    return PriceBucket.upper(highest);
  }

  /** Whether a bucket is in the area. */
  public boolean contains(long bucket) {
    return lowest <= bucket && bucket <= highest;
  }
}
