package io.tapelake.jobs.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.analytics.signal.Direction;
import io.tapelake.analytics.signal.Signal;
import io.tapelake.analytics.signal.SignalKind;
import io.tapelake.analytics.signal.SignalLine;
import io.tapelake.analytics.window.MinuteRange;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AlertQueueTest {

  private static final String BTC = "BTC-USDT-SWAP";
  private static final Instant NOW = Instant.parse("2026-01-02T10:00:00Z");
  private static final long MINUTE = NOW.getEpochSecond() / 60;

  private final AlertQueue queue = new AlertQueue();

  @Test
  void signalsOfNewMinutesWaitByMinuteAndIdWithTheLineOfTheExport() {
    add(signal(MINUTE, "2"), signal(MINUTE - 1, "1"));
    assertThat(queue.alerts())
        .extracting(Alert::line)
        .containsExactly(
            SignalLine.of(signal(MINUTE - 1, "1")), SignalLine.of(signal(MINUTE, "2")));
    assertThat(queue.alerts()).allMatch(alert -> alert.line().contains("\"" + alert.id() + "\""));
  }

  @Test
  void signalsOfMinutesBeforeTheBoundAreLeftOut() {
    Instant since = NOW.minus(Duration.ofHours(1));
    queue.add(List.of(signal(MINUTE - 61, "1"), signal(MINUTE - 60, "1")), since, true, false);
    assertThat(minutes()).containsExactly(MINUTE - 60);
  }

  @Test
  void aRevisionReplacesFiguresAndTakesBackWhatDoesNotStandAnyMore() {
    add(signal(MINUTE - 2, "1"), signal(MINUTE - 1, "1"), signal(MINUTE, "1"));
    queue.settle(BTC, List.of(new MinuteRange(MINUTE - 1, MINUTE)), List.of(signal(MINUTE, "1.5")));
    assertThat(queue.alerts())
        .extracting(Alert::line)
        .containsExactly(
            SignalLine.of(signal(MINUTE - 2, "1")), SignalLine.of(signal(MINUTE, "1.5")));
    queue.settle("ETH-USDT-SWAP", List.of(new MinuteRange(0, MINUTE)), List.of());
    assertThat(queue.size()).isEqualTo(2);
  }

  @Test
  void aMinuteThatIsNewASecondTimeIsNotToldAgain() {
    add(signal(MINUTE, "1"));
    queue.posted(queue.toPost().orElseThrow());
    queue.settle(BTC, List.of(new MinuteRange(MINUTE, MINUTE)), List.of());
    add(signal(MINUTE, "1"), signal(MINUTE + 1, "1"));
    assertThat(minutes()).containsExactly(MINUTE + 1);
  }

  @Test
  void whatIsPostedAndPrintedIsGone() {
    queue.add(List.of(signal(MINUTE, "1")), NOW, true, true);
    queue.printed();
    assertThat(queue.toPrint()).isEmpty();
    queue.posted(queue.toPost().orElseThrow());
    assertThat(queue.size()).isZero();
    assertThat(queue.givenUp()).isZero();
  }

  @Test
  void onlyTheNewestWaitWhenThereAreTooMany() {
    add(
        LongStream.range(0, AlertQueue.MOST + 7L)
            .mapToObj(i -> signal(MINUTE + i, "1"))
            .toArray(Signal[]::new));
    assertThat(queue.size()).isEqualTo(AlertQueue.MOST);
    assertThat(queue.givenUp()).isEqualTo(7);
    assertThat(minutes()).startsWith(MINUTE + 7);
  }

  @Test
  void whatIsNoNewsAnyMoreIsGivenUp() {
    add(signal(MINUTE, "1"), signal(MINUTE + 1, "1"));
    queue.expire(NOW.plus(AlertQueue.LONGEST_WAIT));
    assertThat(queue.size()).isEqualTo(2);
    queue.expire(NOW.plus(AlertQueue.LONGEST_WAIT).plusSeconds(1));
    assertThat(minutes()).containsExactly(MINUTE + 1);
    assertThat(queue.givenUp()).isEqualTo(1);
  }

  @Test
  void thePauseDoublesUpToItsBoundAndEndsWithSuccess() {
    add(signal(MINUTE, "1"), signal(MINUTE + 1, "1"));
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      queue.unanswered(NOW);
      pauses.add(Duration.between(NOW, queue.nextTry()).toSeconds());
    }
    assertThat(pauses).containsExactly(5L, 10L, 20L, 40L, 80L, 160L, 300L, 300L, 300L);
    assertThat(queue.isDue(NOW.plusSeconds(299))).isFalse();
    assertThat(queue.isDue(NOW.plusSeconds(300))).isTrue();
    queue.posted(queue.toPost().orElseThrow());
    assertThat(queue.isDue(NOW)).isTrue();
    queue.unanswered(NOW);
    assertThat(queue.nextTry()).isEqualTo(NOW.plus(AlertQueue.FIRST_PAUSE));
  }

  @Test
  void aClockThatWasSetBackDoesNotMakeItWaitForIt() {
    queue.unanswered(NOW);
    assertThat(queue.isDue(NOW.minus(Duration.ofDays(30)))).isTrue();
  }

  @Test
  void anAlertThatIsRefusedTooOftenIsGivenUpAndOneThatNobodyAnsweredIsNot() {
    add(signal(MINUTE, "1"), signal(MINUTE + 1, "1"));
    for (int i = 1; i < AlertQueue.REFUSALS; i++) {
      queue.refused(queue.toPost().orElseThrow(), NOW);
      queue.unanswered(NOW);
    }
    assertThat(queue.size()).isEqualTo(2);
    queue.refused(queue.toPost().orElseThrow(), NOW);
    assertThat(minutes()).containsExactly(MINUTE + 1);
    assertThat(queue.givenUp()).isEqualTo(1);
  }

  @Test
  void instrumentsWhoseOutputsAreTakenOutAreForgotten() {
    add(signal(MINUTE, "1"));
    queue.forget(List.of("ETH-USDT-SWAP"));
    assertThat(queue.size()).isEqualTo(1);
    queue.forget(List.of(BTC));
    assertThat(queue.size()).isZero();
    add(signal(MINUTE, "1"));
    assertThat(queue.size()).as("told before").isZero();
  }

  @Test
  void theFileHoldsAllOfIt() throws IOException {
    add(signal(MINUTE, "1"), signal(MINUTE + 1, "1"));
    queue.refused(queue.toPost().orElseThrow(), NOW);
    byte[] bytes = AlertFile.encode(queue);
    AlertQueue read = AlertFile.decode(bytes);
    assertThat(read.alerts()).isEqualTo(queue.alerts());
    assertThat(read.newest()).isEqualTo(queue.newest());
    assertThat(read.failures()).isEqualTo(1);
    assertThat(read.nextTry()).isEqualTo(queue.nextTry());
    assertThat(AlertFile.encode(read)).isEqualTo(bytes);
  }

  private void add(Signal... signals) {
    queue.add(List.of(signals), Instant.EPOCH, true, false);
  }

  private List<Long> minutes() {
    return queue.alerts().stream().map(Alert::minute).toList();
  }

  private static Signal signal(long minute, String price) {
    return new Signal(
        BTC,
        minute,
        SignalKind.DEVIATION_ENTERED,
        Direction.UP,
        "1h",
        new BigDecimal(price),
        new BigDecimal("100"),
        100,
        Double.NaN,
        BigDecimal.ZERO,
        "on=50 off=25");
  }
}
