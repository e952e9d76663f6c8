package io.tapelake.analytics.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.window.Spans.Deal;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BarSumsTest {

  @Test
  void anySpanIsTheSumOfItsMinutes() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      List<Deal> deals = new ArrayList<>();
      long minute = 0;
      for (int i = random.nextInt(40); i > 0; i--) {
        minute += random.nextInt(4);
        String price = "1" + random.nextInt(100_000) + "." + random.nextInt(1000);
        deals.add(new Deal(minute, price, "0.0" + (1 + random.nextInt(999)), random.nextBoolean()));
      }
      List<MinuteBar> bars = Spans.bars(deals);
      long from = random.nextInt(60) - 10;
      long to = from + random.nextInt(60) - 5;
      SpanSums expected = SpanSums.NONE;
      for (MinuteBar bar : bars) {
        if (bar.minute() >= from && bar.minute() <= to) {
          expected = expected.plus(SpanSums.of(bar));
        }
      }
      SpanSums found = new BarSums(bars).between(from, to);
      assertThat(Carry.text(List.of(found)))
          .as("seed %d, %d to %d of %s", seed, from, to, deals)
          .isEqualTo(Carry.text(List.of(expected)));
    }
  }

  @Test
  void deltaIsBuysLessSells() {
    SpanSums sums =
        Spans.sums(
            List.of(
                new Deal(0, "100", "1", true),
                new Deal(0, "101", "3", false),
                new Deal(0, "99", "2", true)));
    assertThat(sums.delta().base()).isEqualByComparingTo(BigDecimal.ZERO);
    assertThat(sums.delta().notional()).isEqualByComparingTo(new BigDecimal("-5"));
    assertThat(sums.delta().contracts()).isEqualByComparingTo(BigDecimal.ZERO);
  }

  @Test
  void theSumsSinceAnchorsComeBackFromTheirText() {
    List<SpanSums> anchors =
        List.of(Spans.sums(List.of(new Deal(0, "100.5", "0.001", true))), SpanSums.NONE);
    String text = Carry.text(anchors);
    assertThat(Carry.text(Carry.anchors(text))).isEqualTo(text);
    assertThat(Carry.anchors(Carry.text(List.of()))).isEmpty();
  }
}
