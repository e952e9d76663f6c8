package io.tapelake.analytics.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.analytics.bar.DayBars;
import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.window.InstrumentMinutes.Queried;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InstrumentMinutesTest {

  private static final int TAPES = Integer.getInteger("tapelake.tapes", 2);

  /** By identity: figures last until something enters or leaves their span. */
  private final Map<SpanFigures, SpanFigures> withPlainSums = new IdentityHashMap<>();

  @Test
  void everyFigureOfEveryRowIsAsDefined() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < TAPES; round++) {
      Tape tape = Tape.random(random);
      Spans spans = spans(tape, random);
      FiguresByDefinition expected = new FiguresByDefinition(tape.trades());
      for (MinuteFigures row : fromTheBeginning(tape.bars(), spans)) {
        String place = "seed " + seed + ", round " + round + ", minute " + row.minute();
        expected.check(row, () -> place);
        assertThat(row.spans()).as(place).hasSameSizeAs(spans.names());
        for (int i = 0; i < spans.names().size(); i++) {
          boolean isAnchored = i >= spans.withoutAnchors();
          String name = spans.names().get(i);
          expected.check(
              row.spans().get(i),
              from(spans, i, row.minute()),
              row.minute(),
              isAnchored,
              () -> place + ", " + name);
        }
      }
    }
  }

  @Test
  void itDoesNotMatterWhereItBegins() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < TAPES; round++) {
      Tape tape = Tape.random(random);
      Spans spans = spans(tape, random);
      NavigableMap<Long, MinuteBar> bars = tape.bars();
      List<MinuteFigures> all = fromTheBeginning(bars, spans);
      for (int i = 0; i < 4; i++) {
        int start = random.nextInt(all.size());
        List<MinuteFigures> rows = all.subList(start, Math.min(all.size(), start + 1500));
        InstrumentMinutes minutes = inTheMiddle(bars, spans, rows.get(0).minute());
        for (MinuteFigures row : rows) {
          String label = "seed " + seed + ", minute " + row.minute() + " from " + start;
          assertSame(minutes.next(row.minute(), row.bar()), row, label);
        }
      }
    }
  }

  @Test
  void itDoesNotMatterWhoSumsUp() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < TAPES; round++) {
      Tape tape = Tape.random(random);
      Spans spans = spans(tape, random);
      NavigableMap<Long, MinuteBar> bars = tape.bars();
      InstrumentMinutes minutes = begin(bars, spans);
      for (MinuteFigures row : fromTheBeginning(bars, spans)) {
        Queried queried = row.bar() == null ? null : queried(bars, spans, row.minute());
        String label = "seed " + seed + ", round " + round + ", minute " + row.minute();
        assertSame(minutes.next(row.minute(), row.bar(), queried), row, label);
      }
    }
  }

  @Test
  void withoutAnalyticsThereAreTheSameVwaps() {
    long seed = System.nanoTime();
    Tape tape = Tape.random(new Random(seed));
    List<WindowSpec> windows = WindowSpec.parseList("1h,1d");
    List<MinuteFigures> all = fromTheBeginning(tape.bars(), new Spans(windows, true, List.of()));
    List<MinuteFigures> plain = fromTheBeginning(tape.bars(), new Spans(windows, false, List.of()));
    for (int i = 0; i < all.size(); i++) {
      assertThat(plain.get(i).spans()).as("seed %d", seed).hasSize(2);
      for (int span = 0; span < 2; span++) {
        SpanFigures figures = plain.get(i).spans().get(span);
        SpanFigures expected = all.get(i).spans().get(span);
        assertThat(figures.sums().vwap()).as("seed %d", seed).isEqualTo(expected.sums().vwap());
        assertThat(figures.vwap()).as("seed %d", seed).isEqualTo(expected.vwap());
        assertThat(figures.vwapBase()).as("seed %d", seed).isEqualTo(expected.vwapBase());
        assertThat(figures.band()).isEqualTo(Band.NONE);
      }
      assertThat(plain.get(i).impact()).isEmpty();
    }
  }

  /**
   * Differences of running doubles lose 7 % of a variance here; of exact sums they lose nothing.
   */
  @Test
  void theLastHourOfNinetyDaysIsThatHourAlone() {
    Random random = new Random(1);
    Spans spans = new Spans(WindowSpec.parseList("1h"), true, List.of());
    InstrumentMinutes all = new InstrumentMinutes(spans, 0, DayStart.first(0), null);
    InstrumentMinutes hour = new InstrumentMinutes(spans, 0, DayStart.first(0), null);
    int minutes = 129_600;
    double weight = 0;
    double mean = 0;
    double squares = 0;
    double[] before = new double[3];
    MinuteFigures last = null;
    MinuteFigures alone = null;
    for (int minute = 0; minute < minutes; minute++) {
      BigDecimal price = BigDecimal.valueOf(1_000_000L + random.nextInt(12) - 6, 1);
      MinuteBar bar =
          new Deals.Deal(minute, price.toPlainString(), "0.0" + (1 + random.nextInt(9)), true)
              .bar();
      if (minute == minutes - 60) {
        before = new double[] {weight, mean, squares};
      }
      weight += bar.notional().doubleValue();
      mean += bar.priceNotional().doubleValue();
      squares += bar.squaredPriceNotional().doubleValue();
      if (minute < minutes - 60) {
        all.lookBack(bar);
      } else {
        last = all.next(minute, bar);
        alone = hour.next(minute, bar);
      }
    }
    SpanFigures found = last.spans().get(0);
    SpanFigures expected = alone.spans().get(0);
    assertThat(found.band()).isEqualTo(expected.band());
    assertThat(found.vwap()).isEqualTo(expected.vwap());
    double sum = weight - before[0];
    double naive = (squares - before[2]) / sum - Math.pow((mean - before[1]) / sum, 2);
    double exact = Math.pow(found.band().stddev(), 2);
    assertThat(Math.abs(naive - exact) / exact).isGreaterThan(1e-3);
  }

  private static List<MinuteFigures> fromTheBeginning(
      NavigableMap<Long, MinuteBar> bars, Spans spans) {
    InstrumentMinutes minutes = begin(bars, spans);
    List<MinuteFigures> rows = new ArrayList<>();
    for (long minute = bars.firstKey(); minute <= bars.lastKey() + 300; minute++) {
      rows.add(minutes.next(minute, bars.get(minute)));
    }
    return rows;
  }

  private static InstrumentMinutes begin(NavigableMap<Long, MinuteBar> bars, Spans spans) {
    long day = MinuteRange.dayOf(bars.firstKey()).from();
    return new InstrumentMinutes(spans, day, DayStart.first(spans.anchors().size()), null);
  }

  /**
   * As a run does it that knows the carry of the day and the minutes that the row looks back at.
   */
  private static InstrumentMinutes inTheMiddle(
      NavigableMap<Long, MinuteBar> bars, Spans spans, long minute) {
    long day = MinuteRange.dayOf(minute).from();
    long from = minute - spans.lookback();
    CarriedSums sums =
        CarriedSums.of(bars.headMap(day, false).values(), spans.anchors(), bars.firstKey());
    Map.Entry<Long, MinuteBar> newest = bars.lowerEntry(from);
    InstrumentMinutes minutes =
        new InstrumentMinutes(
            spans,
            day,
            new DayStart(CarriedSums.parse(sums.text()), null, null),
            newest == null ? null : newest.getValue().close());
    bars.subMap(from, true, minute, false).values().forEach(minutes::lookBack);
    return minutes;
  }

  private static Queried queried(NavigableMap<Long, MinuteBar> bars, Spans spans, long minute) {
    return new Queried() {

      @Override
      public VwapSums total() {
        return InstrumentMinutesTest.before(bars, minute + 1);
      }

      @Override
      public VwapSums before(int window) {
        return InstrumentMinutesTest.before(
            bars, minute - spans.windows().get(window).minutes() + 1);
      }
    };
  }

  private static VwapSums before(NavigableMap<Long, MinuteBar> bars, long minute) {
    return bars.headMap(minute, false).values().stream()
        .map(VwapSums::of)
        .reduce(VwapSums.NONE, VwapSums::plus);
  }

  private static Spans spans(Tape tape, Random random) {
    List<String> names = List.of("1m", "7m", "1h", "4h", "1d", "2d");
    List<WindowSpec> windows =
        names.stream()
            .filter(name -> random.nextBoolean() || name.equals("1h"))
            .map(WindowSpec::parse)
            .toList();
    int middle = tape.trades().size() / 2;
    return new Spans(
        windows,
        true,
        List.of(
            new Anchor("before", Tape.START - DayBars.MINUTES_A_DAY),
            new Anchor("within", Tape.minute(tape.trades().get(middle))),
            new Anchor("quiet", Tape.minute(tape.trades().get(middle)) + random.nextInt(3000)),
            new Anchor("after", Tape.START + 1_000_000)));
  }

  private static long from(Spans spans, int span, long minute) {
    if (span < spans.windows().size()) {
      return minute - spans.windows().get(span).minutes() + 1;
    }
    return span < spans.withoutAnchors()
        ? Math.floorDiv(minute, 1440L) * 1440
        : spans.anchors().get(span - spans.withoutAnchors()).minute();
  }

  /** Equal but for how many zeros a sum ends in. */
  private void assertSame(MinuteFigures found, MinuteFigures expected, String label) {
    assertThat(found.close()).as(label).isEqualTo(expected.close());
    assertThat((Double) found.amihud()).as(label).isEqualTo((Double) expected.amihud());
    assertThat(found.impact()).as(label).isEqualTo(expected.impact());
    for (int i = 0; i < expected.spans().size(); i++) {
      assertThat(plain(found.spans().get(i))).as(label).isEqualTo(plain(expected.spans().get(i)));
    }
  }

  private SpanFigures plain(SpanFigures span) {
    return withPlainSums.computeIfAbsent(span, InstrumentMinutesTest::withPlainSums);
  }

  private static SpanFigures withPlainSums(SpanFigures span) {
    SpanSums sums = SpanSums.parse(span.sums().text());
    return new SpanFigures(
        sums,
        sums.delta(),
        span.vwap(),
        span.vwapBase(),
        span.band(),
        span.baseBand(),
        span.imbalance(),
        span.amihud(),
        span.area());
  }
}
