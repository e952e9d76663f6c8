package io.tapelake.live.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.analytics.window.MinuteFigures;
import io.tapelake.analytics.window.SpanFigures;
import io.tapelake.vault.Trade;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class InstrumentTapeTest {

  private static final LiveSettings SETTINGS = Tape.settings("5m,1h");
  private static final int[] WINDOWS = {5, 60};

  /** With more of them this takes a minute: {@code -Dtapelake.live.trades=100000}. */
  private static final int TRADES = Integer.getInteger("tapelake.live.trades", 4_000);

  @Test
  void theOpenMinuteIsExactAfterEveryTradeAlsoOfLateOnes() {
    long seed = 20261130;
    System.out.println("seed " + seed + ", " + TRADES + " trades");
    Random random = new Random(seed);
    List<Trade> trades =
        disturbed(random, Tape.walk(random, Instant.parse("2026-03-01T20:00:00Z"), TRADES, 1500));
    Days days = new Days();
    ExactOracle oracle = new ExactOracle();
    long newest = Long.MIN_VALUE;
    for (Trade trade : trades) {
      days.take(trade);
      oracle.add(trade);
      assertRow(days.tape.open(), oracle);
      if (days.tape.newestMinute() > newest && newest > 0) {
        days.tape.recentRows(newest - 1, newest).forEach(row -> assertRow(row, oracle));
      }
      newest = days.tape.newestMinute();
    }
    assertThat(days.tape.newestMinute()).isEqualTo(oracle.newest());
  }

  @Test
  void rowsOfClosedMinutesAreThoseOfTheOpenMinuteOnceItIsOver() {
    Random random = new Random(7);
    Days days = new Days();
    ExactOracle oracle = new ExactOracle();
    for (Trade trade :
        disturbed(random, Tape.walk(random, Instant.parse("2026-03-01T23:00:00Z"), 4000, 1500))) {
      days.take(trade);
      oracle.add(trade);
    }
    long first = days.tape.firstMinute();
    List<MinuteFigures> rows = days.tape.rows(first, days.tape.newestMinute());
    assertThat(rows).hasSize((int) (days.tape.newestMinute() - first + 1));
    for (MinuteFigures row : rows) {
      assertRow(row, oracle);
    }
    SpanFigures open = days.tape.open().spans().get(1);
    SpanFigures closed = rows.get(rows.size() - 1).spans().get(1);
    assertThat(open.band()).isEqualTo(closed.band());
    assertThat(open.baseBand()).isEqualTo(closed.baseBand());
    assertThat(open.imbalance()).isEqualTo(closed.imbalance());
    assertThat(open.area()).isEqualTo(closed.area());
  }

  @Test
  void aDayThatIsReadAnewTakesThePlaceOfWhatWasKnownOfIt() {
    Days days = new Days();
    days.take(Tape.trade("2026-03-01T10:00:00Z", 1, "buy", "100", "1"));
    days.take(Tape.trade("2026-03-01T10:01:00Z", 2, "buy", "100", "1"));
    TradeDay anew = new TradeDay(LocalDate.parse("2026-03-01"));
    anew.take(Tape.parsed(Tape.trade("2026-03-01T10:00:00Z", 1, "buy", "200", "1")));
    anew.take(Tape.parsed(Tape.trade("2026-03-01T10:01:00Z", 2, "buy", "100", "1")));
    days.tape.takeRevised();
    days.tape.install(anew);
    assertThat(days.tape.open().spans().get(0).sums().vwap().notional()).isEqualByComparingTo("3");
    long revised = Instant.parse("2026-03-01T10:00:00Z").getEpochSecond() / 60;
    long endOfDay = LocalDate.parse("2026-03-01").toEpochDay() * 1440 + 1439;
    assertThat(days.tape.takeRevised()).containsExactly(revised, endOfDay);
    assertThat(days.tape.revisedMinutes()).containsExactly(revised);
  }

  @Test
  void nothingIsToldOfSpansWhoseDaysAreNotReadYet() {
    Days days = new Days();
    days.take(Tape.trade("2026-03-02T10:00:00Z", 5, "buy", "100", "1"));
    days.tape.know(Set.of(LocalDate.parse("2026-03-01"), LocalDate.parse("2026-03-02")));
    long midnight = LocalDate.parse("2026-03-02").toEpochDay() * 1440;
    assertThat(days.tape.coveredFrom()).isEqualTo(midnight);
    assertThat(days.tape.isCovered()).isFalse();
    days.tape.install(new TradeDay(LocalDate.parse("2026-03-01")));
    assertThat(days.tape.isCovered()).isTrue();
  }

  @Test
  void aTapeOfWhichNothingIsReadYetIsNotCovered() {
    InstrumentTape tape = new Days().tape;
    assertThat(tape.isCovered()).as("there is nothing to read").isTrue();
    LocalDate day = LocalDate.parse("2026-03-02");
    tape.know(Set.of(day.minusDays(1), day));
    assertThat(tape.isCovered()).isFalse();
    tape.install(new TradeDay(day));
    assertThat(tape.isCovered()).as("what it looks back at is not read").isFalse();
    tape.install(new TradeDay(day.minusDays(1)));
    assertThat(tape.isCovered()).isTrue();
  }

  @Test
  void aDayThatIsReadMakesTheFiguresKnownThatLookBackAtIt() {
    Days days = new Days();
    LocalDate first = LocalDate.parse("2026-03-01");
    LocalDate second = first.plusDays(1);
    days.tape.know(Set.of(first, second));
    days.tape.install(dayOf(Tape.trade("2026-03-02T10:00:00Z", 5, "buy", "100", "1")));
    days.tape.takeRevised();
    days.tape.install(dayOf(Tape.trade("2026-03-01T10:00:00Z", 4, "buy", "100", "1")));
    long midnight = second.toEpochDay() * 1440;
    assertThat(days.tape.takeRevised())
        .containsExactly(midnight - 14 * 60, SETTINGS.spans().lastAffected(midnight - 1));
    assertThat(days.tape.takeRevised()).isNull();
  }

  @Test
  void lateTradesDoNotMakeAQuietTapeOneOfNow() {
    Days days = new Days();
    TradeDay first = dayOf(Tape.trade("2026-03-01T10:00:00Z", 5, "buy", "100", "1"));
    TradeDay second = dayOf(Tape.trade("2026-03-02T10:00:30Z", 8, "buy", "100", "1"));
    days.tape.install(first);
    days.tape.install(second);
    days.tape.take(second, Tape.parsed(Tape.trade("2026-03-02T10:00:31Z", 9, "buy", "1", "1")), 7);
    days.tape.take(second, Tape.parsed(Tape.trade("2026-03-02T10:00:29Z", 7, "buy", "1", "1")), 8);
    days.tape.take(first, Tape.parsed(Tape.trade("2026-03-01T10:00:09Z", 6, "buy", "1", "1")), 9);
    assertThat(days.tape.takenAtNanos()).isEqualTo(7);
  }

  @Test
  void missingIdsAreToldWithTheirTimesAlsoBetweenDays() {
    Days days = new Days();
    days.take(Tape.trade("2026-03-01T23:59:58Z", 10, "buy", "100", "1"));
    days.take(Tape.trade("2026-03-02T00:00:01Z", 13, "buy", "100", "1"));
    days.take(Tape.trade("2026-03-02T00:00:02Z", 14, "buy", "100", "1"));
    days.take(Tape.trade("2026-03-02T00:00:09Z", 20, "buy", "100", "1"));
    long midnight = Instant.parse("2026-03-02T00:00:00Z").toEpochMilli();
    assertThat(days.tape.gaps())
        .containsExactly(
            new IdGap(11, 12, midnight - 2000, midnight + 1000),
            new IdGap(15, 19, midnight + 2000, midnight + 9000));
    for (long id = 15; id <= 19; id++) {
      days.take(Tape.trade("2026-03-02T00:00:05Z", id, "buy", "100", "1"));
    }
    assertThat(days.tape.gaps()).hasSize(1);
  }

  @Test
  void idsThatStartOverAreNoGap() {
    Days days = new Days();
    days.take(Tape.trade("2026-03-02T10:00:00Z", 1_000_000, "buy", "100", "1"));
    days.take(Tape.trade("2026-03-02T10:00:01Z", 1_000_001, "buy", "100", "1"));
    days.take(Tape.trade("2026-03-02T10:00:02Z", 1, "buy", "100", "1"));
    days.take(Tape.trade("2026-03-02T10:00:05Z", 4, "buy", "100", "1"));
    long minute = Instant.parse("2026-03-02T10:00:00Z").toEpochMilli();
    assertThat(days.tape.gaps()).containsExactly(new IdGap(2, 3, minute + 2000, minute + 5000));
  }

  @Test
  void theIdsOfDaysWithoutAFileOrATradeAreMissingThoseOfDaysToBeReadAreNot() {
    Days days = new Days();
    days.take(Tape.trade("2026-03-01T23:00:00Z", 1000, "buy", "100", "1"));
    days.take(Tape.trade("2026-03-03T01:00:00Z", 90_001, "buy", "100", "1"));
    IdGap gap =
        new IdGap(
            1001,
            90_000,
            Instant.parse("2026-03-01T23:00:00Z").toEpochMilli(),
            Instant.parse("2026-03-03T01:00:00Z").toEpochMilli());
    assertThat(days.tape.gaps()).containsExactly(gap);
    LocalDate between = LocalDate.parse("2026-03-02");
    days.tape.know(List.of(between.minusDays(1), between, between.plusDays(1)));
    assertThat(days.tape.gaps()).isEmpty();
    days.tape.install(new TradeDay(between));
    assertThat(days.tape.gaps()).containsExactly(gap);
  }

  @Test
  void minutesWhoseTradesCameOutOfOrderAreToldUntilTheyAreSorted() {
    Days days = new Days();
    days.take(Tape.trade("2026-03-01T10:00:10Z", 2, "buy", "100", "1"));
    days.take(Tape.trade("2026-03-01T10:05:00Z", 3, "buy", "100", "1"));
    days.take(Tape.trade("2026-03-01T10:00:05Z", 1, "sell", "90", "1"));
    days.take(Tape.trade("2026-03-01T10:09:00Z", 4, "buy", "100", "1"));
    assertThat(days.tape.unsorted()).hasSize(1);
    assertThat(days.tape.open().spans().get(1).sums().vwap().tradeCount()).isEqualTo(4);
    TradeDay day = days.tape.unsorted().keySet().iterator().next();
    TradeDay sorted = new TradeDay(day.day());
    sorted.take(Tape.parsed(Tape.trade("2026-03-01T10:00:05Z", 1, "sell", "90", "1")));
    sorted.take(Tape.parsed(Tape.trade("2026-03-01T10:00:10Z", 2, "buy", "100", "1")));
    long minute = Instant.parse("2026-03-01T10:00:00Z").getEpochSecond() / 60;
    days.tape.sorted(day, List.of(sorted.bar(minute)));
    assertThat(days.tape.unsorted()).isEmpty();
    SpanFigures open = days.tape.open().spans().get(1);
    SpanFigures row = days.newest().spans().get(1);
    assertThat(open.area()).isNotNull().isEqualTo(row.area());
    assertThat(open.sums()).isEqualTo(row.sums());
  }

  @Test
  void aMinuteOfMoreTradesThanAreKeptIsToldToBeSortedAlsoWhereItIsTheLastOne() {
    Days days = new Days();
    for (int id = 2; id <= 20_002; id++) {
      days.take(Tape.trade("2026-03-01T10:00:10Z", id, "buy", "100", "1"));
    }
    days.take(Tape.trade("2026-03-01T10:00:05Z", 1, "sell", "90", "1"));
    assertThat(days.tape.unsorted()).hasSize(1);
  }

  @Test
  void aTradeFarAheadLeavesTheMinutesBeforeItTheirFlowWhileTheyGrow() {
    TradeDay day = dayOf(Tape.trade("2026-03-01T23:59:00Z", 1, "buy", "100", "1"));
    Trade trade = Tape.trade("2026-03-01T10:00:05Z", 2, "buy", "100", "1");
    long minute = trade.time().getEpochSecond() / 60;
    day.take(Tape.parsed(trade));
    assertThat(day.unsorted()).isEmpty();
    day.take(Tape.parsed(Tape.trade("2026-03-01T10:00:06Z", 3, "buy", "100", "1")));
    assertThat(day.bar(minute).flow()).isNotNull();
    day.end();
    assertThat(day.unsorted()).isEmpty();
    assertThat(day.bar(minute).flow().base().high()).isEqualByComparingTo("0.02");
  }

  @Test
  void minutesOfADayThatWasReadAnewSinceAreNotTakenAsSorted() {
    Days days = new Days();
    days.take(Tape.trade("2026-03-01T10:00:10Z", 2, "buy", "100", "1"));
    days.take(Tape.trade("2026-03-01T10:05:00Z", 3, "buy", "100", "1"));
    days.take(Tape.trade("2026-03-01T10:00:05Z", 1, "sell", "90", "1"));
    TradeDay day = days.tape.unsorted().keySet().iterator().next();
    TradeDay anew = new TradeDay(day.day());
    anew.take(Tape.parsed(Tape.trade("2026-03-01T10:00:05Z", 1, "sell", "90", "1")));
    anew.take(Tape.parsed(Tape.trade("2026-03-01T10:00:10Z", 2, "buy", "100", "1")));
    anew.take(Tape.parsed(Tape.trade("2026-03-01T10:05:00Z", 3, "buy", "100", "1")));
    days.tape.install(anew);
    MinuteFigures before = days.tape.open();
    days.tape.sorted(day, List.of(anew.bar(days.tape.firstMinute())));
    assertThat(days.tape.open()).isEqualTo(before);
  }

  @Test
  void aDayThatIsReadAgainRevisesNothingThoughItWasLookedAtAmidASweep() {
    List<Trade> trades =
        List.of(
            Tape.trade("2026-03-01T10:00:05Z", 1, "buy", "100", "1"),
            Tape.trade("2026-03-01T10:00:05Z", 2, "buy", "101", "1"),
            Tape.trade("2026-03-01T10:00:05Z", 3, "buy", "102", "1"));
    Days days = new Days();
    TradeDay again = new TradeDay(trades.get(0).day());
    for (Trade trade : trades) {
      days.take(trade);
      days.tape.open();
      again.take(Tape.parsed(trade));
    }
    days.tape.takeRevised();
    days.tape.install(again);
    assertThat(days.tape.takeRevised()).isNull();
  }

  private static TradeDay dayOf(Trade trade) {
    TradeDay day = new TradeDay(trade.day());
    day.take(Tape.parsed(trade));
    return day;
  }

  private static void assertRow(MinuteFigures row, ExactOracle oracle) {
    long minute = row.minute();
    for (int i = 0; i < WINDOWS.length; i++) {
      assertSpan(row.spans().get(i), oracle.of(minute - WINDOWS[i] + 1, minute));
    }
    assertSpan(row.spans().get(WINDOWS.length), oracle.of(minute - minute % 1440, minute));
  }

  private static void assertSpan(SpanFigures span, ExactOracle.Figures expected) {
    assertThat(span.vwap().toBigDecimal()).isEqualByComparingTo(expected.vwap());
    assertThat(span.vwapBase().toBigDecimal()).isEqualByComparingTo(expected.vwapBase());
    assertThat(span.sums().vwap().tradeCount()).isEqualTo(expected.trades());
    assertThat(span.delta().base()).isEqualByComparingTo(expected.cvd());
  }

  /** Some come seconds late, some minutes. */
  private static List<Trade> disturbed(Random random, List<Trade> trades) {
    List<Trade> disturbed = new ArrayList<>();
    List<Trade> held = new ArrayList<>();
    for (Trade trade : trades) {
      if (random.nextInt(40) == 0) {
        held.add(trade);
      } else {
        disturbed.add(trade);
      }
      if (!held.isEmpty() && random.nextInt(30) == 0) {
        disturbed.add(held.remove(random.nextInt(held.size())));
      }
    }
    disturbed.addAll(held);
    return disturbed;
  }

  /** A tape whose days are put in as their first trade comes. */
  private static final class Days {

    private final InstrumentTape tape =
        new InstrumentTape(
            Tape.BTC, SETTINGS, Clock.fixed(Instant.parse("2026-03-03T00:00:00Z"), ZoneOffset.UTC));
    private final Map<LocalDate, TradeDay> days = new HashMap<>();

    void take(Trade trade) {
      TradeDay day = days.get(trade.day());
      if (day == null) {
        day = new TradeDay(trade.day());
        days.put(trade.day(), day);
        tape.install(day);
        tape.know(days.keySet());
      }
      tape.take(day, Tape.parsed(trade), 0);
    }

    /** The newest row as the job makes it. */
    MinuteFigures newest() {
      return tape.rows(tape.newestMinute(), tape.newestMinute()).get(0);
    }
  }
}
