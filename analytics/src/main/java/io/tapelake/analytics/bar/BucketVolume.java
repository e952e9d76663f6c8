package io.tapelake.analytics.bar;

import java.io.Serializable;
import java.math.BigDecimal;

/**
 * What was traded in one price bucket.
 *
 * @param bucket the bucket's index, see {@link PriceBucket}
 * @param tradeCount trades, at least 1
 * @param baseVolume Σ base volume, in the base coin
 * @param buyBaseVolume Σ base volume of taker buys
 */
public record BucketVolume(
    long bucket, long tradeCount, BigDecimal baseVolume, BigDecimal buyBaseVolume)
    implements Serializable {

  /** Numbers without trailing zeros, so that equal values are equal records. */
  public BucketVolume {
    baseVolume = MinuteBar.plain(baseVolume);
    buyBaseVolume = MinuteBar.plain(buyBaseVolume);
  }

  /** This bucket's trades and other trades of the same bucket, none of them in both. */
  public BucketVolume merge(BucketVolume other) {
    if (other.bucket != bucket) {
      throw new IllegalArgumentException(
          "buckets %d and %d do not merge".formatted(bucket, other.bucket));
    }
    return new BucketVolume(
        bucket,
        tradeCount + other.tradeCount,
        baseVolume.add(other.baseVolume),
        buyBaseVolume.add(other.buyBaseVolume));
  }
}
