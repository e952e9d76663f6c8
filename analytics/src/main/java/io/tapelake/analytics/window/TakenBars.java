package io.tapelake.analytics.window;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.number.Int256;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Minutes with trades, ascending, each with the running sums up to it, so that the sums over any of
 * them are a difference. With doubles such a difference loses its digits; these have all of them.
 * Places count from the first minute that was taken; minutes that nobody looks at are dropped.
 */
final class TakenBars {

  /** Dropping moves all that is left, so it waits for as many to drop. */
  private static final int DROPPED_AT_ONCE = 4096;

  private final boolean withFlow;
  private final List<Taken> taken = new ArrayList<>();
  private Taken last;

  /** The place of the first minute that is left. */
  private int first;

  /**
   * A minute and the sums up to its end.
   *
   * @param amihud of the minute
   * @param amihudSum of all minutes for which it is defined
   * @param amihudCount how many these are
   */
  private record Taken(
      MinuteBar bar,
      BigDecimal close,
      VwapSums vwap,
      FlowSums flow,
      double amihud,
      Int256 amihudSum,
      long amihudCount) {}

  /**
   * No minutes yet; with the newest price before those that will be taken, or null, and with flow
   * where more than VWAP is asked for.
   */
  TakenBars(BigDecimal closeBefore, boolean withFlow) {
    this.withFlow = withFlow;
    last = new Taken(null, closeBefore, VwapSums.NONE, FlowSums.NONE, Double.NaN, new Int256(), 0);
    taken.add(last);
  }

  /** Takes the next minute, and the running sums of VWAP with it. */
  void take(MinuteBar bar, VwapSums total) {
    FlowSums flow = FlowSums.NONE;
    double amihud = Double.NaN;
    if (withFlow) {
      flow = last.flow.plus(FlowSums.of(bar));
      amihud = Illiquidity.of(bar, last.close);
    }
    boolean isDefined = !Double.isNaN(amihud);
    last =
        new Taken(
            bar,
            bar.close(),
            total,
            flow,
            amihud,
            isDefined ? last.amihudSum.plus(Illiquidity.summand(amihud)) : last.amihudSum,
            last.amihudCount + (isDefined ? 1 : 0));
    taken.add(last);
  }

  /** The place of the minute that is taken next. */
  int end() {
    return first + taken.size() - 1;
  }

  MinuteBar bar(int place) {
    return taken.get(place - first + 1).bar;
  }

  /** The newest price; null before the first one. */
  BigDecimal close() {
    return last.close;
  }

  /** The running sums of VWAP up to the newest minute. */
  VwapSums vwap() {
    return last.vwap;
  }

  /** The running sums of VWAP before a place. */
  VwapSums vwapBefore(int place) {
    return before(place).vwap;
  }

  /** The other sums from a place on. */
  FlowSums flowFrom(int place) {
    return last.flow.minus(before(place).flow);
  }

  /** The illiquidity of the newest minute. */
  double amihud() {
    return last.amihud;
  }

  /** The mean illiquidity from a place on; NaN when it is not defined for any minute. */
  double meanAmihudFrom(int place) {
    Taken before = before(place);
    return Illiquidity.mean(
        last.amihudSum.minus(before.amihudSum), last.amihudCount - before.amihudCount);
  }

  /** Forgets what lies before a place. */
  void dropBefore(int place) {
    if (place - first >= DROPPED_AT_ONCE) {
      taken.subList(0, place - first).clear();
      first = place;
    }
  }

  private Taken before(int place) {
    return taken.get(place - first);
  }
}
