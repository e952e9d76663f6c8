package io.tapelake.jobs.window;

import io.tapelake.jobs.analytics.KyleLambda;
import io.tapelake.jobs.minute.MinuteBar;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/** Kyle's λ of minutes. */
public final class PriceImpact {

  /** Minutes of the windows of a row's λs. */
  public static final List<Integer> WINDOWS = List.of(60, 240);

  /** What λ looks at before a minute: its longest window, and the close before that. */
  private static final int LOOKBACK = 240 + KyleLambda.INTERVAL;

  private PriceImpact() {}

  /**
   * At each of some minutes, the fit of each of {@link #WINDOWS}.
   *
   * @param minutes ascending
   * @param bars the minutes with trades, and the newest one before what the minutes look at
   */
  static List<List<KyleLambda.Fit>> at(List<Long> minutes, NavigableMap<Long, MinuteBar> bars) {
    List<List<KyleLambda.Fit>> fits = new ArrayList<>(minutes.size());
    KyleLambda lambda = null;
    long next = Long.MIN_VALUE;
    for (long minute : minutes) {
      if (lambda == null || minute - next > LOOKBACK) {
        lambda = new KyleLambda(WINDOWS.stream().mapToInt(Integer::intValue).toArray());
        next = minute - LOOKBACK;
      }
      List<KyleLambda.Fit> last = List.of();
      for (; next <= minute; next++) {
        Map.Entry<Long, MinuteBar> newest = bars.floorEntry(next);
        MinuteBar bar = newest == null ? null : newest.getValue();
        boolean isOwn = bar != null && bar.minute() == next;
        last =
            lambda.next(
                isOwn ? bar.flow().rootFlow() : BigDecimal.ZERO, bar == null ? null : bar.close());
      }
      fits.add(last);
    }
    return fits;
  }
}
