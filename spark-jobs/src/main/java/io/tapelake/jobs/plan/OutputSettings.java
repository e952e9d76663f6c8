package io.tapelake.jobs.plan;

import io.tapelake.analytics.window.Anchor;
import io.tapelake.analytics.window.Spans;
import io.tapelake.analytics.window.WindowSpec;
import io.tapelake.vault.DayFile;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The part of the configuration that outputs depend on. Outputs made with different settings are
 * never mixed.
 *
 * @param windows the rolling windows, in configured order
 * @param grace how long after its end a minute stays open
 * @param maxRefusedRatio the share of refused lines above which a file is a broken producer's
 * @param trades whether the table of single trades is written
 * @param analytics what goes beyond rolling VWAP; null for nothing
 */
public record OutputSettings(
    List<WindowSpec> windows,
    Duration grace,
    BigDecimal maxRefusedRatio,
    boolean trades,
    AnalyticsSettings analytics)
    implements Serializable {

  /** A file with fewer lines is never called broken. */
  public static final int LINES_TO_JUDGE = 1000;

  public OutputSettings {
    windows = List.copyOf(windows);
    if (windows.isEmpty()) {
      throw new IllegalArgumentException("no windows");
    }
    if (grace.isNegative()) {
      throw new IllegalArgumentException("grace is negative: " + grace);
    }
    maxRefusedRatio = maxRefusedRatio.stripTrailingZeros();
  }

  /** Rolling VWAP alone. */
  public OutputSettings(
      List<WindowSpec> windows, Duration grace, BigDecimal maxRefusedRatio, boolean trades) {
    this(windows, grace, maxRefusedRatio, trades, null);
  }

  public boolean hasAnalytics() {
    return analytics != null;
  }

  /** The anchors, in configured order. */
  public List<Anchor> anchors() {
    return hasAnalytics() ? analytics.anchors() : List.of();
  }

  /** What figures are about: the rolling windows, the session and the anchors. */
  public Spans spans() {
    return new Spans(windows, hasAnalytics(), anchors());
  }

  /** The windows' names, such as {@code 1h,4h}. */
  public String windowNames() {
    return windows.stream().map(WindowSpec::name).collect(Collectors.joining(","));
  }

  /** The first minute since 1970-01-01T00:00Z that is not closed at {@code asOf}. */
  public long openFrom(Instant asOf) {
    return Math.floorDiv(asOf.minus(grace).getEpochSecond(), 60L);
  }

  /** Whether a file with so many lines and refused lines is a broken producer's. */
  public boolean isBroken(long lines, long refused) {
    return lines >= LINES_TO_JUDGE
        && BigDecimal.valueOf(refused)
                .compareTo(maxRefusedRatio.multiply(BigDecimal.valueOf(lines)))
            > 0;
  }

  /** What to tell a person about a file that was left alone. */
  public String brokenMessage(DayFile file, FileCursor cursor, String reasons) {
    return "%s is left alone: %d of its %d lines are refused%s, more than %s of them; mend its producer"
            .formatted(
                file.rawPath(),
                cursor.refused(),
                cursor.lines(),
                reasons,
                maxRefusedRatio.toPlainString())
        + " or raise job.max-refused-ratio";
  }
}
