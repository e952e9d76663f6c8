package io.tapelake.jobs.read;

import io.tapelake.analytics.bar.DayBars;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Notes where the trades of a day's minutes stand, as lines are read. */
final class DayLines {

  /** Lines further apart than this are in spans of their own, which spares reading between them. */
  private static final long GAP = 64 << 10;

  /** A minute has no more spans than this; its last one gets long instead. */
  private static final int MOST_SPANS = 16;

  private final long firstMinute;

  /** By minute of the day, offsets where spans begin and end; null without trades. */
  private final long[][] bounds = new long[DayBars.MINUTES_A_DAY][];

  private final int[] used = new int[DayBars.MINUTES_A_DAY];

  DayLines(long epochDay) {
    firstMinute = epochDay * DayBars.MINUTES_A_DAY;
  }

  /** Notes a line of a trade, which is behind all that were noted before. */
  void add(long minute, long from, long to) {
    int index = (int) (minute - firstMinute);
    long[] spans = bounds[index];
    int end = used[index];
    if (spans == null) {
      spans = new long[2];
      bounds[index] = spans;
    } else if (from - spans[end - 1] <= GAP || end == 2 * MOST_SPANS) {
      spans[end - 1] = to;
      return;
    } else if (end == spans.length) {
      spans = Arrays.copyOf(spans, 2 * end);
      bounds[index] = spans;
    }
    spans[end] = from;
    spans[end + 1] = to;
    used[index] = end + 2;
  }

  /** The minutes that have trades, ascending. */
  List<MinuteLines> toList() {
    List<MinuteLines> minutes = new ArrayList<>();
    for (int index = 0; index < bounds.length; index++) {
      if (bounds[index] != null) {
        List<LineSpan> spans = new ArrayList<>();
        for (int i = 0; i < used[index]; i += 2) {
          spans.add(new LineSpan(bounds[index][i], bounds[index][i + 1]));
        }
        minutes.add(new MinuteLines(firstMinute + index, spans));
      }
    }
    return minutes;
  }
}
