package io.tapelake.analytics.window;

import io.tapelake.analytics.bar.MinuteBar;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;
import java.util.StringJoiner;

/**
 * Exact sums over all trades of a span of minutes.
 *
 * @param vwap those that VWAPs are made of
 * @param flow the others; {@link FlowSums#NONE} without analytics
 */
public record SpanSums(VwapSums vwap, FlowSums flow) implements Serializable {

  /** Of a span without trades. */
  public static final SpanSums NONE = new SpanSums(VwapSums.NONE, FlowSums.NONE);

  private static final String BETWEEN_SUMS = " ";
  private static final int SUMS = 10;

  /** Of one minute. */
  public static SpanSums of(MinuteBar bar) {
    return new SpanSums(VwapSums.of(bar), FlowSums.of(bar));
  }

  public SpanSums plus(SpanSums other) {
    return new SpanSums(vwap.plus(other.vwap), flow.plus(other.flow));
  }

  /** Taker buys less taker sells. */
  public Delta delta() {
    return new Delta(
        twice(flow.buyBaseVolume()).subtract(vwap.baseVolume()),
        twice(flow.buyNotional()).subtract(vwap.notional()),
        twice(flow.buyContracts()).subtract(flow.contracts()));
  }

  private static BigDecimal twice(BigDecimal number) {
    return number.add(number);
  }

  /** All ten sums as text, which {@link #parse} reads. */
  public String text() {
    StringJoiner text = new StringJoiner(BETWEEN_SUMS);
    text.add(Long.toString(vwap.tradeCount())).add(Long.toString(flow.buyCount()));
    List.of(
            vwap.priceNotional(),
            flow.squaredPriceNotional(),
            vwap.notional(),
            flow.buyNotional(),
            vwap.baseVolume(),
            flow.buyBaseVolume(),
            flow.contracts(),
            flow.buyContracts())
        .forEach(sum -> text.add(sum.stripTrailingZeros().toPlainString()));
    return text.toString();
  }

  /**
   * The sums of a text.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static SpanSums parse(String text) {
    String[] sums = text.split(BETWEEN_SUMS, -1);
    if (sums.length != SUMS) {
      throw new IllegalArgumentException("not the sums of a span: '" + text + "'");
    }
    return new SpanSums(
        new VwapSums(
            Long.parseLong(sums[0]),
            new BigDecimal(sums[2]),
            new BigDecimal(sums[4]),
            new BigDecimal(sums[6])),
        new FlowSums(
            Long.parseLong(sums[1]),
            new BigDecimal(sums[3]),
            new BigDecimal(sums[5]),
            new BigDecimal(sums[7]),
            new BigDecimal(sums[8]),
            new BigDecimal(sums[9])));
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
