package io.tapelake.jobs.measure;

import io.tapelake.analytics.window.CarriedSums;
import io.tapelake.analytics.window.SpanSums;
import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.vault.DayFile;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Map;

/**
 * What one raw file came to, as far as the driver has to know: about a kilobyte.
 *
 * @param file instrument and day
 * @param cursor how far it was read; null when it could not be
 * @param problem what is wrong with it, for a person, or why it could not be read; null when
 *     nothing is
 * @param refused refused lines by reason
 * @param duplicates dropped lines
 * @param bytesRead bytes that were looked at
 * @param bars its minutes with trades, and where they lie
 */
public record MeasuredDay(
    DayFile file,
    FileCursor cursor,
    String problem,
    Map<String, Long> refused,
    long duplicates,
    long bytesRead,
    Bars bars)
    implements Serializable {

  public MeasuredDay {
    refused = Map.copyOf(refused);
  }

  /** A file that could not be read, and why. */
  static MeasuredDay unreadable(DayFile file, String reason) {
    return new MeasuredDay(file, null, reason, Map.of(), 0, 0, null);
  }

  /**
   * The minutes with trades of a day.
   *
   * @param count how many
   * @param first the first one, since 1970-01-01T00:00Z
   * @param close the price of the day's newest trade
   * @param own the sums over all of them
   * @param adds what they add to the sums that are carried on
   * @param offset where they begin in the group's file of rows
   * @param decimals of Σ price · notional, Σ notional and Σ base volume, the most that a minute has
   * @param digits of these sums' integers with so many decimals, the most that a minute has
   */
  public record Bars(
      int count,
      long first,
      BigDecimal close,
      SpanSums own,
      CarriedSums adds,
      long offset,
      int[] decimals,
      int[] digits)
      implements Serializable {}
}
