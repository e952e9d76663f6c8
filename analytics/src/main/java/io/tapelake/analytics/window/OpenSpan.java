package io.tapelake.analytics.window;

import io.tapelake.analytics.bar.MinuteBar;
import java.math.BigDecimal;

/** A span of minutes whose end moves on, and with it, of some, its beginning. */
abstract class OpenSpan {

  /** The place of its first minute with trades among those that were taken. */
  private int first;

  private VolumeProfile profile;

  /** Null when they have to be made anew. */
  private SpanFigures figures;

  OpenSpan(boolean withProfile) {
    profile = withProfile ? new VolumeProfile() : null;
  }

  int first() {
    return first;
  }

  /** Takes a minute with trades before it joins those that were taken. */
  void take(MinuteBar bar, TakenBars taken) {
    if (profile != null) {
      profile.add(bar.flow());
    }
    figures = null;
  }

  /** The figures of the span that ends with a minute. */
  abstract SpanFigures at(long minute, TakenBars taken, InstrumentMinutes.Queried queried);

  /** Begins anew at a place, with nothing in it. */
  final void restart(int place) {
    first = place;
    figures = null;
    profile = profile == null ? null : new VolumeProfile();
  }

  /** Leaves out minutes before another. */
  final void leave(long minute, TakenBars taken) {
    for (; first < taken.end() && taken.bar(first).minute() < minute; first++) {
      if (profile != null) {
        profile.remove(taken.bar(first).flow());
      }
      figures = null;
    }
  }

  final boolean isKept() {
    return figures != null;
  }

  final SpanFigures kept() {
    return figures;
  }

  /** Makes the figures of all minutes from the first on. */
  final SpanFigures make(VwapSums sums, TakenBars taken) {
    figures =
        profile == null
            ? SpanFigures.of(sums)
            : SpanFigures.of(
                new SpanSums(sums, taken.flowFrom(first)),
                taken.close(),
                taken.meanAmihudFrom(first),
                profile.valueArea());
    return figures;
  }

  /** Makes figures of sums that the minutes taken do not tell alone. */
  final SpanFigures make(SpanSums sums, BigDecimal close) {
    figures = SpanFigures.of(sums, close, Double.NaN, null);
    return figures;
  }
}
