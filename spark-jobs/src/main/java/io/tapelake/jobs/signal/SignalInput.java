package io.tapelake.jobs.signal;

import java.math.BigDecimal;
import java.util.List;

/**
 * What a closed minute's rows say.
 *
 * @param minute minutes since 1970-01-01T00:00Z of the minute's start
 * @param high the minute's highest price; null without trades
 * @param low the minute's lowest price; null without trades
 * @param close the newest price up to its end
 * @param windows the figures of the windows; those that signals are not about are ignored
 */
public record SignalInput(
    long minute, BigDecimal high, BigDecimal low, BigDecimal close, List<Figures> windows) {

  public SignalInput {
    windows = List.copyOf(windows);
  }

  /**
   * One window's figures.
   *
   * @param window its name, such as {@code 1h} or {@code session}
   * @param since the minute at which an anchored frame begins; 0 of a rolling window
   * @param vwap null when nothing was traded in it
   * @param deviationBps (close − vwap) / vwap · 10^4; null with vwap
   * @param z (close − vwap) / σ; null where undefined
   * @param cvd taker buys less taker sells in base volume
   * @param imbalance cvd / base volume; null when nothing was traded in it
   */
  public record Figures(
      String window,
      long since,
      BigDecimal vwap,
      BigDecimal deviationBps,
      BigDecimal z,
      BigDecimal cvd,
      BigDecimal imbalance) {}

  /** The figures of a window, or null when it is not there or has no VWAP. */
  Figures of(String window) {
    for (Figures figures : windows) {
      if (figures.window().equals(window)) {
        return figures.vwap() == null ? null : figures;
      }
    }
    return null;
  }
}
