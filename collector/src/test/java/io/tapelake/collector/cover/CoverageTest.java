package io.tapelake.collector.cover;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.collector.decode.TradeRow;
import io.tapelake.vault.TakerSide;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoverageTest {

  private final List<GapEvent> journal = new ArrayList<>();
  private final IdRanges covered = new IdRanges();
  private final FillPolicy policy =
      new FillPolicy(Duration.ofSeconds(1), Duration.ofSeconds(2), 2, Duration.ofHours(1));
  private Coverage coverage = new Coverage(covered, -1, policy, journal::add);
  private Instant now = Instant.EPOCH;

  @Test
  void theFirstTradeOfAllIsWhereWatchingBegins() {
    take(100, 1);
    assertThat(coverage.watchFrom()).isEqualTo(100);
    assertThat(coverage.missing()).isEmpty();
  }

  @Test
  void aJumpInTheIdsIsAGap() {
    take(100, 1);
    take(104, 1);
    assertThat(coverage.missing()).containsExactly(new IdRange(101, 103));
  }

  @Test
  void aGapIsAskedForOnlyAfterLatePushesHadTheirTime() {
    take(100, 1);
    take(104, 1);
    assertThat(coverage.nextPageBefore(now)).isEqualTo(-1);
    later(1);
    assertThat(coverage.nextPageBefore(now)).isEqualTo(104);
  }

  @Test
  void aLatePushClosesAGapWithoutATrace() {
    take(100, 1);
    take(102, 1);
    take(101, 1);
    later(1);
    assertThat(coverage.nextPageBefore(now)).isEqualTo(-1);
    assertThat(journal).isEmpty();
  }

  @Test
  void aGapIsWalkedDownwardsPageByPage() {
    take(100, 1);
    take(106, 1);
    later(1);
    assertThat(coverage.nextPageBefore(now)).isEqualTo(106);
    coverage.answered(List.of(take(105, 1), take(104, 1)), now);
    assertThat(coverage.nextPageBefore(now)).isEqualTo(104);
    coverage.answered(List.of(take(103, 1), take(102, 1), take(101, 1)), now);
    assertThat(coverage.nextPageBefore(now)).isEqualTo(-1);
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
      assertThat(coverage.nextPageBefore(now)).isEqualTo(103);
      coverage.answered(List.of(), now);
    }
    later(10);
    assertThat(coverage.nextPageBefore(now)).isEqualTo(-1);
    assertThat(coverage.givenUp()).containsExactly(new IdRange(101, 102));
    assertThat(journal)
        .extracting(GapEvent::kind)
        .containsExactly(GapEvent.Kind.FOUND, GapEvent.Kind.MISSING);
    later(3600);
    assertThat(coverage.nextPageBefore(now)).as("asked again an hour later").isEqualTo(103);
  }

  @Test
  void aFailedRequestSaysNothingAboutTheTrades() {
    take(100, 1);
    take(103, 1);
    for (int i = 0; i < 20; i++) {
      later(10);
      assertThat(coverage.nextPageBefore(now)).isEqualTo(103);
      coverage.failed(now, Duration.ofSeconds(1));
    }
    assertThat(coverage.givenUp()).isEmpty();
  }

  @Test
  void anAggregateCoversAllItsIds() {
    take(100, 1);
    take(103, 3);
    assertThat(coverage.missing()).isEmpty();
    assertThat(coverage.judge(row(102, 1))).isEqualTo(Coverage.Verdict.DUPLICATE);
  }

  @Test
  void anAggregateOfWhichAPartIsInIsNotWrittenAndTheRestIsFetched() {
    take(100, 1);
    take(102, 1);
    TradeRow aggregate = row(103, 3);
    assertThat(coverage.judge(aggregate)).isEqualTo(Coverage.Verdict.PARTLY_IN);
    coverage.notWritten(aggregate, "partly in", now);
    assertThat(coverage.missing()).containsExactly(new IdRange(101, 101), new IdRange(103, 103));
  }

  @Test
  void anIdFarAheadIsNotBelievedUntilRestConfirmsIt() {
    take(100, 1);
    TradeRow far = row(Coverage.MAX_JUMP * 10, 1);
    assertThat(coverage.judge(far)).isEqualTo(Coverage.Verdict.IMPLAUSIBLE);
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
    assertThat(coverage.pendingGaps()).isEqualTo(1);
    assertThat(coverage.missing()).containsExactly(new IdRange(101, 4999));
  }

  @Test
  void tenThousandGapsTakeBoundedMemory() {
    for (int id = 100; id < 40_100; id += 2) {
      take(id, 1);
    }
    assertThat(coverage.pendingGaps()).isLessThanOrEqualTo(2_001);
    assertThat(coverage.missing()).hasSize(19_999);
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
