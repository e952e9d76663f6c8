package io.tapelake.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tapelake.jobs.outcome.ExitCode;
import io.tapelake.vault.DayFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** {@code verify} tells what is there, and finds whatever does not agree with the raw files. */
final class VerifyIT {

  private static final String BTC = "BTC-USDT-SWAP";
  private static final LocalDate DAY = LocalDate.parse("2026-01-02");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;

  private static Path original;

  private Path vault;
  private Path raw;

  /** Over midnight, without some ids of the first day. */
  @BeforeAll
  static void runOnce() throws IOException {
    original = Files.createDirectory(folder.resolve("original"));
    ArrivingTrades trades = new ArrivingTrades(original, 20260106);
    for (int i = 0; i < 15; i++) {
      trades.arriveWhole();
    }
    Path raw = original.resolve(new DayFile(BTC, DAY).rawPath());
    List<String> lines = new ArrayList<>(Files.readAllLines(raw));
    lines.removeIf(line -> line.matches(".*\"trade_id\":\"(20|21|40)\".*"));
    Files.writeString(raw, String.join("\n", lines) + "\n");
    assertThat(Outputs.execute("run", original, trades.now())).isZero();
  }

  @BeforeEach
  void copy(TestInfo test) throws IOException {
    vault = folder.resolve(test.getTestMethod().orElseThrow().getName());
    raw = vault.resolve(new DayFile(BTC, DAY).rawPath());
    try (Stream<Path> paths = Files.walk(original)) {
      for (Path path : paths.toList()) {
        Files.copy(path, vault.resolve(original.relativize(path).toString()));
      }
    }
  }

  @Test
  void everythingAgreesAndTheMissingIdsAreListed() throws IOException {
    Outputs.Ended all = Outputs.listen("verify", vault, "--json");
    assertThat(all.exit()).isZero();
    JsonNode found = JSON.readTree(all.output());
    assertThat(found.required("agrees").asBoolean()).isTrue();
    assertThat(found.required("days")).hasSize(4);
    JsonNode first = day(found, BTC, DAY.toString());
    assertThat(first.required("first_id").asLong()).isEqualTo(1);
    assertThat(first.required("missing").toString()).startsWith("[[20,21],[40,40]");
    long missing = first.required("missing_ids").asLong();
    long trades = first.required("trades").asLong();
    assertThat(trades + missing).isEqualTo(first.required("last_id").asLong());
    assertThat(first.required("duplicates").asLong()).isPositive();
    assertThat(first.required("minutes_without_trades").isIntegralNumber()).isTrue();

    Outputs.Ended second = Outputs.listen("verify", vault, "--from", "2026-01-03");
    assertThat(second.exit()).as(second.errors()).isZero();
    assertThat(second.output()).contains("everything agrees", BTC + " 2026-01-03: ");
    assertThat(second.output()).doesNotContain(BTC + " " + DAY);
  }

  @Test
  void whateverIsNotAsTheRawFilesGiveItIsNamed() throws IOException {
    Path export = vault.resolve("derived/vwap/okx/perps/" + BTC + "/vwap_1m.jsonl");
    Files.writeString(
        export,
        Files.readString(export).replaceFirst("\"trade_count_4h\":\\d", "\"trade_count_4h\":x"));
    Path quarantine = vault.resolve("quarantine/okx/trades_perps/" + BTC + "/2025-12-01.jsonl");
    Files.createDirectories(quarantine.getParent());
    Files.writeString(quarantine, "{}\n");
    sql(
        "DELETE FROM %s WHERE inst_id = '" + BTC + "' AND minute = '2026-01-02 22:40:00'",
        "bars_1m");
    addATradeOf("2025-12-01");
    sql("UPDATE %s SET trade_count_1h = 7 WHERE minute = '2026-01-02 23:10:00'", "vwap_1m");

    Outputs.Ended ended = Outputs.listen("verify", vault);
    assertThat(ended.exit()).isEqualTo(ExitCode.NEEDS_PERSON.code());
    assertThat(ended.complaints())
        .anyMatch(line -> line.contains(BTC + " export: ") && line.contains("has "))
        .anyMatch(line -> line.contains(BTC + " quarantine: 2025-12-01"))
        .anyMatch(line -> line.contains(BTC + " bars_1m: ") && line.contains("the table has null"))
        .anyMatch(line -> line.contains(BTC + " trades: ") && line.contains("rows"))
        .anyMatch(line -> line.contains(BTC + " vwap_1m: "))
        .anyMatch(line -> line.contains("BTC-USD-SWAP vwap_1m: "))
        .noneMatch(line -> line.contains("BTC-USD-SWAP export"))
        .noneMatch(line -> line.contains("cursor"));
  }

  @Test
  void rewrittenAndVanishedRawFilesAreNamed() throws IOException {
    String text = Files.readString(raw);
    Files.writeString(
        raw,
        text.replaceFirst("\"side\":\"buy\"", "\"side\":\"sel\""),
        StandardOpenOption.TRUNCATE_EXISTING);
    Files.delete(vault.resolve(new DayFile("BTC-USD-SWAP", DAY).rawPath()));
    Outputs.Ended ended = Outputs.listen("verify", vault);
    assertThat(ended.exit()).isEqualTo(ExitCode.NEEDS_PERSON.code());
    assertThat(ended.complaints())
        .anyMatch(line -> line.contains(BTC + " cursor: " + DAY))
        .anyMatch(line -> line.contains("BTC-USD-SWAP raw files: the file of " + DAY + " is gone"));
  }

  /** What there is but cannot be read is not gone, and is told whatever the days. */
  @Test
  void filesThatCannotBeReadAreToldOnceAndAsSuch() throws Exception {
    Path other = vault.resolve(new DayFile("BTC-USD-SWAP", DAY).rawPath()).getParent();
    Files.move(other, other.resolveSibling("aside"));
    Files.createSymbolicLink(other, other);
    Files.delete(raw);
    Files.createSymbolicLink(raw, raw);
    for (String from : List.of("2025-01-01", "2026-01-03")) {
      Outputs.Ended ended = Outputs.listen("verify", vault, "--from", from);
      assertThat(ended.exit()).as(ended.errors()).isEqualTo(ExitCode.NEEDS_PERSON.code());
      assertThat(ended.errors()).contains("BTC-USD-SWAP").doesNotContain("is gone");
    }
  }

  @Test
  void whatNamesNothingIsRefusedAndLeavesNothing() throws Exception {
    Outputs.Ended ended = Outputs.listen("verify", vault, "--from", "2030-01-01");
    assertThat(ended.exit()).isEqualTo(ExitCode.USAGE.code());
    assertThat(ended.complaints()).hasSize(1).first().asString().contains("go from " + DAY);
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThat(Outputs.listen("maintain", empty).exit()).isEqualTo(ExitCode.USAGE.code());
    assertThat(empty).isEmptyDirectory();
  }

  /** Also where nothing says that there were runs but the tables. */
  @Test
  void tablesOfWhichNothingSaysThatTheyCountAreNoVaultWithoutARun() throws Exception {
    new ProcessBuilder("rm", "-r", vault.resolve("state").toString()).start().waitFor();
    for (String verb : List.of("verify", "run", "maintain")) {
      Outputs.Ended ended = Outputs.listen(verb, vault);
      assertThat(ended.exit()).as(verb).isEqualTo(ExitCode.NEEDS_PERSON.code());
      assertThat(ended.errors()).contains("published.json is gone", "'./tapelake backfill'");
    }
    Outputs.Ended asked = Outputs.listen("sql", vault, "select 1");
    assertThat(asked.exit()).isEqualTo(ExitCode.NEEDS_PERSON.code());
    assertThat(asked.errors()).contains("published.json is gone", "'./tapelake backfill'");
  }

  private static JsonNode day(JsonNode found, String instrument, String day) {
    for (JsonNode each : found.required("days")) {
      if (each.required("instId").asText().equals(instrument)
          && each.required("day").asText().equals(day)) {
        return each;
      }
    }
    throw new AssertionError(instrument + " " + day + " is not in " + found);
  }

  private void addATradeOf(String day) {
    String table = vault.resolve("lake/trades").toString();
    SparkSession.active()
        .read()
        .format("delta")
        .load(table)
        .where("inst_id = '" + BTC + "'")
        .limit(1)
        .withColumn("date", functions.lit(LocalDate.parse(day)))
        .write()
        .format("delta")
        .mode("append")
        .save(table);
  }

  private void sql(String statement, String table) {
    String name = "delta.`" + vault.resolve("lake").resolve(table) + "`";
    SparkSession.active().sql(statement.formatted(name));
  }
}
