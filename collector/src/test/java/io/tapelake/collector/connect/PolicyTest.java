package io.tapelake.collector.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Backoff, pace, heartbeat, silence and inbox: the small rules of staying connected. */
class PolicyTest {

  private final Instant start = Instant.EPOCH;

  @Test
  void backoffGrowsToItsCapAndStartsOverAfterSuccess() {
    Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), new Random(1));
    Duration most = Duration.ZERO;
    for (int i = 0; i < 1000; i++) {
      Duration pause = backoff.next();
      long bound = Math.min(30_000, 500L << Math.min(i, 16));
      assertThat(pause.toMillis()).isBetween(0L, bound);
      most = pause.compareTo(most) > 0 ? pause : most;
    }
    assertThat(most).isGreaterThan(Duration.ofSeconds(25));
    backoff.succeeded();
    assertThat(backoff.next()).isLessThanOrEqualTo(Duration.ofMillis(500));
  }

  @Test
  void noMoreThanOnePermitAnInterval() {
    Pace pace = new Pace(Duration.ofMillis(400));
    assertThat(pace.tryTake(start)).isTrue();
    assertThat(pace.tryTake(start.plusMillis(399))).isFalse();
    assertThat(pace.tryTake(start.plusMillis(400))).isTrue();
    pace.pause(start.plusMillis(400), Duration.ofSeconds(9));
    assertThat(pace.tryTake(start.plusSeconds(9))).isFalse();
    assertThat(pace.tryTake(start.plusSeconds(10))).isTrue();
  }

  @Test
  void silenceIsPingedAndThenDead() {
    Heartbeat heart = new Heartbeat(Duration.ofSeconds(15), Duration.ofSeconds(10), start);
    assertThat(heart.beat(start.plusSeconds(14))).isEqualTo(Heartbeat.Beat.FINE);
    assertThat(heart.beat(start.plusSeconds(15))).isEqualTo(Heartbeat.Beat.PING);
    assertThat(heart.beat(start.plusSeconds(24))).isEqualTo(Heartbeat.Beat.FINE);
    assertThat(heart.beat(start.plusSeconds(25))).isEqualTo(Heartbeat.Beat.DEAD);
  }

  @Test
  void anyMessageIsASignOfLife() {
    Heartbeat heart = new Heartbeat(Duration.ofSeconds(15), Duration.ofSeconds(10), start);
    heart.beat(start.plusSeconds(15));
    heart.heard(start.plusSeconds(20));
    assertThat(heart.beat(start.plusSeconds(30))).isEqualTo(Heartbeat.Beat.FINE);
  }

  @Test
  void aQuietMarketIsProbedMoreAndMoreRarelyAndNeverStalled() {
    Silence silence = new Silence(Duration.ofSeconds(30), Duration.ofSeconds(5), start);
    List<Long> probes = new ArrayList<>();
    for (int second = 0; second < 2000; second++) {
      Instant now = start.plusSeconds(second);
      if (silence.probeDue(now)) {
        probes.add((long) second);
      }
      assertThat(silence.stalled(now)).isFalse();
    }
    assertThat(probes).startsWith(30L, 60L, 120L, 240L, 480L, 960L);
  }

  @Test
  void newerTradesAtRestAndStillNoPushIsAStall() {
    Silence silence = new Silence(Duration.ofSeconds(30), Duration.ofSeconds(5), start);
    assertThat(silence.probeDue(start.plusSeconds(30))).isTrue();
    silence.behind(start.plusSeconds(31));
    assertThat(silence.stalled(start.plusSeconds(35))).isFalse();
    assertThat(silence.stalled(start.plusSeconds(36))).isTrue();
    silence.pushed(start.plusSeconds(36));
    assertThat(silence.stalled(start.plusSeconds(60))).isFalse();
  }

  @Test
  void aFullInboxRefusesMessagesButNoEvents() throws InterruptedException {
    Inbox inbox = new Inbox(1000, Duration.ZERO);
    List<String> seen = new ArrayList<>();
    assertThat(inbox.message(500, () -> seen.add("first"))).isTrue();
    assertThat(inbox.message(500, () -> seen.add("second"))).isFalse();
    inbox.event(() -> seen.add("closed"));
    List<Runnable> events = new ArrayList<>();
    inbox.drain(events, 10, Duration.ZERO);
    events.forEach(Runnable::run);
    assertThat(seen).containsExactly("first", "closed");
    assertThat(inbox.message(500, () -> seen.add("third"))).isTrue();
  }
}
