package io.tapelake.analytics.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MinuteRangeTest {

  @Test
  void bothEndsAreIn() {
    MinuteRange range = new MinuteRange(-3, 4);
    assertThat(range.contains(-3)).isTrue();
    assertThat(range.contains(4)).isTrue();
    assertThat(range.contains(-4)).isFalse();
    assertThat(range.contains(5)).isFalse();
  }

  @Test
  void touchingRangesBecomeOne() {
    assertThat(MinuteRange.union(List.of(new MinuteRange(5, 6), new MinuteRange(1, 4))))
        .containsExactly(new MinuteRange(1, 6));
  }

  @Test
  void rangesWithAGapStayTwo() {
    assertThat(MinuteRange.union(List.of(new MinuteRange(6, 6), new MinuteRange(1, 4))))
        .containsExactly(new MinuteRange(1, 4), new MinuteRange(6, 6));
  }

  @Test
  void aShortRangeInsideALongOneDoesNotShortenIt() {
    assertThat(
            MinuteRange.union(
                List.of(new MinuteRange(1, 90), new MinuteRange(3, 4), new MinuteRange(1, 2))))
        .containsExactly(new MinuteRange(1, 90));
  }

  @Test
  void nothingGivesNothing() {
    assertThat(MinuteRange.union(List.of())).isEmpty();
  }

  @Test
  void unionHoldsTheSameMinutes() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      List<MinuteRange> ranges = new ArrayList<>();
      TreeSet<Long> minutes = new TreeSet<>();
      for (int i = random.nextInt(8); i > 0; i--) {
        long from = random.nextInt(60) - 30;
        MinuteRange range = new MinuteRange(from, from + random.nextInt(12));
        ranges.add(range);
        for (long minute = range.from(); minute <= range.to(); minute++) {
          minutes.add(minute);
        }
      }
      List<Long> found = new ArrayList<>();
      MinuteRange before = null;
      for (MinuteRange range : MinuteRange.union(ranges)) {
        assertThat(before == null || before.to() + 1 < range.from()).as("seed %d", seed).isTrue();
        for (long minute = range.from(); minute <= range.to(); minute++) {
          found.add(minute);
        }
        before = range;
      }
      assertThat(found).as("seed %d, %s", seed, ranges).isEqualTo(new ArrayList<>(minutes));
    }
  }
}
