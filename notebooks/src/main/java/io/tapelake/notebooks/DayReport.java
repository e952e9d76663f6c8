package io.tapelake.notebooks;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * What a report tells of one instrument: the figures of each day with trades, ascending, and all
 * closed minutes of these days and between them. {@code asOf} is of its tables, whose minutes are
 * closed up to {@code closedTo}.
 */
record DayReport(
    String instrument,
    Instant asOf,
    Instant closedTo,
    List<Figures> days,
    Minutes minutes,
    List<Bucket> profile,
    List<Mark> signals,
    Gaps gaps) {

  /**
   * A day's figures; those that the tables do not have are null, and so is what is certified of a
   * day without a certificate; without refused lines neither can be read. Volumes are in coins, the
   * notional is in the quote currency; VWAPs are the session's, sigma is around the one weighted by
   * notional. First and last are minutes with trades; missing are ids between the day's first and
   * last trade.
   */
  record Figures(
      LocalDate date,
      Instant first,
      Instant last,
      BigDecimal open,
      BigDecimal high,
      BigDecimal low,
      BigDecimal close,
      long trades,
      BigDecimal volume,
      BigDecimal notional,
      BigDecimal buyVolume,
      BigDecimal vwap,
      BigDecimal vwapBase,
      Double sigma,
      BigDecimal poc,
      BigDecimal vah,
      BigDecimal val,
      Trade largest,
      Long missing,
      Long refused,
      Boolean certified) {

    BigDecimal change() {
      return close.subtract(open);
    }

    BigDecimal changePercent() {
      return change().movePointRight(2).divide(open, MathContext.DECIMAL64);
    }

    BigDecimal deviationBps() {
      return vwap == null
          ? null
          : close.subtract(vwap).movePointRight(4).divide(vwap, MathContext.DECIMAL64);
    }

    BigDecimal cvd() {
      return buyVolume.add(buyVolume).subtract(volume);
    }
  }

  /** A trade that stands out. */
  record Trade(
      String side, BigDecimal price, BigDecimal volume, BigDecimal notional, Instant time) {}

  /** Columns of minutes, NaN where there is nothing. */
  record Minutes(
      double[] times,
      double[] open,
      double[] high,
      double[] low,
      double[] close,
      double[] delta,
      double[] vwap,
      double[] sigma,
      double[] cvd) {}

  /** A bucket of prices. */
  record Bucket(double lower, double upper, double bought, double sold, boolean inValueArea) {}

  /** A signal. */
  record Mark(double time, String kind, boolean isUp) {}

  /** A stretch in which trade ids are missing. */
  record Gap(Instant from, Instant to, long missing) {}

  /** How many gaps there are, where the first one begins (null without any), and those shown. */
  record Gaps(long all, Instant first, List<Gap> largest) {
    static final Gaps NONE = new Gaps(0, null, List.of());
  }

  /** The coin that is traded. */
  String coin() {
    return part(0);
  }

  /** The currency of prices. */
  String quote() {
    return part(1);
  }

  private String part(int index) {
    String[] parts = instrument.split("-", -1);
    return index < parts.length ? parts[index] : "";
  }
}
