package io.tapelake.live.market;

import io.tapelake.vault.TakerSide;
import io.tapelake.vault.Trade;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What windows of a tape come to by definition: every trade's parts by minute, added up for each
 * question anew. Shares nothing with the program but the record of a trade.
 */
public final class ExactOracle {

  private static final MathContext DIGITS = new MathContext(50, RoundingMode.HALF_EVEN);

  private final Map<Long, BigDecimal[]> minutes = new HashMap<>();
  private long newest = Long.MIN_VALUE;

  /** The figures of a span. */
  public record Figures(BigDecimal vwap, BigDecimal vwapBase, long trades, BigDecimal cvd) {}

  /** Adds a trade of a linear contract. */
  public void add(Trade trade) {
    long minute = Math.floorDiv(trade.time().getEpochSecond(), 60L);
    newest = Math.max(newest, minute);
    BigDecimal base =
        trade
            .contracts()
            .multiply(trade.contract().value())
            .multiply(trade.contract().multiplier());
    BigDecimal notional = base.multiply(trade.price());
    BigDecimal[] sums = minutes.computeIfAbsent(minute, key -> zeros());
    sums[0] = sums[0].add(trade.price().multiply(notional));
    sums[1] = sums[1].add(notional);
    sums[2] = sums[2].add(base);
    sums[3] = sums[3].add(trade.side() == TakerSide.BUY ? base : base.negate());
    sums[4] = sums[4].add(BigDecimal.ONE);
  }

  /** The minute of the newest trade. */
  public long newest() {
    return newest;
  }

  /** The figures of the minutes from one to another, both of them in it. */
  public Figures of(long from, long to) {
    BigDecimal[] all = zeros();
    for (long minute = from; minute <= to; minute++) {
      BigDecimal[] sums = minutes.get(minute);
      for (int i = 0; sums != null && i < all.length; i++) {
        all[i] = all[i].add(sums[i]);
      }
    }
    if (all[1].signum() == 0) {
      return new Figures(null, null, 0, BigDecimal.ZERO);
    }
    return new Figures(
        all[0].divide(all[1], DIGITS),
        all[1].divide(all[2], DIGITS),
        all[4].longValueExact(),
        all[3]);
  }

  private static BigDecimal[] zeros() {
    BigDecimal[] zeros = new BigDecimal[5];
    Arrays.fill(zeros, BigDecimal.ZERO);
    return zeros;
  }
}
