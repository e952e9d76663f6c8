package io.tapelake.analytics.window;

import io.tapelake.analytics.bar.MinuteBar;
import java.io.Serializable;
import java.math.BigDecimal;

/**
 * The exact sums that both VWAPs of a span of minutes are made of.
 *
 * @param tradeCount trades
 * @param priceNotional Σ price · notional
 * @param notional Σ notional
 * @param baseVolume Σ base volume
 */
public record VwapSums(
    long tradeCount, BigDecimal priceNotional, BigDecimal notional, BigDecimal baseVolume)
    implements Serializable {

  /** Of a span without trades. */
  public static final VwapSums NONE =
      new VwapSums(0, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

  /** Of one minute. */
  public static VwapSums of(MinuteBar bar) {
    return new VwapSums(bar.tradeCount(), bar.priceNotional(), bar.notional(), bar.baseVolume());
  }

  VwapSums plus(VwapSums other) {
    return new VwapSums(
        tradeCount + other.tradeCount,
        priceNotional.add(other.priceNotional),
        notional.add(other.notional),
        baseVolume.add(other.baseVolume));
  }

  VwapSums minus(VwapSums other) {
    return new VwapSums(
        tradeCount - other.tradeCount,
        priceNotional.subtract(other.priceNotional),
        notional.subtract(other.notional),
        baseVolume.subtract(other.baseVolume));
  }
}
