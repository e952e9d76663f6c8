package io.tapelake.analytics.window;

import io.tapelake.analytics.bar.MinuteBar;

/** The minutes since an anchor, of which those of earlier days come as sums. */
final class AnchoredSpan extends OpenSpan {

  private final long from;
  private FlowSums flow;

  /** The sums of VWAP that the running ones lack. */
  private VwapSums more;

  private boolean begun;

  /**
   * A span that nothing was taken into: its first minute among those that will be, and the sums of
   * its minutes before those.
   */
  AnchoredSpan(long from, SpanSums start) {
    super(false);
    this.from = from;
    flow = start.flow();
    more = start.vwap();
  }

  /** Nothing of what was taken is looked at again. */
  @Override
  int first() {
    return Integer.MAX_VALUE;
  }

  @Override
  void take(MinuteBar bar, TakenBars taken) {
    super.take(bar, taken);
    if (bar.minute() < from) {
      return;
    }
    if (!begun) {
      begun = true;
      more = more.minus(taken.vwap());
    }
    flow = flow.plus(FlowSums.of(bar));
  }

  @Override
  SpanFigures at(long minute, TakenBars taken, InstrumentMinutes.Queried queried) {
    if (isKept()) {
      return kept();
    }
    VwapSums sums = begun ? taken.vwap().plus(more) : more;
    return make(new SpanSums(sums, flow), taken.close());
  }
}
