package io.tapelake.jobs.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.delta.kernel.Table;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.tapelake.analytics.window.WindowSpec;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.publish.Lake;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.store.VaultStores;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A commit a minute for a long time, with the job's daily upkeep once a week but in the last one:
 * the log of a table does not grow for ever, the table opens fast, and its contents stay. The
 * commits are made up, as ones that change nothing, and so are their times; all that cleans up is
 * the job as it is.
 *
 * <p>{@code -Dtapelake.log.days=365} makes up a year, and prints how long upkeep, opening and a run
 * take at its end.
 */
final class LongLogIT {

  private static final int DAYS = Integer.getInteger("tapelake.log.days", 21);
  private static final int DAYS_A_STEP = 7;
  private static final int MINUTES_A_DAY = 24 * 60;

  /** Seven days are kept, Delta cleans up by whole days, and those since the last upkeep. */
  private static final int DAYS_KEPT_AT_MOST = 7 + 1 + DAYS_A_STEP;

  /** Commits, their checksums, one checkpoint of 50. */
  private static final int FILES_AT_MOST = DAYS_KEPT_AT_MOST * MINUTES_A_DAY * 5 / 2;

  /** Upkeep of tables whose logs nothing was made up in would take most of the time. */
  private static final String[] TWO_TABLES = {
    "--no-trades", "--no-analytics", "--windows", "1h,4h"
  };

  @TempDir private Path folder;

  private Instant now = Instant.now().minus(Duration.ofDays(DAYS));

  @Test
  @EnabledIfSystemProperty(named = "tapelake.log.days", matches = ".+")
  void logsDoNotGrowForever() throws Exception {
    Path vault = Files.createDirectory(folder.resolve("vault"));
    ArrivingTrades trades = new ArrivingTrades(vault, 5);
    trades.arriveWhole();
    assertThat(Outputs.execute("run", vault, trades.now(), TWO_TABLES)).isZero();
    Path table = vault.resolve("lake/vwap_1m");
    DeltaLog.forTable(SparkSession.active(), path(table)).checkpoint();
    PretendedCommits commits = new PretendedCommits(table.resolve("_delta_log"));
    commits.moveTo(now);
    DeltaLog.clearCache();
    VaultStore store = VaultStores.open(vault.toString(), new Configuration());
    Files.writeString(
        vault.resolve("state/vwap/upkeep.json"), "{\"last_vacuum\":\"%s\"}".formatted(now));

    long files = 0;
    double slowest = 0;
    int step;
    for (int day = 0; day < DAYS; day += step) {
      step = DAYS - day > DAYS_A_STEP ? DAYS_A_STEP : 1;
      commits.add(now, Duration.ofMinutes(1), step * MINUTES_A_DAY);
      now = now.plus(Duration.ofDays(step)).plusSeconds(1);
      files = Math.max(files, files(commits.log()));
      double upkeep = seconds(() -> upkeep(store));
      slowest = Math.max(slowest, upkeep);
      System.out.printf("day %d: upkeep took %.1f s%n", day + step, upkeep);
    }
    System.out.printf(
        "%d commits: %d files in the log at most, %d now; upkeep took %.1f s at most%n",
        commits.newest(), files, files(commits.log()), slowest);
    assertThat(files).isLessThan(FILES_AT_MOST);
    assertThat(commits.log().resolve(PretendedCommits.commit(1))).doesNotExist();
    assertThat(commits.log().resolve(PretendedCommits.checksum(1))).doesNotExist();

    for (int i = 0; i < 3; i++) {
      DeltaLog.clearCache();
      System.out.printf(
          "opened by Spark in %.2f s, a table of a few commits in %.2f s; by Delta Kernel in %.2f s%n",
          seconds(() -> count(table)),
          seconds(() -> count(vault.resolve("lake/bars_1m"))),
          seconds(() -> openWithKernel(table)));
      trades.arriveWhole();
      double run = seconds(() -> Outputs.execute("run", vault, trades.now(), TWO_TABLES));
      System.out.printf("a run took %.1f s%n", run);
    }
    Outputs.assertSameAsBackfill(vault, trades.now(), "after %d days".formatted(DAYS), TWO_TABLES);
  }

  private void upkeep(VaultStore store) throws IOException {
    InstantSource source = () -> now;
    Clock clock = source.withZone(ZoneOffset.UTC);
    OutputSettings settings =
        new OutputSettings(
            WindowSpec.parseList("1h,4h"), Duration.ofSeconds(10), new BigDecimal("0.01"), true);
    Lake lake = new Lake(SparkSession::active, store, settings);
    new Upkeep(store, lake, clock)
        .afterRun(lake.versions(), LocalDate.ofInstant(now, clock.getZone()));
  }

  private static void count(Path table) {
    assertThat(SparkSession.active().read().format("delta").load(table.toString()).count())
        .isPositive();
  }

  private static void openWithKernel(Path table) {
    DefaultEngine engine = DefaultEngine.create(new Configuration());
    assertThat(
            Table.forPath(engine, table.toString()).getLatestSnapshot(engine).getSchema().length())
        .isPositive();
  }

  private static long files(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.count();
    }
  }

  private static org.apache.hadoop.fs.Path path(Path table) {
    return new org.apache.hadoop.fs.Path(table.toUri());
  }

  /** Something that may fail. */
  private interface Work {
    void run() throws IOException;
  }

  private static double seconds(Work work) throws IOException {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }
}
