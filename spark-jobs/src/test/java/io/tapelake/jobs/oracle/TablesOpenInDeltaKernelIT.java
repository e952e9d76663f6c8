package io.tapelake.jobs.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The tables open in an engine other than Spark, with the promised columns and every row. */
final class TablesOpenInDeltaKernelIT {

  private static final List<String> BARS =
      List.of(
          "inst_id string",
          "minute timestamp",
          "date date",
          "open D",
          "high D",
          "low D",
          "close D",
          "trade_count long",
          "buy_count long",
          "contracts D",
          "base_volume D",
          "notional D",
          "buy_base_volume D",
          "buy_notional D",
          "first_trade_id long",
          "last_trade_id long",
          "base_volume_exact string",
          "notional_exact string",
          "buy_base_volume_exact string",
          "buy_notional_exact string",
          "price_notional_exact string",
          "buy_contracts D",
          "squared_price_notional_exact string",
          "delta_base_high D",
          "delta_base_low D",
          "delta_notional_high D",
          "delta_notional_low D",
          "delta_contracts_high D",
          "delta_contracts_low D",
          "sweeps long",
          "most_levels long",
          "sweep_notional D",
          "widest_sweep_bps double",
          "price_step D",
          "largest_notional D",
          "active_seconds long",
          "root_flow D",
          "delta_base_high_exact string",
          "delta_base_low_exact string",
          "delta_notional_high_exact string",
          "delta_notional_low_exact string",
          "sweep_notional_exact string",
          "largest_notional_exact string",
          "root_flow_exact string",
          "profile_exact string");

  private static final List<String> VWAPS =
      List.of("inst_id string", "minute timestamp", "date date", "close D", "trade_count_1m long");

  private static final List<String> VWAPS_OF_A_WINDOW =
      List.of(
          "vwap_W D",
          "vwap_base_W D",
          "trade_count_W long",
          "base_volume_W D",
          "notional_W D",
          "vwap_W_exact string",
          "vwap_base_W_exact string");

  private static final List<String> TRADES =
      List.of(
          "exchange string",
          "inst_id string",
          "trade_id long",
          "ts timestamp",
          "date date",
          "side string",
          "price D",
          "contracts D",
          "base_volume D",
          "notional D");

  @TempDir private static Path folder;

  @TestFactory
  Stream<DynamicTest> everyTable() {
    return Seeds.each(1, TablesOpenInDeltaKernelIT::check);
  }

  private static void check(long seed) throws IOException {
    Path vault = Files.createDirectory(folder.resolve("kernel-" + seed));
    RandomVault random = RandomVault.of(seed + 700, "1h,4h");
    random.writeTo(vault);
    Instant asOf = random.times().last().plusSeconds(100);
    OracleConfig config = random.config().withAnalytics();
    Expected expected = Oracle.compute(vault, config, asOf);
    Job.succeeds("seed " + seed, expected, "backfill", vault, config, asOf);

    List<String> vwaps = new ArrayList<>(VWAPS);
    for (String window : List.of("1h", "4h", "session")) {
      VWAPS_OF_A_WINDOW.forEach(column -> vwaps.add(column.replace("_W", "_" + window)));
    }
    compare(seed, vault, "bars_1m", BARS);
    compare(seed, vault, "vwap_1m", vwaps);
    compare(seed, vault, "trades", TRADES);
    for (String table : expected.analytics().keySet()) {
      List<String> columns = new KernelTable(vault, table).columns();
      compare(seed, vault, table, columns);
    }
    // Both engines read the same rows, and these are the right ones.
    new Published(vault, "seed " + seed).tablesEqual(expected);
  }

  private static void compare(long seed, Path vault, String name, List<String> columns)
      throws IOException {
    KernelTable table = new KernelTable(vault, name);
    assertThat(table.columns())
        .as(name)
        .containsExactlyInAnyOrderElementsOf(
            columns.stream()
                .map(column -> column.replaceFirst(" D$", " decimal(38, 18)"))
                .toList());
    assertThat(table.snapshot().getProtocol().getMinReaderVersion()).as(name).isEqualTo(1);
    assertThat(table.snapshot().getProtocol().getMinWriterVersion()).as(name).isEqualTo(2);
    assertThat(table.snapshot().getPartitionColumnNames()).as(name).containsExactly("date");
    new Published(vault, "seed " + seed + " through Delta Kernel and through Spark")
        .equalLines(name, table.rows(), LocalSpark.rows(vault, name));
  }
}
