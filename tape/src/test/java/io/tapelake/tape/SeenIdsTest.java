package io.tapelake.tape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeenIdsTest {

  @Test
  void anIdIsNewOnce() {
    SeenIds seen = new SeenIds();
    assertThat(seen.add(5, 0)).isTrue();
    assertThat(seen.add(5, 0)).isFalse();
    assertThat(seen.add(4, 0)).isTrue();
    assertThat(seen.add(4, 0)).isFalse();
    assertThat(seen.add(6, 0)).isTrue();
    assertThat(seen.add(0, 0)).isTrue();
    assertThat(seen.add(0, 0)).isFalse();
    assertThat(seen.add(999_999_999_999_999_999L, 0)).isTrue();
    assertThat(seen.add(999_999_999_999_999_999L, 0)).isFalse();
  }

  @Test
  void saysWhatAHashSetSays() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      SeenIds seen = new SeenIds();
      Set<Long> set = new HashSet<>();
      long id = random.nextInt(100);
      int back = 1 + random.nextInt(40);
      for (int i = 0; i < 500; i++) {
        // Mostly on by one, as an exchange counts; sometimes a gap, sometimes back.
        id =
            switch (random.nextInt(10)) {
              case 0 -> id + random.nextInt(20);
              case 1, 2 -> Math.max(0, id - random.nextInt(back));
              default -> id + 1;
            };
        assertThat(seen.add(id, i)).as("seed %d, id %d", seed, id).isEqualTo(set.add(id));
      }
    }
  }

  @Test
  void theFirstLineOfAnIdIsFoundALittleBehindTheOffsetThatItGives() {
    SeenIds seen = new SeenIds();
    for (int i = 0; i < 10_000; i++) {
      seen.add(3 * i, 100L * i);
    }
    seen.add(4_000, 1_000_000);
    assertThat(seen.isStraggler(4_000)).isTrue();
    assertThat(seen.offsetBefore(4_000)).isEqualTo(1_000_000);
    long last = 0;
    for (int i = 0; i < 10_000; i++) {
      assertThat(seen.isStraggler(3 * i)).isFalse();
      assertThat(seen.offsetBefore(3 * i)).isBetween(Math.max(last, 100L * (i - 256)), 100L * i);
      last = seen.offsetBefore(3 * i);
    }
  }
}
