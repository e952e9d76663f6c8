package io.tapelake.jobs.plan;

import java.time.LocalDate;

/**
 * A range of UTC days, both ends in it.
 *
 * @param from the first day
 * @param to the last day; a range that ends before it begins holds no day
 */
public record DayRange(LocalDate from, LocalDate to) {

  /** No day at all. */
  public static final DayRange NONE = new DayRange(LocalDate.MAX, LocalDate.MIN);

  /** Every day. */
  public static final DayRange ALL = new DayRange(LocalDate.MIN, LocalDate.MAX);

  public boolean contains(LocalDate day) {
    return !day.isBefore(from) && !day.isAfter(to);
  }
}
