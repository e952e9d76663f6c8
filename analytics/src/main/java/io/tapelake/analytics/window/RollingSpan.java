package io.tapelake.analytics.window;

/** A window of some minutes. */
final class RollingSpan extends OpenSpan {

  private final int minutes;
  private final int index;

  /** A window that nothing was taken into, with its place among the windows. */
  RollingSpan(int minutes, int index, boolean withProfile) {
    super(withProfile);
    this.minutes = minutes;
    this.index = index;
  }

  @Override
  SpanFigures at(long minute, TakenBars taken, InstrumentMinutes.Queried queried) {
    leave(minute - minutes + 1, taken);
    if (isKept()) {
      return kept();
    }
    VwapSums before = queried == null ? taken.vwapBefore(first()) : queried.before(index);
    return make(taken.vwap().minus(before), taken);
  }
}
