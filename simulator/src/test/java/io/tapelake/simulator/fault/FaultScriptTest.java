package io.tapelake.simulator.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tapelake.simulator.tape.Lifecycle;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FaultScriptTest {

  private static final Instant START = Instant.parse("2026-01-01T23:59:00Z");
  private static final List<String> INSTRUMENTS = List.of("BTC-USDT-SWAP", "ETH-USDT-SWAP");

  @Test
  void linesAreFaults() {
    FaultScript script =
        FaultScript.parse(
            """
            # a comment

            at 10s reset
            at 1.5s lose BTC-USDT-SWAP for=250ms
            at 1m every 15m notice
            at 2026-01-02T00:00:00Z rest path=history-trades how=50011
            """,
            START);

    assertThat(script.faults())
        .containsExactly(
            new Fault(START.plusSeconds(10), null, FaultKind.RESET, null, Map.of()),
            new Fault(
                START.plusMillis(1500),
                null,
                FaultKind.LOSE,
                "BTC-USDT-SWAP",
                Map.of("for", "250ms")),
            new Fault(
                START.plusSeconds(60), Duration.ofMinutes(15), FaultKind.NOTICE, null, Map.of()),
            new Fault(
                START.plusSeconds(60),
                null,
                FaultKind.REST,
                null,
                Map.of("path", "history-trades", "how", "50011")));
  }

  @Test
  void whatIsWrongIsSaidWithItsLine() {
    refused("at 10s explode", "line 1: no fault is called explode");
    refused("\nat soon reset", "line 2: 'soon' is not a duration");
    refused("reset", "does not begin with 'at'");
    refused("at 10s", "ends too early");
    refused("at 10s reset code=1", "reset does not take code");
    refused("at 10s suspend", "suspend needs an instrument");
    refused("at 10s every 1s delist BTC-USDT-SWAP", "delist cannot recur");
    refused("at 10s lose ../../etc", "not an instrument name");
    refused("at 2026-13-01T00:00:00Z reset", "line 1");
  }

  @Test
  void whatWouldBeIgnoredOrFailLaterIsRefused() {
    refused("at 10s down BTC-USDT-SWAP", "down is about all instruments");
    refused("at 10s lose n=x", "lose cannot have n=x");
    refused("at 10s rest how=foo", "rest cannot have how=foo");
    refused("at 10s refuse how=hang", "refuse cannot have how=hang");
    refused("at 10s garbage what=foo", "garbage cannot have what=foo");
    refused("at 10s late by=soon", "late cannot have by=soon");
  }

  private static void refused(String script, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FaultScript.parse(script, START))
        .withMessageContaining(message);
  }

  @Test
  void marketFaultsBecomeLifecycles() {
    FaultScript script =
        FaultScript.parse(
            """
            at 10s ctval BTC-USDT-SWAP to=0.001 served=2s
            at 20s suspend BTC-USDT-SWAP for=5s
            at 30s delist ETH-USDT-SWAP
            at 30s reset
            """,
            START);

    Map<String, Lifecycle> lifecycles = script.lifecycles();

    Lifecycle btc = lifecycles.get("BTC-USDT-SWAP");
    assertThat(btc.changes())
        .containsExactly(
            new Lifecycle.Change(
                START.plusSeconds(10), START.plusSeconds(12), new BigDecimal("0.001"), null));
    assertThat(btc.state(START.plusSeconds(22))).isEqualTo("suspend");
    assertThat(lifecycles.get("ETH-USDT-SWAP").isListed(START.plusSeconds(31))).isFalse();
  }

  @Test
  void randomScriptsAreRepeatable() {
    Set<FaultKind> seen = EnumSet.noneOf(FaultKind.class);
    for (long seed = 0; seed < 500; seed++) {
      Duration span = Duration.ofMinutes(5);
      FaultScript script = RandomFaults.script(seed, START, span, INSTRUMENTS);
      assertThat(RandomFaults.script(seed, START, span, INSTRUMENTS)).isEqualTo(script);
      script.lifecycles();
      for (Fault fault : script.faults()) {
        seen.add(fault.kind());
        assertThat(fault.at()).isBetween(START, START.plus(span));
      }
    }
    assertThat(seen).isEqualTo(RandomFaults.RECOVERABLE);
  }

  @Test
  void boardStrikesWhileInForceAndOnlyAsOftenAsItMay() {
    FaultBoard board = new FaultBoard();
    FaultScript.parse("at 10s lose BTC-USDT-SWAP n=2\nat 10s late for=1s", START)
        .faults()
        .forEach(board::post);

    assertThat(board.strike(FaultKind.LOSE, "BTC-USDT-SWAP", START)).isNull();
    assertThat(board.strike(FaultKind.LOSE, "ETH-USDT-SWAP", START.plusSeconds(10))).isNull();
    assertThat(board.strike(FaultKind.LOSE, "BTC-USDT-SWAP", START.plusSeconds(10))).isNotNull();
    assertThat(board.strike(FaultKind.LOSE, "BTC-USDT-SWAP", START.plusSeconds(99))).isNotNull();
    assertThat(board.strike(FaultKind.LOSE, "BTC-USDT-SWAP", START.plusSeconds(99))).isNull();
    board.expire(START.plusMillis(10_999));
    assertThat(board.strike(FaultKind.LATE, "ETH-USDT-SWAP", START.plusSeconds(10))).isNotNull();
    board.expire(START.plusSeconds(11));
    assertThat(board.isClear(FaultKind.Where.FEED)).isTrue();
  }
}
