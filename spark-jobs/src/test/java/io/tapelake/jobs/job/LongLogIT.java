package io.tapelake.jobs.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A table with commits of many days, one a minute, in its log: the daily upkeep removes what is
 * older than the table keeps, and nothing of the contents changes. The old commits are made up, as
 * ones that change nothing; all that cleans up is the job as it is.
 *
 * <p>{@code -Dtapelake.log.days=365} makes up a year.
 */
final class LongLogIT {

  private static final int DAYS = Integer.getInteger("tapelake.log.days", 9);
  private static final int MINUTES_A_DAY = 24 * 60;

  /** Seven days are kept; Delta cleans up by whole days. */
  private static final int DAYS_KEPT_AT_MOST = 8;

  private static final int CHECKPOINT_INTERVAL = 50;

  @TempDir private Path folder;

  @Test
  @EnabledIfSystemProperty(named = "tapelake.log.days", matches = ".+")
  void logsDoNotGrowForever() throws Exception {
    Path vault = Files.createDirectory(folder.resolve("vault"));
    ArrivingTrades trades = new ArrivingTrades(vault, 5);
    trades.arriveWhole();
    assertThat(Outputs.execute("run", vault, trades.now())).isZero();
    Path log = vault.resolve("lake/vwap_1m/_delta_log");
    int commits = DAYS * MINUTES_A_DAY / CHECKPOINT_INTERVAL * CHECKPOINT_INTERVAL;
    pretendCommits(vault, log, commits - 2);
    Files.writeString(
        vault.resolve("state/vwap/upkeep.json"), "{\"last_vacuum\":\"2026-01-01T00:00:00Z\"}");
    for (int i = 0; i < 2; i++) {
      trades.arriveWhole();
      long start = System.nanoTime();
      assertThat(Outputs.execute("run", vault, trades.now())).isZero();
      System.out.printf(
          "a run on %d commits: %.1f s%n", commits, (System.nanoTime() - start) / 1e9);
    }
    assertThat(log.resolve(commit(commits))).exists();
    assertThat(log.resolve("%020d.crc".formatted(1))).doesNotExist();
    assertThat(log.resolve(commit(1))).doesNotExist();
    assertThat(log.resolve(commit(commits - MINUTES_A_DAY))).exists();
    try (Stream<Path> paths = Files.list(log)) {
      assertThat(paths.filter(path -> path.toString().endsWith(".json")).count())
          .isLessThan(DAYS_KEPT_AT_MOST * MINUTES_A_DAY);
    }
    Outputs.assertSameAsBackfill(vault, trades.now(), "after " + commits + " commits");
  }

  /**
   * Makes the table's only commit the last of many, with a checkpoint, and the earlier ones a
   * minute apart.
   */
  private static void pretendCommits(Path vault, Path log, int last) throws IOException {
    DeltaLog delta =
        DeltaLog.forTable(
            SparkSession.active(),
            new org.apache.hadoop.fs.Path(vault.resolve("lake/vwap_1m").toUri()));
    delta.checkpoint();
    Files.move(log.resolve(commit(0)), log.resolve(commit(last)));
    Files.move(log.resolve(checkpoint(0)), log.resolve(checkpoint(last)));
    Path pointer = log.resolve("_last_checkpoint");
    Files.writeString(pointer, "{\"version\":%d,\"size\":4}".formatted(last));
    try (Stream<Path> paths = Files.list(log)) {
      for (Path path : paths.filter(each -> each.toString().endsWith(".crc")).toList()) {
        Files.delete(path);
      }
    }
    Instant now = Instant.now();
    for (int version = 0; version < last; version++) {
      Path commit = log.resolve(commit(version));
      Files.writeString(
          commit,
          "{\"commitInfo\":{\"timestamp\":%d,\"operation\":\"NOTHING\",\"operationParameters\":{}}}\n"
              .formatted(now.toEpochMilli()));
      FileTime time = FileTime.from(now.minus(Duration.ofMinutes(last - version)));
      Files.setLastModifiedTime(commit, time);
      Path checksum = Files.createFile(log.resolve("%020d.crc".formatted(version)));
      Files.setLastModifiedTime(checksum, time);
      if (version % CHECKPOINT_INTERVAL == 0) {
        Path checkpoint = log.resolve(checkpoint(version));
        Files.copy(log.resolve(checkpoint(last)), checkpoint);
        Files.setLastModifiedTime(checkpoint, time);
      }
    }
    DeltaLog.clearCache();
  }

  private static String checkpoint(int version) {
    return "%020d.checkpoint.parquet".formatted(version);
  }

  private static String commit(int version) {
    return "%020d.json".formatted(version);
  }
}
