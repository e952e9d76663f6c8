package io.tapelake.collector.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.simulator.exchange.Exchange;
import io.tapelake.simulator.exchange.Limits;
import io.tapelake.simulator.fault.FaultScript;
import io.tapelake.simulator.tape.Tape;
import io.tapelake.vault.Trade;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One instrument's disk, metadata, subscription, pushes or REST fail, in every mixture; the other
 * one is complete at every moment, and the first one when its trouble is over. {@code
 * -Disolation.scripts=N -Disolation.seed=S} play more of them.
 */
class IsolationTest {

  private static final String SICK = "ETH-USDT-SWAP";
  private static final String WELL = "BTC-USDT-SWAP";
  private static final int SCRIPTS = Integer.getInteger("isolation.scripts", 16);
  private static final long FIRST_SEED = Long.getLong("isolation.seed", 1);
  private static final Instant START = Instant.parse("2026-01-01T23:59:40Z");
  private static final Duration TROUBLE = Duration.ofSeconds(40);

  /** How long a trade may take to its file: flushed twice a second. */
  private static final Duration AT_MOST = Duration.ofMillis(1_500);

  @TempDir private Path folder;

  @Test
  void whatFailsForOneInstrumentCostsTheOtherNothingAtAnyMoment() throws Exception {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SCRIPTS; seed++) {
      Random random = new Random(seed);
      String script = script(random);
      try {
        play(seed, random, script, Files.createDirectory(folder.resolve("vault-" + seed)));
      } catch (Exception | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage() + "\n" + script, e);
      }
    }
  }

  private static String script(Random random) {
    StringBuilder script = new StringBuilder();
    for (int faults = 1 + random.nextInt(4); faults > 0; faults--) {
      script.append("at ").append(random.nextInt(30_000)).append("ms ");
      String span = " for=" + (500 + random.nextInt(15_000)) + "ms";
      script.append(
          switch (random.nextInt(8)) {
            case 0 -> "blank " + SICK + span;
            case 1 ->
                "rest "
                    + SICK
                    + span
                    + " how="
                    + List.of("500", "hang", "garbage", "403").get(random.nextInt(4));
            case 2 -> "reject " + SICK + span + " code=60018";
            case 3 -> "malformed " + SICK + " n=" + (1 + random.nextInt(60)) + " field=px";
            case 4 -> "lose " + SICK + span;
            case 5 -> "stall " + SICK;
            case 6 -> "suspend " + SICK + span;
            default -> "mute " + SICK + span;
          });
      script.append('\n');
    }
    return script.append("at 12s notice\n").toString();
  }

  private static void play(long seed, Random random, String script, Path vault) throws Exception {
    World.MovingClock clock = new World.MovingClock(START);
    Tape tape =
        Tape.of(seed, START.minusSeconds(10), 60, List.of(SICK, WELL))
            .until(START.plus(TROUBLE).plusSeconds(20));
    Exchange exchange = new Exchange(tape, FaultScript.parse(script, START), Limits.okx(), clock);
    World world = new World(exchange, clock, seed);
    if (random.nextBoolean()) {
      Instant from = START.plusMillis(random.nextInt(20_000));
      FailingDisk.between(
          world, vault, SICK, from, from.plusMillis(1_000 + random.nextInt(15_000)));
    }
    world.start(TruthTest.settings(vault, "trades-all"));
    world.run(Duration.ofSeconds(3));
    for (int second = 0; second < TROUBLE.toSeconds(); second++) {
      world.run(Duration.ofSeconds(1));
      assertThat(missingOfTheWell(world, vault)).as("after %s s", second).isEmpty();
      assertThat(world.capture.troubles()).allMatch(trouble -> !trouble.startsWith(WELL));
    }
    world.run(Duration.ofSeconds(200), Duration.ofMillis(100));
    assertThat(world.capture.troubles()).isEmpty();
    assertThat(world.capture.waitingFor()).isEmpty();
    world.capture.finish();
    for (String instrument : List.of(SICK, WELL)) {
      var outcome = TruthCheck.check(vault, instrument, exchange.truth(instrument), true);
      assertThat(outcome.missing()).as(instrument).isZero();
    }
  }

  /** Trades of the other instrument that happened a while ago and are not in its files. */
  private static List<Long> missingOfTheWell(World world, Path vault) throws IOException {
    Map<Long, String> lines = TruthCheck.lines(vault, WELL);
    long first = lines.keySet().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
    assertThat(lines).isNotEmpty();
    return world.exchange.truth(WELL).stream()
        .filter(trade -> trade.id() >= first)
        .filter(trade -> trade.time().isBefore(world.clock.instant().minus(AT_MOST)))
        .map(Trade::id)
        .filter(id -> !lines.containsKey(id))
        .toList();
  }
}
