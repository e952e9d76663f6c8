package io.tapelake.jobs.table;

/** The tables that follow from the minutes with trades. */
public enum Derived {
  /** A closed minute's VWAPs. */
  VWAP(LakeSchema.VWAP),
  /** How far the prices behind each VWAP are spread, and bands around it. */
  BANDS("bands_1m"),
  /** Who traded, and what it did to the price. */
  FLOW("flow_1m"),
  /** What a UTC day starts from and adds up to. */
  SESSIONS("sessions_1d"),
  /** What was traded at which price on a UTC day. */
  PROFILE("volume_profile"),
  /** What happened in a closed minute. */
  SIGNALS("signals");

  private final String table;

  Derived(String table) {
    this.table = table;
  }

  /** The table's name. */
  public String table() {
    return table;
  }
}
