package io.tapelake.analytics.bar;

import java.math.BigDecimal;

/**
 * Works out what depends on single trades and their order, from trades that come in the order of
 * (event time, trade id), in integers as far as they fit.
 */
final class FlowAccumulator {

  private static final long NANOS_A_MILLI = 1_000_000;
  private static final long NANOS_A_SECOND = 1_000_000_000;

  /** A delta of lots × ticks that is beyond this has to be flushed; one trade adds less. */
  private static final long MAX_DELTA = 1L << 62;

  private long delta;
  private long deltaHigh;
  private long deltaLow;
  private long lotDelta;
  private long lotDeltaHigh;
  private long lotDeltaLow;
  private long largestProduct;

  private long activeSeconds;
  private final Sweeps sweeps = new Sweeps();
  private final BucketSums buckets = new BucketSums();
  private final RootFlow roots = new RootFlow();

  private final DeltaExtremes base = new DeltaExtremes();
  private final DeltaExtremes notional = new DeltaExtremes();
  private final DeltaExtremes contracts = new DeltaExtremes();
  private BigDecimal largestNotional = BigDecimal.ZERO;

  /** The greatest common divisor of prices on the grid; 0 before the first. */
  private long divisor;

  private PriceStep step;

  /**
   * Adds the next trade, of lots × ticks below 2^62, on a grid that stays the same until {@link
   * #flush}; whether the integers have to be flushed before the next one.
   */
  boolean add(long nanoOfMinute, boolean buy, long ticks, long lots, long product, PriceGrid grid) {
    activeSeconds |= 1L << (nanoOfMinute / NANOS_A_SECOND);
    largestProduct = Math.max(largestProduct, product);
    if (buy) {
      delta += product;
      deltaHigh = Math.max(deltaHigh, delta);
      lotDelta += lots;
      lotDeltaHigh = Math.max(lotDeltaHigh, lotDelta);
    } else {
      delta -= product;
      deltaLow = Math.min(deltaLow, delta);
      lotDelta -= lots;
      lotDeltaLow = Math.min(lotDeltaLow, lotDelta);
    }
    sweeps.add(nanoOfMinute / NANOS_A_MILLI, buy, ticks, product, grid);
    buckets.add(ticks, lots, buy, grid);
    roots.add(grid.notionalAsDouble(product), buy);
    if (divisor != 1 && (divisor == 0 || ticks % divisor != 0)) {
      divisor = PriceStep.gcd(ticks, divisor);
    }
    return delta >= MAX_DELTA || delta <= -MAX_DELTA || sweeps.isFull();
  }

  /** Adds the next trade, in numbers of any length. Nothing is left to be flushed. */
  void addExact(
      long nanoOfMinute,
      boolean buy,
      BigDecimal price,
      BigDecimal quantity,
      BigDecimal tradeBase,
      BigDecimal tradeNotional) {
    activeSeconds |= 1L << (nanoOfMinute / NANOS_A_SECOND);
    largestNotional = largestNotional.max(tradeNotional);
    base.add(tradeBase, buy);
    notional.add(tradeNotional, buy);
    contracts.add(quantity, buy);
    sweeps.addWide(nanoOfMinute / NANOS_A_MILLI, buy, price, tradeNotional);
    buckets.addExact(PriceBucket.of(price), tradeBase, buy);
    roots.add(tradeNotional.doubleValue(), buy);
    noteStep(PriceStep.ofDivisor(price));
  }

  private void noteStep(PriceStep other) {
    step = step == null ? other : step.with(other);
  }

  /** Turns the integers into BigDecimals. */
  void flush(PriceGrid grid) {
    largestNotional = largestNotional.max(grid.notional(largestProduct));
    notional.add(grid.notional(delta), grid.notional(deltaHigh), grid.notional(deltaLow));
    contracts.add(
        grid.contracts(lotDelta), grid.contracts(lotDeltaHigh), grid.contracts(lotDeltaLow));
    base.add(grid.amount(lotDelta), grid.amount(lotDeltaHigh), grid.amount(lotDeltaLow));
    sweeps.flush(grid);
    buckets.flush(grid);
    if (divisor != 0) {
      noteStep(PriceStep.ofDivisor(grid.price(divisor)));
      divisor = 0;
    }
    largestProduct = 0;
    delta = 0;
    deltaHigh = 0;
    deltaLow = 0;
    lotDelta = 0;
    lotDeltaHigh = 0;
    lotDeltaLow = 0;
  }

  /** What the trades came to, once everything is flushed. */
  MinuteFlow toFlow() {
    Sweeps sweeps = this.sweeps.ended();
    return new MinuteFlow(
        base.toExtremes(),
        notional.toExtremes(),
        contracts.toExtremes(),
        sweeps.count(),
        sweeps.mostLevels(),
        sweeps.notional(),
        sweeps.widestBps(),
        largestNotional,
        Long.bitCount(activeSeconds),
        roots.sum(),
        step.toDecimal(),
        buckets.toList());
  }
}
