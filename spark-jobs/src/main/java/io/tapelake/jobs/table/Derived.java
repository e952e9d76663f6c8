package io.tapelake.jobs.table;

import io.tapelake.jobs.plan.OutputSettings;
import java.util.Arrays;
import java.util.List;

/** The tables that follow from the minutes with trades. */
public enum Derived {
  /** A closed minute's VWAPs. */
  VWAP(LakeSchema.VWAP, false),
  /** How far the prices behind each VWAP are spread, and bands around it. */
  BANDS("bands_1m", true),
  /** Who traded, and what it did to the price. */
  FLOW("flow_1m", true),
  /** What a UTC day starts from and adds up to. */
  SESSIONS("sessions_1d", true),
  /** What was traded at which price on a UTC day. */
  PROFILE("volume_profile", true),
  /** What happened in a closed minute. */
  SIGNALS("signals", true);

  private final String table;
  private final boolean isAnalytics;

  Derived(String table, boolean isAnalytics) {
    this.table = table;
    this.isAnalytics = isAnalytics;
  }

  /** The table's name. */
  public String table() {
    return table;
  }

  /** The tables that are made with these settings. */
  public static List<Derived> of(OutputSettings settings) {
    return Arrays.stream(values())
        .filter(each -> settings.hasAnalytics() || !each.isAnalytics)
        .toList();
  }
}
