package io.tapelake.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.oracle.KernelTable;
import io.tapelake.jobs.outcome.ExitCode;
import io.tapelake.jobs.outcome.Steps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code maintain} puts small files together and removes those that no version needs that a table
 * keeps: no row changes, and who reads a version that is kept is not disturbed.
 */
final class MaintainIT {

  private static final List<String> TABLES = List.of("bars_1m", "vwap_1m");
  private static final String[] PLAIN = {"--no-analytics", "--no-trades"};

  @TempDir private Path folder;

  @Test
  void readersOfKeptVersionsAreNotDisturbed() throws Exception {
    Path vault = Files.createDirectory(folder.resolve("vault"));
    CostIT.write(vault, CostIT.LAST_DAY, 100);
    // In order, so that every run adds a file and none is put in place of others.
    for (int hour : new int[] {6, 12}) {
      assertThat(Outputs.execute("run", vault, hour(hour), PLAIN)).isZero();
    }
    Map<String, KernelTable> held = new TreeMap<>();
    Map<String, List<String>> rows = new TreeMap<>();
    for (String table : TABLES) {
      held.put(table, new KernelTable(vault, table));
      rows.put(table, sortedRows(held.get(table)));
    }
    // Old enough for VACUUM to look whether a version that is kept has it.
    age(vault, Duration.ofDays(8));

    assertThat(Outputs.execute("maintain", vault.toString())).isZero();
    for (String table : TABLES) {
      assertThat(held.get(table).files()).as(table).hasSizeGreaterThan(1);
      assertThat(sortedRows(held.get(table))).as("held %s", table).isEqualTo(rows.get(table));
      KernelTable now = new KernelTable(vault, table);
      assertThat(now.files()).as(table).hasSize(1);
      assertThat(sortedRows(now)).as(table).isEqualTo(rows.get(table));
    }
    assertThat(Outputs.execute("verify", vault.toString())).isZero();

    keepNothing(vault, "bars_1m");
    age(vault, Duration.ofDays(8));
    assertThat(Outputs.execute("maintain", vault.toString())).isZero();
    assertThat(dataFiles(vault, "bars_1m")).hasSize(1);
    assertThat(dataFiles(vault, "vwap_1m")).hasSizeGreaterThan(1);

    assertThat(Outputs.execute("run", vault, hour(18), PLAIN)).isZero();
    Outputs.assertSameAsBackfill(vault, hour(18), "maintained", PLAIN);

    // Killed when a table has nothing left but what was put together.
    age(vault, Duration.ofDays(8));
    try (RunProcess maintain = RunProcess.startMaintain(vault, Steps.MAINTAINED)) {
      assertThat(maintain.await()).as(maintain.output()).isEqualTo(RunProcess.KILLED);
    }
    assertThat(dataFiles(vault, "bars_1m")).hasSize(1);
    assertThat(Outputs.execute("run", vault, hour(20), PLAIN)).isZero();
    assertThat(Outputs.execute("verify", vault.toString())).isZero();
  }

  /** A file that is cut stops the upkeep of its table alone. */
  @Test
  void aTableThatFailsKeepsNoOtherFromIt() throws Exception {
    Path vault = Files.createDirectory(folder.resolve("vault"));
    CostIT.write(vault, CostIT.LAST_DAY, 100);
    for (int hour : new int[] {6, 12}) {
      assertThat(Outputs.execute("run", vault, hour(hour), PLAIN)).isZero();
    }
    Path cut = dataFiles(vault, "bars_1m").get(0);
    byte[] whole = Files.readAllBytes(cut);
    Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
    for (String[] words :
        new String[][] {{"maintain"}, {"sql", "select sum(trade_count) from bars_1m"}}) {
      Outputs.Ended ended =
          Outputs.listen(words[0], vault, Arrays.copyOfRange(words, 1, words.length));
      assertThat(ended.exit()).as(ended.errors()).isEqualTo(ExitCode.NEEDS_PERSON.code());
      assertThat(ended.complaints())
          .hasSize(1)
          .first()
          .asString()
          .contains(vault.relativize(cut) + " is damaged or gone; './tapelake backfill'");
    }
    Path log = vault.resolve("lake/vwap_1m/_delta_log");
    Path aside = Files.move(log, log.resolveSibling("aside"));
    DeltaLog.clearCache();
    SparkSession.active().catalog().dropTempView("vwap_1m"); // of the query before
    Outputs.Ended asked = Outputs.listen("sql", vault, "select 1 from vwap_1m");
    assertThat(asked.exit()).as(asked.errors()).isEqualTo(ExitCode.NEEDS_PERSON.code());
    assertThat(asked.errors()).contains("lake/vwap_1m", "'./tapelake backfill'");
    Files.move(aside, log);
    Files.write(cut, whole);
    assertThat(new KernelTable(vault, "vwap_1m").files()).hasSize(1);
    assertThat(new KernelTable(vault, "bars_1m").files()).hasSize(2);
    assertThat(Outputs.execute("run", vault, hour(18), PLAIN)).isZero();
    assertThat(Outputs.execute("verify", vault.toString())).isZero();
  }

  private static Instant hour(int hour) {
    return CostIT.LAST_DAY.atTime(hour, 0).toInstant(ZoneOffset.UTC);
  }

  private static List<String> sortedRows(KernelTable table) throws IOException {
    return table.rows().stream().sorted().toList();
  }

  /** What no version needs that is not the newest one may go. */
  private static void keepNothing(Path vault, String table) {
    SparkSession.active()
        .sql(
            "ALTER TABLE delta.`%s` SET TBLPROPERTIES ('delta.deletedFileRetentionDuration' = 'interval 0 days')"
                .formatted(vault.resolve("lake").resolve(table)));
  }

  private static void age(Path vault, Duration age) throws IOException {
    for (String table : TABLES) {
      for (Path file : dataFiles(vault, table)) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
      }
    }
  }

  private static List<Path> dataFiles(Path vault, String table) throws IOException {
    Path folder = vault.resolve("lake").resolve(table);
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths
          .filter(path -> folder.relativize(path).toString().matches("date=.*/[^.].*\\.parquet"))
          .toList();
    }
  }
}
