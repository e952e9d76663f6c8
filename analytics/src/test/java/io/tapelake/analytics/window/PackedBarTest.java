package io.tapelake.analytics.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.analytics.bar.MinuteBar;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackedBarTest {

  @Test
  void whatIsUnpackedIsWhatWasPacked() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 50; i++) {
      for (MinuteBar bar : Tape.random(random).bars().values()) {
        byte[] packed = PackedBar.pack(bar);
        assertThat(PackedBar.unpack(packed)).as("seed %d", seed).isEqualTo(bar);
        assertThat(PackedBar.minute(packed)).isEqualTo(bar.minute());
        assertThat(PackedBar.vwap(packed)).isEqualTo(VwapSums.of(bar));
        MinuteBar unknownFlow = bar.with(null);
        assertThat(PackedBar.unpack(PackedBar.pack(unknownFlow))).isEqualTo(unknownFlow);
      }
    }
  }
}
