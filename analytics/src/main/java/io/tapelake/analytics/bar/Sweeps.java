package io.tapelake.analytics.bar;

import io.tapelake.analytics.number.Ratio;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Set;

/**
 * Finds the sweeps among trades that come in order: runs of one taker side in one millisecond, at
 * two or more prices. Runs are followed in integers; a run that leaves their grid goes on in
 * BigDecimals.
 */
final class Sweeps {

  private static final int BPS_DIGITS = 4;
  private static final long NO_RUN = -1;

  /** With one product more it may be too large. */
  private static final long FULL = 1L << 62;

  private long runMillis = NO_RUN;
  private boolean runBuy;

  private long runFirst;
  private long runLast;
  private long runLotTicks;

  /** Empty while the run has one price. */
  private final Levels runLevels = new Levels();

  /** Null while the run is on the grid. */
  private WideRun wideRun;

  private final Int128 lotTicks = new Int128();
  private long widestMove;
  private long widestFrom = 1;

  private long count;
  private long mostLevels;
  private BigDecimal notional = BigDecimal.ZERO;
  private BigDecimal exactMove = BigDecimal.ZERO;
  private BigDecimal exactFrom = BigDecimal.ONE;

  /** The run at hand, in numbers of any length. */
  private static final class WideRun {

    private final BigDecimal first;
    private BigDecimal last;
    private BigDecimal notional = BigDecimal.ZERO;
    private final Set<BigDecimal> levels = new HashSet<>();

    WideRun(BigDecimal first) {
      this.first = first;
    }

    void add(BigDecimal price, BigDecimal tradeNotional) {
      last = price;
      notional = notional.add(tradeNotional);
      levels.add(price.stripTrailingZeros());
    }
  }

  /**
   * Adds the next trade, of lots × ticks below 2^62, on a grid that stays the same until {@link
   * #flush}.
   */
  void add(long millis, boolean buy, long ticks, long product, PriceGrid grid) {
    if (millis != runMillis || buy != runBuy) {
      endRun();
      runMillis = millis;
      runBuy = buy;
      runFirst = ticks;
      runLast = ticks;
      runLotTicks = product;
    } else if (wideRun != null) {
      wideRun.add(grid.price(ticks), grid.notional(product));
    } else {
      runLotTicks += product;
      if (ticks != runLast) {
        runLevels.add(runLast);
        runLevels.add(ticks);
        runLast = ticks;
      }
    }
  }

  /** Whether the run at hand has to be flushed before another trade, with which it may overflow. */
  boolean isFull() {
    return runLotTicks >= FULL;
  }

  /** Adds the next trade; nothing is left to be flushed. */
  void addWide(long millis, boolean buy, BigDecimal price, BigDecimal tradeNotional) {
    if (millis != runMillis || buy != runBuy) {
      endRun();
      runMillis = millis;
      runBuy = buy;
      wideRun = new WideRun(price);
    }
    wideRun.add(price, tradeNotional);
  }

  /** Turns the integers into BigDecimals. */
  void flush(PriceGrid grid) {
    notional = notional.add(grid.notional(lotTicks));
    lotTicks.clear();
    noteMove(grid.price(widestMove), grid.price(widestFrom));
    widestMove = 0;
    widestFrom = 1;
    if (runMillis != NO_RUN && wideRun == null) {
      WideRun run = new WideRun(grid.price(runFirst));
      for (long ticks : runLevels.toArray()) {
        run.add(grid.price(ticks), BigDecimal.ZERO);
      }
      run.add(grid.price(runLast), grid.notional(runLotTicks));
      runLevels.clear();
      wideRun = run;
    }
  }

  /** The same without a run at hand, once everything is flushed; these go on. */
  Sweeps ended() {
    Sweeps ended = new Sweeps();
    ended.count = count;
    ended.mostLevels = mostLevels;
    ended.notional = notional;
    ended.exactMove = exactMove;
    ended.exactFrom = exactFrom;
    ended.wideRun = wideRun;
    ended.endRun();
    return ended;
  }

  long count() {
    return count;
  }

  /** The most prices of a run; 0 before a run has ended. */
  long mostLevels() {
    return mostLevels;
  }

  BigDecimal notional() {
    return notional;
  }

  double widestBps() {
    return Ratio.of(exactMove.scaleByPowerOfTen(BPS_DIGITS), exactFrom);
  }

  private void endRun() {
    if (wideRun != null) {
      endWideRun();
    } else if (runLevels.count() > 0) {
      count++;
      mostLevels = Math.max(mostLevels, runLevels.count());
      runLevels.clear();
      lotTicks.add(runLotTicks);
      noteMove(Math.abs(runLast - runFirst), runFirst);
    } else if (mostLevels == 0 && runMillis != NO_RUN) {
      mostLevels = 1;
    }
  }

  private void endWideRun() {
    int levels = wideRun.levels.size();
    mostLevels = Math.max(mostLevels, levels);
    if (levels > 1) {
      count++;
      notional = notional.add(wideRun.notional);
      noteMove(wideRun.last.subtract(wideRun.first).abs(), wideRun.first);
    }
    wideRun = null;
  }

  /** Prices on a grid are below 2^31 ticks, so that their products fit. */
  private void noteMove(long move, long from) {
    if (move * widestFrom > widestMove * from) {
      widestMove = move;
      widestFrom = from;
    }
  }

  private void noteMove(BigDecimal move, BigDecimal from) {
    if (move.multiply(exactFrom).compareTo(exactMove.multiply(from)) > 0) {
      exactMove = move;
      exactFrom = from;
    }
  }
}
