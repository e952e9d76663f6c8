package io.tapelake.notebooks;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;

/** The labels under bars: times as short as they still tell the bars apart. */
final class TimeLabels {

  private static final double DAY_MILLIS = 86_400_000;
  private static final int MOST_DAYS_WITHOUT_YEAR = 300;

  private final int column;
  private final DateTimeFormatter format;

  private TimeLabels(int column, DateTimeFormatter format) {
    this.column = column;
    this.format = format;
  }

  /** The labels for a column, which all the chart's rows decide. */
  static TimeLabels of(ChartData all, int column) {
    if (!all.isTime(column)) {
      return new TimeLabels(column, null);
    }
    String pattern = pattern(all.times(column));
    return new TimeLabels(column, DateTimeFormatter.ofPattern(pattern).withZone(ZoneOffset.UTC));
  }

  /** How to write some times, which are in milliseconds since 1970. */
  static String pattern(double[] times) {
    double first = Arrays.stream(times).min().orElse(0);
    double last = Arrays.stream(times).max().orElse(0);
    boolean isLong = last - first > MOST_DAYS_WITHOUT_YEAR * DAY_MILLIS;
    if (Arrays.stream(times).allMatch(time -> time % DAY_MILLIS == 0)) {
      return isLong ? "yyyy-MM-dd" : "MM-dd";
    }
    if (Math.floor(first / DAY_MILLIS) == Math.floor(last / DAY_MILLIS)) {
      return "HH:mm";
    }
    return isLong ? "yyyy-MM-dd HH:mm" : "MM-dd HH:mm";
  }

  /** The label of each row. */
  List<String> each(ChartData rows) {
    return format == null
        ? rows.labels(column)
        : Arrays.stream(rows.times(column))
            .mapToObj(time -> format.format(Instant.ofEpochMilli((long) time)))
            .toList();
  }

  /** Every label once, in the order of the rows. */
  List<String> once(ChartData rows) {
    return List.copyOf(new LinkedHashSet<>(each(rows)));
  }
}
