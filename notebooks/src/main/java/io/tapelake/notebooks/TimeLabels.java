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
    double[] times = all.times(column);
    String pattern = "MM-dd HH:mm";
    if (Arrays.stream(times).allMatch(time -> time % DAY_MILLIS == 0)) {
      pattern = "MM-dd";
    } else if (Arrays.stream(times).map(time -> Math.floor(time / DAY_MILLIS)).distinct().count()
        == 1) {
      pattern = "HH:mm";
    }
    return new TimeLabels(
        column, DateTimeFormatter.ofPattern(pattern).withZone(ZoneOffset.UTC));
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
