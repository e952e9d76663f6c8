package io.tapelake.jobs.window;

import io.tapelake.analytics.window.MinuteRange;

import io.tapelake.analytics.bar.MinuteBar;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;

/**
 * A stretch of one instrument's minutes whose windows one task computes, with the minutes before it
 * that they reach back to. Cutting a year into chunks keeps it from being one long task.
 *
 * @param instrument the instrument
 * @param rows the minutes, ascending: every one that may get a row, and before those the ones with
 *     trades that only serve their windows
 * @param scales decimals of the sums' integers
 */
record WindowChunk(String instrument, List<MinuteRow> rows, Scales scales) {

  /** Days are computed together up to this many minutes, and up to four longest windows. */
  private static final int MINUTES = 1440;

  /**
   * A minute as it goes into the windows.
   *
   * @param minute minutes since 1970-01-01T00:00Z
   * @param bar its trades, or null when it has none
   * @param close the price of the newest trade up to it
   * @param isOutput whether it gets a row
   */
  record MinuteRow(long minute, MinuteBar bar, BigDecimal close, boolean isOutput) {}

  /**
   * How many decimals make integers of all sums of a chunk.
   *
   * @param priceNotional of Σ price · notional
   * @param notional of Σ notional
   * @param baseVolume of Σ base volume
   */
  record Scales(int priceNotional, int notional, int baseVolume) {

    static Scales of(List<MinuteRow> rows) {
      int priceNotional = 0;
      int notional = 0;
      int baseVolume = 0;
      for (MinuteRow row : rows) {
        if (row.bar() != null) {
          priceNotional = Math.max(priceNotional, row.bar().priceNotional().scale());
          notional = Math.max(notional, row.bar().notional().scale());
          baseVolume = Math.max(baseVolume, row.bar().baseVolume().scale());
        }
      }
      return new Scales(priceNotional, notional, baseVolume);
    }
  }

  static BigInteger integer(BigDecimal sum, int scale) {
    return sum.setScale(scale).unscaledValue();
  }

  /**
   * The chunks that compute a range of an instrument's minutes.
   *
   * @param bars the minutes with trades, from the longest window before the range on
   * @param longest minutes of the longest window
   */
  static List<WindowChunk> cut(
      String instrument, NavigableMap<Long, MinuteBar> bars, MinuteRange range, int longest) {
    List<WindowChunk> chunks = new ArrayList<>();
    long length = Math.max(MINUTES, 4L * longest);
    long from = range.from();
    while (from <= range.to()) {
      // Between trades that are further apart than the longest window there are no rows.
      Long newest = bars.floorKey(from);
      if (newest == null || newest + longest <= from) {
        Long next = bars.higherKey(from);
        if (next == null || next > range.to()) {
          break;
        }
        from = next;
      }
      MinuteRange part = new MinuteRange(from, Math.min(range.to(), from + length - 1));
      List<MinuteRow> rows = rows(bars, part, longest);
      if (!rows.isEmpty()) {
        chunks.add(new WindowChunk(instrument, rows, Scales.of(rows)));
      }
      from = part.to() + 1;
    }
    return chunks;
  }

  private static List<MinuteRow> rows(
      NavigableMap<Long, MinuteBar> bars, MinuteRange part, int longest) {
    List<MinuteRow> rows = new ArrayList<>();
    long reach = longest - 1L;
    for (MinuteBar bar : bars.subMap(part.from() - reach, true, part.to(), true).values()) {
      Long next = bars.higherKey(bar.minute());
      long last = Math.min(part.to(), bar.minute() + reach);
      if (next != null) {
        last = Math.min(last, next - 1);
      }
      if (bar.minute() < part.from()) {
        rows.add(new MinuteRow(bar.minute(), bar, bar.close(), false));
      } else {
        rows.add(new MinuteRow(bar.minute(), bar, bar.close(), true));
      }
      for (long minute = Math.max(part.from(), bar.minute() + 1); minute <= last; minute++) {
        rows.add(new MinuteRow(minute, null, bar.close(), true));
      }
    }
    return rows;
  }
}
