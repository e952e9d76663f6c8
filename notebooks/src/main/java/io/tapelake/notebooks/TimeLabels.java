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

  private TimeLabels() {}

  /** A column's labels. */
  static List<String> of(ChartData data, int column) {
    if (!data.isTime(column)) {
      List<String> labels = data.labels(column);
      return distinct(labels);
    }
    double[] times = data.times(column);
    boolean wholeDays = Arrays.stream(times).allMatch(time -> time % DAY_MILLIS == 0);
    DateTimeFormatter format =
        DateTimeFormatter.ofPattern(wholeDays ? "MM-dd" : "dd HH:mm").withZone(ZoneOffset.UTC);
    return distinct(
        Arrays.stream(times)
            .mapToObj(time -> format.format(Instant.ofEpochMilli((long) time)))
            .toList());
  }

  private static List<String> distinct(List<String> labels) {
    return new LinkedHashSet<>(labels).size() == labels.size()
        ? labels
        : List.copyOf(new LinkedHashSet<>(labels));
  }
}
