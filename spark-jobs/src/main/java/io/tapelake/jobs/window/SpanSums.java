package io.tapelake.jobs.window;

import io.tapelake.jobs.minute.MinuteBar;
import java.io.Serializable;
import java.math.BigDecimal;

/**
 * Exact sums over all trades of a span of minutes.
 *
 * @param tradeCount trades
 * @param buyCount those of them whose taker bought
 * @param priceNotional Σ price · notional
 * @param squaredPriceNotional Σ price² · notional
 * @param notional Σ notional
 * @param buyNotional Σ notional of taker buys
 * @param baseVolume Σ base volume
 * @param buyBaseVolume Σ base volume of taker buys
 * @param contracts Σ contracts
 * @param buyContracts Σ contracts of taker buys
 */
public record SpanSums(
    long tradeCount,
    long buyCount,
    BigDecimal priceNotional,
    BigDecimal squaredPriceNotional,
    BigDecimal notional,
    BigDecimal buyNotional,
    BigDecimal baseVolume,
    BigDecimal buyBaseVolume,
    BigDecimal contracts,
    BigDecimal buyContracts)
    implements Serializable {

  /** Of a span without trades. */
  public static final SpanSums NONE =
      new SpanSums(
          0,
          0,
          BigDecimal.ZERO,
          BigDecimal.ZERO,
          BigDecimal.ZERO,
          BigDecimal.ZERO,
          BigDecimal.ZERO,
          BigDecimal.ZERO,
          BigDecimal.ZERO,
          BigDecimal.ZERO);

  static SpanSums of(MinuteBar bar) {
    return new SpanSums(
        bar.tradeCount(),
        bar.buyCount(),
        bar.priceNotional(),
        bar.squaredPriceNotional(),
        bar.notional(),
        bar.buyNotional(),
        bar.baseVolume(),
        bar.buyBaseVolume(),
        bar.contracts(),
        bar.buyContracts());
  }

  public SpanSums plus(SpanSums other) {
    return new SpanSums(
        tradeCount + other.tradeCount,
        buyCount + other.buyCount,
        priceNotional.add(other.priceNotional),
        squaredPriceNotional.add(other.squaredPriceNotional),
        notional.add(other.notional),
        buyNotional.add(other.buyNotional),
        baseVolume.add(other.baseVolume),
        buyBaseVolume.add(other.buyBaseVolume),
        contracts.add(other.contracts),
        buyContracts.add(other.buyContracts));
  }

  SpanSums minus(SpanSums other) {
    return new SpanSums(
        tradeCount - other.tradeCount,
        buyCount - other.buyCount,
        priceNotional.subtract(other.priceNotional),
        squaredPriceNotional.subtract(other.squaredPriceNotional),
        notional.subtract(other.notional),
        buyNotional.subtract(other.buyNotional),
        baseVolume.subtract(other.baseVolume),
        buyBaseVolume.subtract(other.buyBaseVolume),
        contracts.subtract(other.contracts),
        buyContracts.subtract(other.buyContracts));
  }

  /** Taker buys less taker sells. */
  public Delta delta() {
    return new Delta(
        twice(buyBaseVolume).subtract(baseVolume),
        twice(buyNotional).subtract(notional),
        twice(buyContracts).subtract(contracts));
  }

  private static BigDecimal twice(BigDecimal number) {
    return number.add(number);
  }

  /**
   * Taker buys less taker sells, in three measures.
   *
   * @param base in base volume
   * @param notional in notional
   * @param contracts in contracts
   */
  public record Delta(BigDecimal base, BigDecimal notional, BigDecimal contracts)
      implements Serializable {

    public static final Delta NONE = new Delta(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

    public Delta plus(Delta other) {
      return new Delta(
          base.add(other.base), notional.add(other.notional), contracts.add(other.contracts));
    }
  }
}
