package io.tapelake.analytics.window;

import io.tapelake.analytics.bar.MinuteBar;

/** The minutes since the beginning of a UTC day. */
final class SessionSpan extends OpenSpan {

  private long day = Long.MIN_VALUE;
  private VwapSums before = VwapSums.NONE;

  SessionSpan() {
    super(true);
  }

  @Override
  void take(MinuteBar bar, TakenBars taken) {
    goTo(bar.minute(), taken);
    super.take(bar, taken);
  }

  @Override
  SpanFigures at(long minute, TakenBars taken, InstrumentMinutes.Queried queried) {
    goTo(minute, taken);
    return isKept() ? kept() : make(taken.vwap().minus(before), taken);
  }

  private void goTo(long minute, TakenBars taken) {
    long from = MinuteRange.dayOf(minute).from();
    if (from != day) {
      day = from;
      before = taken.vwap();
      restart(taken.end());
    }
  }
}
