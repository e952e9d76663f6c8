package io.tapelake.live.market;

import io.tapelake.analytics.signal.SignalSettings;
import io.tapelake.analytics.window.MinuteRange;
import io.tapelake.analytics.window.Spans;
import java.time.Duration;

/**
 * What the figures depend on; the same as the job's.
 *
 * @param spans windows, session and anchors
 * @param grace how long after its end a minute stays open
 * @param mostRefused the share of refused lines above which the job leaves a file alone
 * @param signals what sets signals off
 */
public record LiveSettings(
    Spans spans, Duration grace, double mostRefused, SignalSettings signals) {

  private static final long MILLIS_A_MINUTE = 60_000;

  /** The newest minute that is closed at an instant, in milliseconds since 1970. */
  public long closedTo(long asOfMillis) {
    return Math.floorDiv(asOfMillis - grace.toMillis(), MILLIS_A_MINUTE) - 1;
  }

  /**
   * Whether a minute's span begins where everything is read, from the minute {@code covered} on.
   */
  public boolean isKnown(int span, long minute, long covered) {
    return covered <= start(span, minute);
  }

  private long start(int span, long minute) {
    if (span < spans.windows().size()) {
      return minute - spans.windows().get(span).minutes() + 1;
    } else if (span < spans.withoutAnchors()) {
      return MinuteRange.dayOf(minute).from();
    }
    return Math.min(minute, spans.anchors().get(span - spans.withoutAnchors()).minute());
  }
}
