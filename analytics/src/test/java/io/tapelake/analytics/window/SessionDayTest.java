package io.tapelake.analytics.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tapelake.analytics.bar.DayBars;
import io.tapelake.analytics.bar.MinuteBar;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Days whose sums go on, and the sums. */
class SessionDayTest {

  @Test
  void daysInARowAreOneSum() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 20; round++) {
      NavigableMap<Long, MinuteBar> bars = Tape.random(random).bars();
      List<Anchor> anchors =
          List.of(
              new Anchor("before", 0),
              new Anchor("within", bars.firstKey() + random.nextInt(2000)),
              new Anchor("after", bars.lastKey() + 1));
      long origin = bars.firstKey() + random.nextInt(3000);
      DayStart start = DayStart.first(anchors.size());
      long first = MinuteRange.dayOf(bars.firstKey()).from();
      for (long day = first; day <= bars.lastKey(); day += DayBars.MINUTES_A_DAY) {
        Collection<MinuteBar> own =
            bars.subMap(day, true, day + DayBars.MINUTES_A_DAY, false).values();
        SessionDay session = SessionDay.of(day, start, own, anchors, origin, "state " + day);
        assertThat(session.own().vwap().tradeCount())
            .isEqualTo(own.stream().mapToLong(MinuteBar::tradeCount).sum());
        start = session.next();
        assertThat(start.signalState()).isEqualTo("state " + day);
        Collection<MinuteBar> soFar = bars.headMap(day + DayBars.MINUTES_A_DAY, false).values();
        assertThat(start.sums().text())
            .as("seed %d, round %d, day %d", seed, round, day)
            .isEqualTo(CarriedSums.of(soFar, anchors, origin).text());
        assertThat(start.close())
            .isEqualTo(bars.lowerEntry(day + DayBars.MINUTES_A_DAY).getValue().close());
      }
      SpanSums all = bars.values().stream().map(SpanSums::of).reduce(SpanSums.NONE, SpanSums::plus);
      assertThat(start.sums().anchors().get(0).text()).isEqualTo(all.text());
      assertThat(start.sums().anchors().get(2).text()).isEqualTo(SpanSums.NONE.text());
    }
  }

  @Test
  void aDayBehindOtherDaysAddsTheSame() {
    NavigableMap<Long, MinuteBar> bars = Tape.random(new Random(3)).bars();
    DayStart none = DayStart.first(0);
    SessionDay day = SessionDay.of(0, none, bars.values(), List.of(), 0, null);
    DayStart other = new DayStart(day.next().sums(), day.close(), "x");
    assertThat(day.startingFrom(other).next().sums().total())
        .isEqualTo(day.adds().total().plus(day.adds().total()));
  }

  @Test
  void aDayWithoutTradesCarriesTheCloseOn() {
    DayStart start = new DayStart(CarriedSums.none(1), BigDecimal.TEN, "before");
    List<Anchor> anchors = List.of(new Anchor("a", 0));
    SessionDay quiet = SessionDay.of(1440, start, List.of(), anchors, 0, "after");
    assertThat(quiet.next()).isEqualTo(new DayStart(CarriedSums.none(1), BigDecimal.TEN, "after"));
  }

  @Test
  void sumsComeBackFromTheirText() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 20; round++) {
      NavigableMap<Long, MinuteBar> bars = Tape.random(random).bars();
      List<Anchor> anchors = List.of(new Anchor("a", 0), new Anchor("b", bars.lastKey()));
      String text = CarriedSums.of(bars.values(), anchors, 0).text();
      assertThat(CarriedSums.parse(text).text()).as("seed %d", seed).isEqualTo(text);
      assertThat(CarriedSums.parse(text).anchors()).hasSize(2);
    }
    assertThat(CarriedSums.none(0).text()).isEqualTo("0 0 0");
    assertThat(CarriedSums.parse(CarriedSums.none(0).text())).isEqualTo(CarriedSums.none(0));
    assertThat(CarriedSums.parse(CarriedSums.none(2).text())).isEqualTo(CarriedSums.none(2));
  }

  @Test
  void otherTextIsNamed() {
    for (String text : List.of("", "1 2", "1 2 3;4")) {
      assertThatThrownBy(() -> CarriedSums.parse(text))
          .as("'%s'", text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("sums");
    }
  }
}
