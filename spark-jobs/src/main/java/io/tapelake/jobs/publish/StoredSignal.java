package io.tapelake.jobs.publish;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * A signal as the table and the export have it.
 *
 * @param instrument the instrument
 * @param minute the closed minute with which it came
 * @param id the same for the same signal, however often it is computed
 * @param kind what happened
 * @param direction which way, or null
 * @param window of which VWAP, or null
 * @param price the close
 * @param level the price that it is about, or null
 * @param deviationBps the close's deviation from the VWAP, or null
 * @param z that deviation in standard deviations, or null
 * @param cvd the signed volume that it is about, or null
 * @param thresholds what it was judged by
 * @param withdrawnAsOf as of when a revision took it back; null as long as it stands
 */
public record StoredSignal(
    String instrument,
    long minute,
    String id,
    String kind,
    String direction,
    String window,
    BigDecimal price,
    BigDecimal level,
    BigDecimal deviationBps,
    BigDecimal z,
    BigDecimal cvd,
    String thresholds,
    Instant withdrawnAsOf) {

  public boolean stands() {
    return withdrawnAsOf == null;
  }

  /** The same, taken back; one that was taken back before keeps its instant. */
  public StoredSignal withdrawn(Instant asOf) {
    return stands()
        ? new StoredSignal(
            instrument,
            minute,
            id,
            kind,
            direction,
            window,
            price,
            level,
            deviationBps,
            z,
            cvd,
            thresholds,
            asOf)
        : this;
  }
}
