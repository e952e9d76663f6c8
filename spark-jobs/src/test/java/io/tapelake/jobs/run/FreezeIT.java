package io.tapelake.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.outcome.Steps;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run is stopped at a step, is taken for dead, and goes on when its successor has published. The
 * vault's lock file is removed meanwhile: on a local disk nothing else lets a successor in.
 *
 * <p>{@code -Dtapelake.freezes=20} stops as often, at one step after the other.
 */
final class FreezeIT {

  private static final int FREEZES = Integer.getInteger("tapelake.freezes", 2);

  /** The most telling first, since a short form does not get to the others. */
  private static final List<String> STEPS =
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

  private static final int ATTEMPTS = 20;

  @TempDir private Path folder;

  @Test
  void whoWakesAfterItsSuccessorChangesNothing() throws Exception {
    Path vault = Files.createDirectory(folder.resolve("vault"));
    ArrivingTrades trades = new ArrivingTrades(vault, 20260108);
    trades.arriveWhole();
    assertThat(Outputs.execute("run", vault, trades.now())).isZero();
    for (int i = 0; i < FREEZES; i++) {
      freeze(STEPS.get(i % STEPS.size()), vault, trades);
    }
    trades.arriveWhole();
    assertThat(Outputs.execute("run", vault, trades.now())).isZero();
    Outputs.assertSameAsBackfill(vault, trades.now(), FREEZES + " freezes");
  }

  /** Not every piece that arrives makes every step necessary, so that it takes some of them. */
  private static void freeze(String step, Path vault, ArrivingTrades trades) throws Exception {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      trades.arriveWhole();
      try (RunProcess run = RunProcess.startFrozenAfter(step, vault, trades.now())) {
        if (!run.isStopped()) {
          assertThat(run.await()).as(run.output()).isZero();
          continue;
        }
        Files.delete(vault.resolve("state/vwap/run.lock"));
        trades.arriveWhole();
        assertThat(Outputs.execute("run", vault, trades.now())).as(step).isZero();
        SortedMap<String, String> before = whatCounts(vault);
        run.signal("CONT");
        // After the last step it had nothing left to do.
        assertThat(run.await())
            .as("%s: %s", step, run.output())
            .isIn(step.equals(Steps.ADOPTED) ? List.of(0, 1) : List.of(1));
        assertThat(whatCounts(vault)).as(step).isEqualTo(before);
        assertThat(Outputs.execute("verify", vault.toString())).as(step).isZero();
        return;
      }
    }
    throw new AssertionError("no run came to '%s'".formatted(step));
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
