package io.tapelake.collector.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubscriptionsTest {

  private final Subscriptions subscriptions = new Subscriptions(Duration.ofSeconds(10));
  private Instant now = Instant.EPOCH;

  @Test
  void asksForAllAtOnceAndIsSettledWhenAllAreAnswered() {
    need("A", "B");
    assertThat(subscriptions.due(now))
        .containsExactly(new Subscriptions.Request("s1", List.of("A", "B")));
    subscriptions.accepted("A");
    assertThat(subscriptions.settled()).isFalse();
    subscriptions.accepted("B");
    assertThat(subscriptions.settled()).isTrue();
    assertThat(subscriptions.due(now)).isEmpty();
  }

  @Test
  void aRefusalThatNamesTheInstrumentIsAboutItAlone() {
    need("A-B-SWAP", "A-B-SWAP2");
    subscriptions.due(now);
    String text = "channel:trades,instId:A-B-SWAP2 doesn't exist";
    assertThat(subscriptions.refused(null, "60018", text, null, now)).isEqualTo("A-B-SWAP2");
    subscriptions.accepted("A-B-SWAP");
    assertThat(subscriptions.settled()).isTrue();
  }

  @Test
  void whomARefusalIsAboutIsFoundByAskingOneByOne() {
    need("A", "B");
    subscriptions.due(now);
    assertThat(subscriptions.refused("s1", "60012", "Invalid request", null, now)).isNull();
    now = now.plusSeconds(5);
    assertThat(subscriptions.due(now)).hasSize(2);
    assertThat(subscriptions.refused("s3", "60012", "Invalid request", null, now)).isEqualTo("B");
  }

  @Test
  void tooFrequentIsAskedAgain() {
    need("A");
    subscriptions.due(now);
    assertThat(subscriptions.refused("s1", "60014", "too frequent", null, now)).isNull();
    assertThat(subscriptions.due(now)).isEmpty();
    assertThat(subscriptions.due(now.plusSeconds(2))).hasSize(1);
  }

  @Test
  void whatIsNotAnsweredIsAskedAgain() {
    need("A");
    subscriptions.due(now);
    assertThat(subscriptions.due(now.plusSeconds(9))).isEmpty();
    assertThat(subscriptions.due(now.plusSeconds(10))).hasSize(1);
  }

  @Test
  void largeRequestsAreSplit() {
    for (int i = 0; i < 45; i++) {
      subscriptions.need("I" + i);
    }
    assertThat(subscriptions.due(now)).hasSize(3);
  }

  private void need(String... instruments) {
    for (String instrument : instruments) {
      subscriptions.need(instrument);
    }
  }
}
