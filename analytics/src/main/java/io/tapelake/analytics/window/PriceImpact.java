package io.tapelake.analytics.window;

import io.tapelake.analytics.bar.MinuteBar;
import java.math.BigDecimal;
import java.util.List;

/** Kyle's λ of minutes, one after the other. Not thread-safe. */
public final class PriceImpact {

  /** Minutes of the windows of a row's λs. */
  public static final List<Integer> WINDOWS = List.of(60, 240);

  /** What λ looks at before a minute: its longest window, and the close before that. */
  static final int LOOKBACK = 240 + KyleLambda.INTERVAL;

  private KyleLambda lambda = new KyleLambda(WINDOWS);

  /** The next minute to be taken. */
  private long next = Long.MIN_VALUE;

  private BigDecimal close;

  /** Minutes behind a close, or behind none, which is null. */
  PriceImpact(BigDecimal closeBefore) {
    close = closeBefore;
  }

  /** Takes the next minute with trades, and those without trades before it. */
  void take(MinuteBar bar) {
    advance(bar.minute());
    close = bar.close();
    lambda.next(bar.flow().rootFlow(), close);
    next = bar.minute() + 1;
  }

  /** The fit of each of {@link #WINDOWS} at a minute, up to which everything was taken. */
  List<KyleLambda.Fit> at(long minute) {
    advance(minute + 1);
    return lambda.fits();
  }

  /** Takes minutes without trades up to another; what lies too far back does not matter. */
  private void advance(long minute) {
    if (minute - next > LOOKBACK || next == Long.MIN_VALUE) {
      lambda = new KyleLambda(WINDOWS);
      next = minute - LOOKBACK - 1;
    }
    for (; next < minute; next++) {
      lambda.next(BigDecimal.ZERO, close);
    }
  }
}
