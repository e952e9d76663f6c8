package io.tapelake.simulator.tape;

import io.tapelake.vault.TakerSide;
import java.time.Instant;

/**
 * The random walk behind one instrument's tape: each step is a trade.
 *
 * <p>Trades come as taker orders that sweep several resting orders: a run of trades on one side in
 * one millisecond or a few, at prices that move away from the taker. Orders arrive at random, the
 * price diffuses between them, sizes are log-normal with a share of round ones. Floating point is
 * fine here, for what leaves this class are whole ticks and lots; {@link StrictMath} makes them the
 * same on every machine.
 */
final class Walk {

  /** A time that never comes. */
  static final long NEVER = Long.MAX_VALUE;

  /** Of the price, in one second: 60 % a year. */
  private static final double VOLATILITY = 1.07e-4;

  /** Trades one taker order makes, on average: what {@link #orderLength} draws. */
  private static final double TRADES_PER_ORDER =
      0.6 + 0.4 * (2 + 1 / (StrictMath.exp(1 / 3.0) - 1));

  private static final long MIN_TICKS = 100;

  private final Lifecycle lifecycle;
  private final boolean calm;
  private final double meanGapMicros;

  private long random;
  private long micros;
  private long ahead;
  private double mid;
  private long ticks;
  private long left;
  private boolean buying;
  private int source;

  private Walk(Lifecycle lifecycle, double meanGapMicros) {
    this.lifecycle = lifecycle;
    this.calm = lifecycle.halts().isEmpty();
    this.meanGapMicros = meanGapMicros;
  }

  /** A walk from its beginning. */
  static Walk from(
      Lifecycle lifecycle, double tradesPerSecond, long seed, long beginMillis, long firstTicks) {
    Walk walk = new Walk(lifecycle, 1e6 * TRADES_PER_ORDER / tradesPerSecond);
    walk.random = seed;
    walk.micros = beginMillis * 1000;
    walk.mid = firstTicks;
    return walk;
  }

  /** A walk that goes on from where this one is now. */
  Walk copy() {
    Walk copy = new Walk(lifecycle, meanGapMicros);
    copy.random = random;
    copy.micros = micros;
    copy.ahead = ahead;
    copy.mid = mid;
    copy.ticks = ticks;
    copy.left = left;
    copy.buying = buying;
    copy.source = source;
    return copy;
  }

  /** The next trade; its time is {@link #NEVER} when there are no more. */
  Print next(long id) {
    if (left <= 0) {
      startOrder();
    } else {
      continueOrder();
    }
    left--;
    long time = micros == NEVER ? NEVER : micros / 1000;
    return new Print(id, time, ticks, lots(), buying ? TakerSide.BUY : TakerSide.SELL, source);
  }

  private void startOrder() {
    double gap = -meanGapMicros * StrictMath.log(uniform());
    if (micros == NEVER) {
      return;
    }
    // What the last orders took longer is made up for, so that the rate is what was asked for.
    long made = Math.min(ahead, (long) gap);
    ahead -= made;
    micros = resume(micros + (long) gap - made);
    mid *= 1 + VOLATILITY * StrictMath.sqrt(gap / 1e6) * gaussian();
    mid = Math.max(MIN_TICKS, mid);
    ticks = Math.max(MIN_TICKS, StrictMath.round(mid));
    left = orderLength();
    buying = uniform() < 0.7 ? buying : !buying;
    source = uniform() < 0.03 ? 1 : 0;
  }

  private void continueOrder() {
    if (uniform() < 0.4) {
      ticks = Math.max(MIN_TICKS, buying ? ticks + 1 : ticks - 1);
      mid = ticks;
    }
    if (uniform() < 0.05 && micros != NEVER) {
      long pause = (long) Math.min(1000, meanGapMicros);
      ahead += pause;
      micros = resume(micros + pause);
    }
  }

  private long orderLength() {
    return uniform() < 0.6 ? 1 : 2 + (long) (-3 * StrictMath.log(uniform()));
  }

  private long lots() {
    double size = StrictMath.exp(3 + 1.6 * gaussian());
    long lots = Math.max(1, Math.min(3_000_000, (long) size));
    return lots > 100 && uniform() < 0.3 ? lots / 100 * 100 : lots;
  }

  private long resume(long time) {
    if (calm || time == NEVER) {
      return time;
    }
    Instant resumed = lifecycle.resume(Instant.ofEpochMilli(time / 1000));
    if (resumed.equals(Instant.MAX)) {
      return NEVER;
    }
    return Math.max(time, resumed.toEpochMilli() * 1000);
  }

  /** A standard normal number, by Box and Muller. */
  private double gaussian() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(uniform()));
    return radius * StrictMath.cos(2 * Math.PI * uniform());
  }

  /** Of (0, 1]. */
  private double uniform() {
    return ((nextLong() >>> 11) + 1) * 0x1.0p-53;
  }

  /** SplitMix64: one long of state, so that a walk is cheap to copy. */
  private long nextLong() {
    random += 0x9E3779B97F4A7C15L;
    return mix(random);
  }

  /** Spreads the bits of a number: different seeds give unrelated walks. */
  static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
