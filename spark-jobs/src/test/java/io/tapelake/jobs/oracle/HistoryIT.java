package io.tapelake.jobs.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.Tapelake;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thirty days come in through import, fetch and the collector at once, and the job makes of them
 * what the oracle makes of the same trades. {@code -Dhistory.rate}, {@code -Dhistory.kills} and
 * {@code -Dhistory.seed} make it longer.
 */
@EnabledIfSystemProperty(named = "history.kills", matches = "\\d+")
final class HistoryIT {

  private static final Instant AS_OF = Instant.parse("2026-03-02T15:00:00Z");

  @TempDir private Path folder;

  @Test
  void thirtyDaysByEveryWayAtOnce() throws Exception {
    long seed = Long.getLong("history.seed", System.nanoTime());
    String label = "seed " + seed;
    try (HistoryTrial trial =
        new HistoryTrial(
            folder,
            System.getProperty("history.rate", "0.001"),
            Integer.getInteger("history.kills", 2),
            seed)) {
      OracleConfig config = OracleConfig.ofWindows("5m");
      trial.bringItIn();
      assertThat(Job.execute("run", trial.vault(), config, AS_OF)).as(label).isZero();
      trial.complete();

      List<String> truth = trial.truth();
      assertThat(trial.lines()).as("%s: every trade once", label).isEqualTo(truth);
      trial.succeed("archive", "archive", "--older-than=1d");
      assertThat(trial.plainDays()).as("%s: all days are archived", label).isZero();
      assertThat(trial.succeed("coverage", "coverage"))
          .as(label)
          .contains("%,d trades, 0 ids missing".formatted(truth.size()));

      Expected expected = Oracle.compute(trial.plainCopy(), config, AS_OF);
      assertThat(Job.execute("run", trial.vault(), config, AS_OF)).as(label).isZero();
      Published published = new Published(trial.vault(), label);
      published.filesEqual(expected);
      published.tablesEqual(expected);
      assertThat(Tapelake.execute("verify", "--vault", trial.vault().toString()))
          .as(label)
          .isZero();
      List<String> commits = published.commits();
      assertThat(Job.execute("run", trial.vault(), config, AS_OF)).as(label).isZero();
      assertThat(published.commits()).as("%s: nothing changed", label).isEqualTo(commits);
    }
  }
}
