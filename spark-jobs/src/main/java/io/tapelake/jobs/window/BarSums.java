package io.tapelake.jobs.window;

import io.tapelake.jobs.minute.MinuteBar;
import java.util.Arrays;
import java.util.Collection;

/**
 * Exact sums over any span of some minutes, each as the difference of two running sums. With
 * doubles such a difference loses its digits; these have all of them.
 */
final class BarSums {

  private final long[] minutes;

  /** The sums of so many first minutes. */
  private final SpanSums[] running;

  /**
   * Sums over minutes.
   *
   * @param bars ascending
   */
  BarSums(Collection<MinuteBar> bars) {
    minutes = bars.stream().mapToLong(MinuteBar::minute).toArray();
    running = new SpanSums[minutes.length + 1];
    running[0] = SpanSums.NONE;
    int next = 0;
    for (MinuteBar bar : bars) {
      running[next + 1] = running[next].plus(SpanSums.of(bar));
      next++;
    }
  }

  /**
   * The sums from one minute to another, both in the span; of none when it ends before it begins.
   */
  SpanSums between(long from, long to) {
    int before = countBefore(from);
    int until = countBefore(to + 1);
    return until <= before ? SpanSums.NONE : running[until].minus(running[before]);
  }

  private int countBefore(long minute) {
    int found = Arrays.binarySearch(minutes, minute);
    return found >= 0 ? found : -found - 1;
  }
}
