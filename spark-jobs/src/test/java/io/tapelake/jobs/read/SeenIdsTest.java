package io.tapelake.jobs.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeenIdsTest {

  @Test
  void anIdIsNewOnce() {
    SeenIds seen = new SeenIds();
    assertThat(seen.add(5)).isTrue();
    assertThat(seen.add(5)).isFalse();
    assertThat(seen.add(4)).isTrue();
    assertThat(seen.add(4)).isFalse();
    assertThat(seen.add(6)).isTrue();
    assertThat(seen.add(0)).isTrue();
    assertThat(seen.add(0)).isFalse();
    assertThat(seen.add(999_999_999_999_999_999L)).isTrue();
    assertThat(seen.add(999_999_999_999_999_999L)).isFalse();
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
        assertThat(seen.add(id)).as("seed %d, id %d", seed, id).isEqualTo(set.add(id));
      }
    }
  }
}
