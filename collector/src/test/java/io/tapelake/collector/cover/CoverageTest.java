package io.tapelake.collector.cover;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.collector.decode.RefusedRow;
import io.tapelake.collector.decode.TradeRow;
import io.tapelake.vault.TakerSide;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoverageTest {

  private final List<GapEvent> journal = new ArrayList<>();
  private final FillPolicy policy =
      new FillPolicy(Duration.ofSeconds(1), Duration.ofSeconds(2), 2, Duration.ofHours(1));
  private Coverage coverage = new Coverage(new IdRanges(), Life.FIRST, -1, policy, journal::add);
  private Instant now = Instant.EPOCH;

  @Test
  void theFirstTradeOfAllIsWhereWatchingBegins() {
    take(100, 1);
    assertThat(coverage.watchFrom()).isEqualTo(100);
    assertThat(coverage.gaps().open()).isEmpty();
  }

  @Test
  void aJumpInTheIdsIsAGap() {
    take(100, 1);
    take(104, 1);
    assertThat(coverage.gaps().open()).containsExactly(new IdRange(101, 103));
  }

  @Test
  void aGapIsAskedForOnlyAfterLatePushesHadTheirTime() {
    take(100, 1);
    take(104, 1);
    assertThat(coverage.gaps().nextPageBefore(now)).isEqualTo(-1);
    later(1);
    assertThat(coverage.gaps().nextPageBefore(now)).isEqualTo(104);
  }

  @Test
  void aLatePushClosesAGapWithoutATrace() {
    take(100, 1);
    take(102, 1);
    take(101, 1);
    later(1);
    assertThat(coverage.gaps().nextPageBefore(now)).isEqualTo(-1);
    assertThat(journal).isEmpty();
  }

  @Test
  void aGapIsWalkedDownwardsPageByPage() {
    take(100, 1);
    take(106, 1);
    later(1);
    assertThat(coverage.gaps().nextPageBefore(now)).isEqualTo(106);
    coverage.gaps().answered(List.of(take(105, 1), take(104, 1)), List.of(), now);
    assertThat(coverage.gaps().nextPageBefore(now)).isEqualTo(104);
    coverage.gaps().answered(List.of(take(103, 1), take(102, 1), take(101, 1)), List.of(), now);
    assertThat(coverage.gaps().nextPageBefore(now)).isEqualTo(-1);
    assertThat(journal)
        .extracting(GapEvent::kind)
        .containsExactly(GapEvent.Kind.FOUND, GapEvent.Kind.FILLED);
  }

  @Test
  void whatRestDoesNotHaveIsRecordedAsMissingAfterSomePasses() {
    take(100, 1);
    take(103, 1);
    for (int pass = 0; pass < 2; pass++) {
      later(10);
      assertThat(coverage.gaps().nextPageBefore(now)).isEqualTo(103);
      coverage.gaps().answered(List.of(), List.of(), now);
    }
    later(10);
    assertThat(coverage.gaps().nextPageBefore(now)).isEqualTo(-1);
    assertThat(coverage.gaps().givenUp()).containsExactly(new IdRange(101, 102));
    assertThat(journal)
        .extracting(GapEvent::kind)
        .containsExactly(GapEvent.Kind.FOUND, GapEvent.Kind.MISSING);
    later(3600);
    assertThat(coverage.gaps().nextPageBefore(now)).as("asked again an hour later").isEqualTo(103);
  }

  @Test
  void aFailedRequestSaysNothingAboutTheTrades() {
    take(100, 1);
    take(103, 1);
    for (int i = 0; i < 20; i++) {
      later(10);
      assertThat(coverage.gaps().nextPageBefore(now)).isEqualTo(103);
      coverage.gaps().failed(now, Duration.ofSeconds(1));
    }
    assertThat(coverage.gaps().givenUp()).isEmpty();
  }

  @Test
  void anAggregateCoversAllItsIds() {
    take(100, 1);
    take(103, 3);
    assertThat(coverage.gaps().open()).isEmpty();
    assertThat(coverage.judge(row(102, 1))).isEqualTo(Coverage.Verdict.DUPLICATE);
  }

  @Test
  void anAggregateOfWhichAPartIsInIsNotWrittenAndTheRestIsFetched() {
    take(100, 1);
    take(102, 1);
    TradeRow aggregate = row(103, 3);
    assertThat(coverage.judge(aggregate)).isEqualTo(Coverage.Verdict.PARTLY_IN);
    coverage.notWritten(aggregate, "partly in", now);
    assertThat(coverage.gaps().open())
        .containsExactly(new IdRange(101, 101), new IdRange(103, 103));
  }

  @Test
  void anIdFarAheadIsNotBelievedUntilRestConfirmsIt() {
    take(100, 1);
    TradeRow far = row(Coverage.MAX_JUMP * 10, 1);
    assertThat(coverage.judge(far)).isEqualTo(Coverage.Verdict.FAR_AHEAD);
    assertThat(coverage.highest()).isEqualTo(100);
    coverage.existsUpTo(Coverage.MAX_JUMP * 10 + 5, "rest", now);
    assertThat(coverage.judge(far)).isEqualTo(Coverage.Verdict.NEW);
  }

  @Test
  void whatCannotBeWrittenIsOneGapThatGrows() {
    take(100, 1);
    for (int id = 101; id < 5000; id++) {
      coverage.notWritten(row(id, 1), "write error", now);
    }
    assertThat(coverage.gaps().pending()).isEqualTo(1);
    assertThat(coverage.gaps().open()).containsExactly(new IdRange(101, 4999));
  }

  @Test
  void tenThousandGapsTakeBoundedMemory() {
    for (int id = 100; id < 40_100; id += 2) {
      take(id, 1);
    }
    assertThat(coverage.gaps().pending()).isLessThanOrEqualTo(2_001);
    assertThat(coverage.gaps().open()).hasSize(19_999);
  }

  @Test
  void whatTheExchangeNamesAndHasNoTradeOfIsPassedAndSoonGivenUp() {
    take(100, 1);
    take(105, 1);
    later(10);
    assertThat(coverage.gaps().nextPageBefore(now)).isEqualTo(105);
    RefusedRow zero = new RefusedRow(103, "sz is '0'");
    coverage.gaps().answered(List.of(take(104, 1)), List.of(zero), now);
    assertThat(coverage.gaps().nextPageBefore(now)).as("past the row").isEqualTo(103);
    coverage.gaps().answered(List.of(take(102, 1), take(101, 1)), List.of(), now);
    later(10);
    assertThat(coverage.gaps().nextPageBefore(now)).as("asked once more").isEqualTo(104);
    coverage.gaps().answered(List.of(), List.of(zero), now);
    assertThat(coverage.gaps().nextPageBefore(now)).isEqualTo(-1);
    assertThat(coverage.gaps().givenUp()).containsExactly(new IdRange(103, 103));
    GapEvent last = journal.get(journal.size() - 1);
    assertThat(last.kind()).isEqualTo(GapEvent.Kind.MISSING);
    assertThat(last.cause()).contains("sz is '0'");
  }

  @Test
  void anEqualIdWithOtherContentIsNoDuplicate() {
    take(100, 1);
    assertThat(coverage.judge(at(100, 0))).isEqualTo(Coverage.Verdict.DUPLICATE);
    assertThat(coverage.judge(at(100, 60))).isEqualTo(Coverage.Verdict.CONTRADICTS);
    assertThat(coverage.judge(priced(100, "2"))).isEqualTo(Coverage.Verdict.CONTRADICTS);
  }

  @Test
  void aLowIdOfALaterTimeContradictsAndALateTradeDoesNot() {
    coverage.accepted(at(1_000, 100), "test", now);
    assertThat(coverage.judge(at(5, 160))).isEqualTo(Coverage.Verdict.CONTRADICTS);
    assertThat(coverage.judge(at(999, 99))).isEqualTo(Coverage.Verdict.NEW);
  }

  @Test
  void anIdOfLongBeforeTheFirstOneContradictsFromTheStart() {
    take(121_819_954, 1);
    assertThat(coverage.judge(row(12, 1))).isEqualTo(Coverage.Verdict.CONTRADICTS);
    assertThat(coverage.judge(row(121_819_950, 1))).isEqualTo(Coverage.Verdict.NEW);
  }

  @Test
  void idsThatStartOverAreALifeOfTheirOwn() {
    coverage.accepted(at(1_000, 100), "test", now);
    coverage.accepted(at(1_003, 100), "test", now);
    TradeRow first = at(5, 160);
    assertThat(coverage.showsStartOver(first)).isTrue();
    IdRanges taken = new IdRanges();
    taken.add(1_000, 1_000);
    coverage.startOver(4, coverage.life().next(LocalDate.EPOCH, taken, 1_000, 1_003), now);
    assertThat(journal.get(journal.size() - 1).ids()).containsExactly(new IdRange(1_001, 1_002));
    assertThat(coverage.judge(first)).isEqualTo(Coverage.Verdict.NEW);
    coverage.accepted(first, "test", now);
    assertThat(coverage.gaps().open())
        .as("from its first id on")
        .containsExactly(new IdRange(1, 4));
    assertThat(coverage.watchFrom()).isEqualTo(1);
    assertThat(coverage.judge(at(1_000, 200))).isEqualTo(Coverage.Verdict.TAKEN);
    assertThat(coverage.judge(at(1_000, 90_000)))
        .as("the day after")
        .isEqualTo(Coverage.Verdict.NEW);
    assertThat(coverage.life().before()).containsExactly(new IdRange(1_000, 1_003));
    coverage.discovered(LocalDate.EPOCH, taken, now);
    assertThat(coverage.judge(at(1_000, 90_000))).isEqualTo(Coverage.Verdict.NEW);
    coverage.discovered(LocalDate.EPOCH.plusDays(1), taken, now);
    assertThat(coverage.judge(at(1_000, 90_000))).isEqualTo(Coverage.Verdict.DUPLICATE);
  }

  @Test
  void theNextLifeMayHaveBegunOnTheDayOfTheNewestTradeOrTheDayBeforeItIsSeen() {
    coverage.accepted(at(1_000, 86_000), "test", now);
    assertThat(coverage.nextSince(at(5, 86_300))).isEqualTo(LocalDate.EPOCH);
    assertThat(coverage.nextSince(at(5, 86_500))).isEqualTo(LocalDate.EPOCH);
    assertThat(coverage.nextSince(at(5, 4 * 86_400)))
        .as("import may add trades of the old life to the days between")
        .isEqualTo(LocalDate.EPOCH.plusDays(3));
  }

  /** The exchange may push trades of the life before once more: they are no gap in the new one. */
  @Test
  void aTradeOfTheLifeBeforeIsARepetition() {
    IdRanges taken = new IdRanges();
    taken.add(1_206_779_000L, 1_206_779_319L);
    coverage.startOver(
        1, coverage.life().next(LocalDate.EPOCH, taken, 1_206_779_000L, 1_206_779_319L), now);
    coverage.accepted(at(1, 300), "test", now);
    assertThat(coverage.judge(at(1_206_779_319L, 200))).isEqualTo(Coverage.Verdict.DUPLICATE);
    assertThat(coverage.gaps().open()).isEmpty();
  }

  @Test
  void whatAnotherProgramWroteAheadOfTheHighestIdLeavesAGap() {
    take(100, 1);
    IdRanges ahead = new IdRanges();
    ahead.add(105, 106);
    coverage.discovered(LocalDate.EPOCH, ahead, now);
    assertThat(coverage.highest()).isEqualTo(106);
    assertThat(coverage.gaps().open()).containsExactly(new IdRange(101, 104));
  }

  @Test
  void whatRestTellsOfIsFoundMissingAndFilledInTheJournal() {
    coverage.seenAtRest(new IdRange(100, 102), now);
    List.of(100, 101, 102).forEach(id -> take(id, 1));
    take(104, 1);
    coverage.seenAtRest(new IdRange(103, 105), now);
    List.of(103, 105).forEach(id -> take(id, 1));
    coverage.gaps().sweep();
    assertThat(coverage.gaps().open()).isEmpty();
    assertThat(journal.stream().filter(event -> event.kind() == GapEvent.Kind.FILLED))
        .flatExtracting(GapEvent::ids)
        .containsExactly(new IdRange(100, 102), new IdRange(103, 103), new IdRange(105, 105));
  }

  private static TradeRow at(long id, long second) {
    Instant time = Instant.ofEpochSecond(second);
    return new TradeRow(
        "BTC-USDT-SWAP", id, 1, time, TakerSide.BUY, BigDecimal.ONE, BigDecimal.ONE);
  }

  private static TradeRow priced(long id, String price) {
    return new TradeRow(
        "BTC-USDT-SWAP",
        id,
        1,
        Instant.EPOCH,
        TakerSide.BUY,
        new BigDecimal(price),
        BigDecimal.ONE);
  }

  private TradeRow take(long id, int count) {
    TradeRow row = row(id, count);
    if (coverage.judge(row) == Coverage.Verdict.NEW) {
      coverage.accepted(row, "test", now);
    }
    return row;
  }

  private static TradeRow row(long id, int count) {
    return new TradeRow(
        "BTC-USDT-SWAP", id, count, Instant.EPOCH, TakerSide.BUY, BigDecimal.ONE, BigDecimal.ONE);
  }

  private void later(long seconds) {
    now = now.plusSeconds(seconds);
  }
}
