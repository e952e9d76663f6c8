package io.tapelake.analytics.bar;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;

/**
 * What a minute's trades were like one by one: their order by (event time, trade id), their sizes
 * and their prices. A sweep is a run of consecutive trades of one taker side in the same
 * millisecond at two or more different prices, which is what one order that walks the book leaves
 * behind.
 *
 * @param base extremes of the running delta in base volume
 * @param notional extremes of the running delta in notional
 * @param contracts extremes of the running delta in contracts
 * @param sweeps how many sweeps there were
 * @param mostLevels the most different prices of one run; 1 without a sweep
 * @param sweepNotional Σ notional of the sweeps' trades
 * @param widestSweepBps the largest |last − first| / first × 10^4 of a run; 0 without
 * @param largestNotional the largest notional of one trade
 * @param activeSeconds different seconds with a trade
 * @param rootFlow Σ of ±√notional, plus for taker buys: each root is the IEEE double closest to
 *     that of the notional as a double, rounded HALF_EVEN to {@value #ROOT_SCALE} decimals, so that
 *     the sum is exact and does not depend on the order
 * @param priceStep how far apart its prices are at least, see {@link PriceStep}
 * @param profile volume by price bucket, ascending
 */
public record MinuteFlow(
    Extremes base,
    Extremes notional,
    Extremes contracts,
    long sweeps,
    long mostLevels,
    BigDecimal sweepNotional,
    double widestSweepBps,
    BigDecimal largestNotional,
    long activeSeconds,
    BigDecimal rootFlow,
    BigDecimal priceStep,
    List<BucketVolume> profile)
    implements Serializable {

  /** Decimals of the roots in {@link #rootFlow}. */
  public static final int ROOT_SCALE = 18;

  /** Of a minute whose trades were not looked at one by one. */
  public static final MinuteFlow NONE =
      new MinuteFlow(
          Extremes.NONE,
          Extremes.NONE,
          Extremes.NONE,
          0,
          0,
          BigDecimal.ZERO,
          0,
          BigDecimal.ZERO,
          0,
          BigDecimal.ZERO,
          BigDecimal.ZERO,
          List.of());

  /** Numbers without trailing zeros, so that equal values are equal records. */
  public MinuteFlow {
    sweepNotional = MinuteBar.plain(sweepNotional);
    largestNotional = MinuteBar.plain(largestNotional);
    rootFlow = MinuteBar.plain(rootFlow);
    priceStep = MinuteBar.plain(priceStep);
    profile = List.copyOf(profile);
  }
}
