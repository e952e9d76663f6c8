package io.tapelake.analytics.window;

import java.util.ArrayList;
import java.util.List;

/**
 * The spans of minutes that a minute's figures are about: the rolling windows; with analytics also
 * the session, which begins with each UTC day, and the anchors.
 *
 * @param windows the rolling windows, in configured order
 * @param analytics whether there is more than rolling VWAP
 * @param anchors where anchored spans begin, in configured order; none without analytics
 */
public record Spans(List<WindowSpec> windows, boolean analytics, List<Anchor> anchors) {

  /** The name of the span that begins with each UTC day. */
  public static final String SESSION = "session";

  /** Minutes before a row that its price impact and its session look at. */
  private static final int LOOKBACK_OF_ANALYTICS = 1439;

  public Spans {
    windows = List.copyOf(windows);
    anchors = List.copyOf(anchors);
    if (windows.isEmpty()) {
      throw new IllegalArgumentException("no windows");
    }
  }

  /** Their names: the windows', the session's, the anchors'. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    windows.forEach(window -> names.add(window.name()));
    if (analytics) {
      names.add(SESSION);
      anchors.forEach(anchor -> names.add(anchor.name()));
    }
    return names;
  }

  /** How many are no anchors': the windows and, with analytics, the session. */
  public int withoutAnchors() {
    return windows.size() + (analytics ? 1 : 0);
  }

  /** Minutes of the longest window. */
  public int longestWindow() {
    return windows.stream().mapToInt(WindowSpec::minutes).max().orElseThrow();
  }

  /** How many minutes before it a row looks at, other than through sums that are carried on. */
  public int lookback() {
    int longest = longestWindow() - 1;
    return analytics ? Math.max(longest, LOOKBACK_OF_ANALYTICS) : longest;
  }

  /**
   * The last minute whose row a minute's trades have an effect on: through windows and price
   * impact, and with analytics through its session; without end where there are anchors.
   */
  public long lastAffected(long minute) {
    long last = minute + longestWindow() - 1;
    if (!analytics) {
      return last;
    }
    if (!anchors.isEmpty()) {
      return Long.MAX_VALUE / 4;
    }
    return Math.max(Math.max(last, minute + PriceImpact.LOOKBACK), MinuteRange.dayOf(minute).to());
  }
}
