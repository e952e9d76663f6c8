package io.tapelake.collector.cover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdRangesTest {

  @Test
  void neighboursBecomeOneRange() {
    IdRanges ids = new IdRanges();
    ids.add(5, 5);
    ids.add(7, 9);
    ids.add(6, 6);
    assertThat(ids.ranges()).containsExactly(new IdRange(5, 9));
  }

  @Test
  void missingNamesTheHoles() {
    IdRanges ids = new IdRanges();
    ids.add(5, 6);
    ids.add(9, 9);
    assertThat(ids.missing(4, 11))
        .containsExactly(new IdRange(4, 4), new IdRange(7, 8), new IdRange(10, 11));
    assertThat(ids.missing(5, 6)).isEmpty();
  }

  @Test
  void equalsASetOfSingleIds() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      IdRanges ids = new IdRanges();
      BitSet set = new BitSet();
      for (int i = 0; i < 60; i++) {
        int from = random.nextInt(200);
        int to = from + random.nextInt(8);
        ids.add(from, to);
        set.set(from, to + 1);
        int low = random.nextInt(210);
        int high = low + random.nextInt(30);
        String what = "seed " + seed + ", round " + round;
        assertThat(ids.size()).as(what).isEqualTo(set.cardinality());
        assertThat(ids.containsAny(low, high))
            .as(what)
            .isEqualTo(!set.get(low, high + 1).isEmpty());
        assertThat(ids.containsAll(low, high)).as(what).isEqualTo(set.nextClearBit(low) > high);
        long missing = ids.missing(low, high).stream().mapToLong(IdRange::size).sum();
        assertThat(missing)
            .as(what)
            .isEqualTo(high - low + 1 - set.get(low, high + 1).cardinality());
        int highest = set.previousClearBit(high);
        assertThat(ids.highestMissing(low, high)).as(what).isEqualTo(highest < low ? -1 : highest);
      }
    }
  }

  @Test
  void whatIsTakenOutIsGone() {
    IdRanges ids = new IdRanges();
    ids.add(1, 10);
    ids.add(20, 30);
    ids.remove(5, 22);
    assertThat(ids.ranges()).containsExactly(new IdRange(1, 4), new IdRange(23, 30));
    ids.remove(24, 25);
    assertThat(ids.ranges())
        .containsExactly(new IdRange(1, 4), new IdRange(23, 23), new IdRange(26, 30));
    ids.add(24, 25);
    ids.remove(100, 200);
    assertThat(ids.ranges()).containsExactly(new IdRange(1, 4), new IdRange(23, 30));
    assertThat(ids.nextFrom(0)).isEqualTo(1);
    assertThat(ids.nextFrom(3)).isEqualTo(3);
    assertThat(ids.nextFrom(5)).isEqualTo(23);
    assertThat(ids.nextFrom(31)).isEqualTo(Long.MAX_VALUE);
  }
}
