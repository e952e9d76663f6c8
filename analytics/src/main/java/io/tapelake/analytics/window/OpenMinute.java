package io.tapelake.analytics.window;

import io.tapelake.analytics.bar.MinuteBar;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;

/**
 * The figures of the newest minute while its trades come in, and while minutes before it change.
 * They are those that {@link InstrumentMinutes} gives for the same minutes, apart from illiquidity
 * and price impact, which are told of minutes that are over. Holds sums, not minutes: those that
 * enter or leave a span are asked for. Not thread-safe.
 */
public final class OpenMinute {

  private final LongFunction<MinuteBar> bars;
  private final List<Before> spans = new ArrayList<>();

  /** The newest minute; the spans hold what is before it. */
  private long minute;

  private boolean isKnown;

  /** What a span holds of the minutes before the newest one. */
  private static final class Before {

    private final LongUnaryOperator start;
    private final VolumeProfile profile;
    private SpanSums sums = SpanSums.NONE;

    Before(LongUnaryOperator start, boolean withProfile) {
      this.start = start;
      profile = withProfile ? new VolumeProfile() : null;
    }

    void add(MinuteBar bar) {
      sums = sums.plus(SpanSums.of(bar));
      if (profile != null) {
        profile.add(bar.flow());
      }
    }

    void remove(MinuteBar bar) {
      SpanSums own = SpanSums.of(bar);
      sums = new SpanSums(sums.vwap().minus(own.vwap()), sums.flow().minus(own.flow()));
      if (profile != null) {
        profile.remove(bar.flow());
      }
    }

    SpanFigures with(MinuteBar open, BigDecimal close) {
      if (profile == null) {
        return SpanFigures.of(sums.plus(SpanSums.of(open)), close, Double.NaN, null);
      }
      profile.add(open.flow());
      ValueArea area = profile.valueArea();
      profile.remove(open.flow());
      return SpanFigures.of(sums.plus(SpanSums.of(open)), close, Double.NaN, area);
    }
  }

  /**
   * Nothing is known yet.
   *
   * @param spans with analytics
   * @param bars a minute with trades, or null where there are none
   */
  public OpenMinute(Spans spans, LongFunction<MinuteBar> bars) {
    this.bars = bars;
    for (WindowSpec window : spans.windows()) {
      this.spans.add(new Before(at -> at - window.minutes() + 1, true));
    }
    this.spans.add(new Before(at -> MinuteRange.dayOf(at).from(), true));
    for (Anchor anchor : spans.anchors()) {
      this.spans.add(new Before(at -> anchor.minute(), false));
    }
  }

  /** Forgets everything: minutes have become others. */
  public void forget() {
    isKnown = false;
  }

  /** Takes a minute before the newest one for what it has become; {@code before} may be null. */
  public void revise(MinuteBar before, MinuteBar after) {
    for (Before span : spans) {
      if (isKnown && after.minute() < minute && after.minute() >= span.start.applyAsLong(minute)) {
        if (before != null) {
          span.remove(before);
        }
        span.add(after);
      }
    }
  }

  /** The figures of a minute, which is not before the one of the last call, with its trades. */
  public MinuteFigures figures(MinuteBar open) {
    if (isKnown && open.minute() >= minute) {
      moveTo(open.minute());
    } else {
      beginAt(open.minute());
    }
    List<SpanFigures> figures = new ArrayList<>(spans.size());
    for (Before span : spans) {
      figures.add(
          span.start.applyAsLong(minute) > minute
              ? SpanFigures.of(SpanSums.NONE, open.close(), Double.NaN, null)
              : span.with(open, open.close()));
    }
    return new MinuteFigures(minute, open, open.close(), figures, Double.NaN, List.of());
  }

  private void moveTo(long to) {
    for (Before span : spans) {
      long start = span.start.applyAsLong(minute);
      long next = span.start.applyAsLong(to);
      for (long leaving = start; leaving < Math.min(next, minute); leaving++) {
        MinuteBar bar = bars.apply(leaving);
        if (bar != null) {
          span.remove(bar);
        }
      }
      for (long entering = Math.max(minute, next); entering < to; entering++) {
        MinuteBar bar = bars.apply(entering);
        if (bar != null) {
          span.add(bar);
        }
      }
    }
    minute = to;
  }

  private void beginAt(long at) {
    long first = at;
    List<Before> fresh = new ArrayList<>();
    for (Before span : spans) {
      fresh.add(new Before(span.start, span.profile != null));
      first = Math.min(first, span.start.applyAsLong(at));
    }
    for (long before = first; before < at; before++) {
      MinuteBar bar = bars.apply(before);
      if (bar != null) {
        for (Before span : fresh) {
          if (before >= span.start.applyAsLong(at)) {
            span.add(bar);
          }
        }
      }
    }
    spans.clear();
    spans.addAll(fresh);
    minute = at;
    isKnown = true;
  }
}
