package io.tapelake.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.outcome.Steps;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run is stopped at a step, is taken for dead, and goes on when its successor has published. The
 * vault's lock file is removed meanwhile: on a local disk nothing else lets a successor in.
 *
 * <p>{@code -Dtapelake.freezes=20} stops as often, in turn after a step and at a random moment;
 * {@code -Dtapelake.freezes.seed=N} repeats.
 */
final class FreezeIT {

  private static final int FREEZES = Integer.getInteger("tapelake.freezes", 2);
  private static final long SEED = Long.getLong("tapelake.freezes.seed", System.nanoTime());

  /** The most telling first, since a short form does not get to the others. */
  static final List<String> STEPS =
      List.of(
          Steps.SEALED,
          Steps.BARS,
          Steps.PUBLISHED,
          Steps.BEGUN,
          Steps.VWAP,
          Steps.EXPORT,
          Steps.FLOW,
          Steps.QUARANTINE,
          Steps.TRADES,
          Steps.PROFILE,
          Steps.SIGNALS,
          Steps.ADOPTED);

  /** A run takes some seconds, of which the first ones start Spark. */
  private static final int MILLIS_AT_MOST = 15_000;

  private static final int ATTEMPTS = 20;

  @TempDir private Path folder;

  @Test
  void whoWakesAfterItsSuccessorChangesNothing() throws Exception {
    Path vault = Files.createDirectory(folder.resolve("vault"));
    ArrivingTrades trades = new ArrivingTrades(vault, 20260108);
    trades.arriveWhole();
    assertThat(Outputs.execute("run", vault, trades.now())).isZero();
    Random random = new Random(SEED);
    for (int i = 0; i < FREEZES; i++) {
      String step = i % 2 == 0 ? STEPS.get(i / 2 % STEPS.size()) : null;
      try {
        freeze(step, random, vault, trades);
      } catch (AssertionError e) {
        throw new AssertionError("freeze %d after %s, seed %d".formatted(i, step, SEED), e);
      }
    }
    trades.arriveWhole();
    assertThat(Outputs.execute("run", vault, trades.now())).isZero();
    Outputs.assertSameAsBackfill(
        vault, trades.now(), "%d freezes, seed %d".formatted(FREEZES, SEED));
  }

  /** Not every piece that arrives makes every step necessary, so that it takes some of them. */
  private static void freeze(String step, Random random, Path vault, ArrivingTrades trades)
      throws Exception {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      trades.arriveWhole();
      int millis = random.nextInt(MILLIS_AT_MOST / attempt);
      String label = step == null ? millis + " ms" : step;
      try (RunProcess run = RunProcess.startFrozenAfter(step, vault.toString(), trades.now())) {
        if (step == null && !run.endsWithin(millis)) {
          run.signal("STOP");
        }
        if (!run.isStopped()) {
          assertThat(run.await()).as(run.output()).isZero();
          continue;
        }
        Files.deleteIfExists(vault.resolve("state/vwap/run.lock"));
        trades.arriveWhole();
        assertThat(Outputs.execute("run", vault, trades.now())).as(label).isZero();
        SortedMap<String, String> before = whatCounts(vault);
        run.signal("CONT");
        assertThat(run.await()).as("%s: %s", label, run.output()).isIn(ends(step));
        assertThat(whatCounts(vault)).as(label).isEqualTo(before);
        assertThat(Outputs.execute("verify", vault.toString())).as(label).isZero();
        return;
      }
    }
    throw new AssertionError("no run came to '%s'".formatted(step));
  }

  /**
   * How one may end that has slept: after the last step it has nothing left to do, and before the
   * first one it finds that the vault's as-of is past its own.
   */
  static List<Integer> ends(String step) {
    return step == null || step.equals(Steps.ADOPTED) ? List.of(0, 1, 2) : List.of(1);
  }

  /** Exports, cursors and what was published, and the tables' logs. */
  private static SortedMap<String, String> whatCounts(Path vault) throws Exception {
    SortedMap<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(vault)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        String name = vault.relativize(path).toString();
        boolean counts =
            name.startsWith("derived/")
                || name.startsWith("quarantine/")
                || name.equals("state/vwap/published.json")
                || name.startsWith("state/vwap/okx/")
                || name.matches("lake/[^/]+/_delta_log/\\d{20}\\.json");
        if (counts) {
          files.put(name, new String(Files.readAllBytes(path), StandardCharsets.UTF_8));
        }
      }
    }
    return files;
  }
}
