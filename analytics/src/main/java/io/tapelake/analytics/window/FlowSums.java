package io.tapelake.analytics.window;

import io.tapelake.analytics.bar.MinuteBar;
import java.io.Serializable;
import java.math.BigDecimal;

/**
 * The exact sums beside those of VWAP that a span's statistics are made of.
 *
 * @param buyCount trades whose taker bought
 * @param squaredPriceNotional Σ price² · notional
 * @param buyNotional Σ notional of taker buys
 * @param buyBaseVolume Σ base volume of taker buys
 * @param contracts Σ contracts
 * @param buyContracts Σ contracts of taker buys
 */
public record FlowSums(
    long buyCount,
    BigDecimal squaredPriceNotional,
    BigDecimal buyNotional,
    BigDecimal buyBaseVolume,
    BigDecimal contracts,
    BigDecimal buyContracts)
    implements Serializable {

  /** Of a span without trades. */
  public static final FlowSums NONE =
      new FlowSums(
          0, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

  /** Of one minute. */
  public static FlowSums of(MinuteBar bar) {
    return new FlowSums(
        bar.buyCount(),
        bar.squaredPriceNotional(),
        bar.buyNotional(),
        bar.buyBaseVolume(),
        bar.contracts(),
        bar.buyContracts());
  }

  FlowSums plus(FlowSums other) {
    return new FlowSums(
        buyCount + other.buyCount,
        squaredPriceNotional.add(other.squaredPriceNotional),
        buyNotional.add(other.buyNotional),
        buyBaseVolume.add(other.buyBaseVolume),
        contracts.add(other.contracts),
        buyContracts.add(other.buyContracts));
  }

  FlowSums minus(FlowSums other) {
    return new FlowSums(
        buyCount - other.buyCount,
        squaredPriceNotional.subtract(other.squaredPriceNotional),
        buyNotional.subtract(other.buyNotional),
        buyBaseVolume.subtract(other.buyBaseVolume),
        contracts.subtract(other.contracts),
        buyContracts.subtract(other.buyContracts));
  }
}
