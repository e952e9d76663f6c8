package io.tapelake.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.outcome.Steps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs are killed, at named steps and at random moments, while data goes on arriving. After one
 * undisturbed run everything is as one backfill makes it.
 *
 * <p>{@code -Dtapelake.kills=50} kills as often, {@code -Dtapelake.kills.seed=N} repeats.
 */
final class KillIT {

  private static final int KILLS = Integer.getInteger("tapelake.kills", 1);
  private static final long SEED = Long.getLong("tapelake.kills.seed", System.nanoTime());

  /** The most telling first, since a short form does not get to the others. */
  static final List<String> STEPS =
      List.of(
          Steps.FLOW,
          Steps.VWAP,
          Steps.PROFILE,
          Steps.PUBLISHED,
          Steps.EXPORT,
          Steps.SEALED,
          Steps.BEGUN,
          Steps.BARS,
          Steps.TRADES,
          Steps.QUARANTINE,
          Steps.ALERTS,
          Steps.ALERT_TOLD,
          Steps.ADOPTED);

  /** A run takes some seconds, of which the first ones start Spark. */
  private static final int MILLIS_AT_MOST = 15_000;

  private static final int ATTEMPTS = 20;

  @TempDir private Path folder;

  @Test
  void whateverIsKilledTheNextRunMends() throws Exception {
    String label =
        "repeat with -Dtapelake.kills=%d -Dtapelake.kills.seed=%d".formatted(KILLS, SEED);
    Random random = new Random(SEED);
    Path vault = Files.createDirectory(folder.resolve("vault"));
    ArrivingTrades trades = new ArrivingTrades(vault, SEED);
    trades.arriveWhole();
    for (int i = 0; i < KILLS; i++) {
      if (i % 2 == 0) {
        haltAfter(STEPS.get(i / 2 % STEPS.size()), vault, trades, label);
      } else {
        killAtRandom(random, vault, trades, label);
      }
      trades.arrive();
    }
    trades.arriveWhole();
    assertThat(Outputs.execute("run", vault, trades.now())).as(label).isZero();
    Outputs.assertSameAsBackfill(vault, trades.now(), label);
  }

  /** What a killed run meant to take out stays, when there is no reason any more to take it out. */
  @Test
  void aFileThatIsBackAfterItsRemovalWasKilledIsWhole() throws Exception {
    Path vault = Files.createDirectory(folder.resolve("vanishing"));
    ArrivingTrades trades = new ArrivingTrades(vault, SEED);
    for (int i = 0; i < 8; i++) {
      trades.arriveWhole();
    }
    assertThat(Outputs.execute("run", vault, trades.now())).isZero();
    Path file = aFileWithRefusedLines(vault);
    Path away = Files.move(file, folder.resolve("away.jsonl"));
    try (RunProcess run =
        RunProcess.start(vault, trades.now(), Steps.QUARANTINE, "--accept-missing")) {
      assertThat(run.await()).as(run.output()).isEqualTo(RunProcess.KILLED);
    }
    Files.move(away, file);
    assertThat(Outputs.execute("run", vault, trades.now())).isZero();
    Outputs.assertSameAsBackfill(vault, trades.now(), "kills.seed=" + SEED);
  }

  private static Path aFileWithRefusedLines(Path vault) throws IOException {
    Path quarantine = vault.resolve("quarantine/okx/trades_perps");
    try (Stream<Path> paths = Files.walk(quarantine)) {
      Path refused = paths.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
      return vault.resolve("raw/okx/trades_perps").resolve(quarantine.relativize(refused));
    }
  }

  /** Not every piece that arrives makes every step necessary, so that it takes some of them. */
  private static void haltAfter(String step, Path vault, ArrivingTrades trades, String label)
      throws Exception {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      trades.arriveWhole();
      try (RunProcess run = RunProcess.start(vault, trades.now(), step, "--alerts-stdout")) {
        if (killed(run, "%s: after '%s'".formatted(label, step))) {
          return;
        }
      }
    }
    throw new AssertionError("%s: no run came to '%s'".formatted(label, step));
  }

  /** A run that was done before the moment came does not count. */
  private static void killAtRandom(Random random, Path vault, ArrivingTrades trades, String label)
      throws Exception {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      int millis = random.nextInt(MILLIS_AT_MOST / attempt);
      try (RunProcess run = RunProcess.start(vault, trades.now(), null)) {
        if (!run.endsWithin(millis)) {
          run.kill();
        }
        if (killed(run, "%s: after %d ms".formatted(label, millis))) {
          return;
        }
      }
      trades.arrive();
    }
    throw new AssertionError(label + ": every run was done before it could be killed");
  }

  private static boolean killed(RunProcess run, String label) throws Exception {
    int exit = run.await();
    assertThat(exit).as("%s: %s", label, run.output()).isIn(0, RunProcess.KILLED);
    return exit == RunProcess.KILLED;
  }
}
