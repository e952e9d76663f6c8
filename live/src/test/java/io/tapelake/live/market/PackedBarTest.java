package io.tapelake.live.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.analytics.bar.DayBars;
import io.tapelake.analytics.bar.MinuteBar;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PackedBarTest {

  @Test
  void whatIsUnpackedIsWhatWasPacked() {
    Instant from = Instant.parse("2026-03-01T10:00:00Z");
    DayBars day = new DayBars(from.getEpochSecond() / 86_400, true);
    Tape.walk(new Random(3), from, 2000, 400).forEach(trade -> day.add(Tape.parsed(trade)));
    List<MinuteBar> bars = day.toBars();
    assertThat(bars).hasSizeGreaterThan(5);
    for (MinuteBar bar : bars) {
      assertThat(PackedBar.unpack(PackedBar.pack(bar))).isEqualTo(bar);
      assertThat(PackedBar.unpack(PackedBar.pack(bar.with(null)))).isEqualTo(bar.with(null));
    }
  }
}
