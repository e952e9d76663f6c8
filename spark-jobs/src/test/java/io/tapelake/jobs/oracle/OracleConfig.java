package io.tapelake.jobs.oracle;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What the outputs depend on beside the raw files and the as-of instant.
 *
 * @param instruments which folders are read; empty for all
 * @param anchors where anchored VWAPs begin, in configured order
 * @param cvdOrigin from when the total of signed volume counts; null for the first trade
 * @param analytics whether there is anything beyond rolling VWAP
 */
record OracleConfig(
    List<Window> windows,
    Duration grace,
    BigDecimal maxRefusedRatio,
    Set<String> instruments,
    List<Anchor> anchors,
    Instant cvdOrigin,
    boolean analytics) {

  /** The name of what begins with each UTC day. */
  static final String SESSION = "session";

  /** The start of an anchored VWAP, at a whole minute. */
  record Anchor(String name, Instant start) {
    long minute() {
      return Math.floorDiv(start.getEpochSecond(), 60L);
    }
  }

  static OracleConfig ofWindows(String names) {
    return new OracleConfig(
        Window.list(names),
        Duration.ofSeconds(10),
        new BigDecimal("0.01"),
        Set.of(),
        List.of(),
        null,
        false);
  }

  OracleConfig only(Set<String> names) {
    return new OracleConfig(windows, grace, maxRefusedRatio, names, anchors, cvdOrigin, analytics);
  }

  /** The same with analytics, and with anchored VWAPs among them. */
  OracleConfig withAnalytics(Anchor... starts) {
    return new OracleConfig(
        windows, grace, maxRefusedRatio, instruments, List.of(starts), cvdOrigin, true);
  }

  /** The same with a total of signed volume that counts from an instant on. */
  OracleConfig withCvdOrigin(Instant origin) {
    return new OracleConfig(
        windows, grace, maxRefusedRatio, instruments, anchors, origin, analytics);
  }

  int longestWindow() {
    return windows.stream().mapToInt(Window::minutes).max().orElseThrow();
  }

  /** The windows, the session and the anchors as figures of a minute look back on them. */
  List<Span> spans() {
    List<Span> spans = new ArrayList<>();
    windows.forEach(w -> spans.add(new Span(w.name(), minute -> minute - (w.minutes() - 1))));
    if (analytics) {
      spans.add(new Span(SESSION, minute -> minute - Math.floorMod(minute, 1_440L)));
      anchors.forEach(anchor -> spans.add(new Span(anchor.name(), minute -> anchor.minute())));
    }
    return spans;
  }

  /** The first minute that the total of signed volume counts. */
  long cvdFrom() {
    return cvdOrigin == null ? Long.MIN_VALUE / 2 : Math.floorDiv(cvdOrigin.getEpochSecond(), 60L);
  }

  /** The spans without the anchors. */
  List<Span> spansWithoutAnchors() {
    return spans().subList(0, windows.size() + (analytics ? 1 : 0));
  }

  /** The minutes, up to its own, that a minute's figure is about. */
  record Span(String name, Start start) {
    interface Start {
      long firstMinute(long minute);
    }

    long from(long minute) {
      return start.firstMinute(minute);
    }
  }
}
