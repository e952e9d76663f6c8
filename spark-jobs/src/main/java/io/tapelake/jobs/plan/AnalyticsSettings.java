package io.tapelake.jobs.plan;

import io.tapelake.analytics.signal.SignalSettings;
import io.tapelake.analytics.window.Anchor;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the analytics beyond rolling VWAP depend on.
 *
 * @param anchors where anchored VWAPs begin, in configured order
 * @param cvdOrigin the instant from which the total of signed volume counts; null for the first
 *     trade
 * @param signals what sets signals off
 */
public record AnalyticsSettings(List<Anchor> anchors, Instant cvdOrigin, SignalSettings signals)
    implements Serializable {

  /** Without anchors, the total since the first trade. */
  public static final AnalyticsSettings DEFAULT =
      new AnalyticsSettings(List.of(), null, SignalSettings.of(Map.of()));

  public AnalyticsSettings {
    anchors = List.copyOf(anchors);
    if (cvdOrigin != null
        && (cvdOrigin.getNano() != 0 || Math.floorMod(cvdOrigin.getEpochSecond(), 60L) != 0)) {
      throw new IllegalArgumentException(
          "job.cvd-origin %s is not at a whole minute; give an instant such as 2025-12-10T13:30:00Z"
              .formatted(cvdOrigin));
    }
  }

  /** The anchors as they are configured, such as {@code cpi=2025-12-10T13:30:00Z}. */
  public String anchorTexts() {
    return anchors.stream().map(Anchor::toString).collect(Collectors.joining(","));
  }

  /** The settings in words that tell them from others. */
  public String describe() {
    return "anchors=%s cvd-origin=%s signals=%s"
        .formatted(
            anchors.isEmpty() ? "none" : anchorTexts(),
            cvdOrigin == null ? "first trade" : cvdOrigin,
            signals.values());
  }

  /** The first minute that the total counts. */
  public long cvdOriginMinute() {
    return cvdOrigin == null ? Long.MIN_VALUE : Math.floorDiv(cvdOrigin.getEpochSecond(), 60L);
  }
}
