package io.tapelake.jobs.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backfill of ten minutes of real trades gives the oracle's outputs, which {@link RealTradesTest}
 * holds against the exchange's own figures.
 */
final class RealTradesIT {

  private static final Instant AS_OF = Instant.parse("2024-08-09T12:00:00Z");

  @TempDir private Path folder;

  @Test
  void backfillOfRealTrades() throws IOException {
    assumeTrue(RealTrades.folder().isPresent(), "the real trades are not here");
    Path vault = folder.resolve("vault");
    VaultCopy.rawFiles(RealTrades.folder().get().resolve(RealTrades.VAULT), vault);
    OracleConfig config = OracleConfig.ofWindows("1h,4h").withAnalytics();
    Expected expected = Oracle.compute(vault, config, AS_OF);

    Job.succeeds("real trades", expected, "backfill", vault, config, AS_OF);

    Published published = new Published(vault, "real trades");
    published.filesEqual(expected);
    published.tablesEqual(expected);
    List<String> btc =
        Files.readAllLines(vault.resolve("derived/vwap/okx/perps/BTC-USDT-SWAP/vwap_1m.jsonl"));
    assertThat(btc).hasSize(6);
    assertThat(btc.get(5))
        .contains("\"vwap_1h\":\"61681.039512806766411314221719388944106281325789511\"")
        .contains("\"trade_count_1h\":21313");
    takersAreTheExchanges(vault);
  }

  /** Bought and sold volume, their difference and their notional, by minute. */
  private static void takersAreTheExchanges(Path vault) throws IOException {
    List<String> bars = KernelTable.rows(vault, "bars_1m");
    List<String> flows = KernelTable.rows(vault, "flow_1m");
    List<String> minutes =
        Files.readAllLines(RealTrades.folder().orElseThrow().resolve(RealTrades.MINUTES));
    for (String line : minutes.subList(1, minutes.size())) {
      String[] cells = line.split(",");
      String row =
          ".* inst_id=%s-USDT-SWAP .* minute=%s .*"
              .formatted(
                  cells[0].replace("USDT", ""), Instant.ofEpochMilli(Long.parseLong(cells[1])));
      BigDecimal volume = new BigDecimal(cells[2]);
      BigDecimal notional = new BigDecimal(cells[3]);
      BigDecimal bought = new BigDecimal(cells[5]);
      BigDecimal boughtNotional = new BigDecimal(cells[6]);
      assertThat(bars.stream().filter(bar -> (" " + bar + " ").matches(row)))
          .as(line)
          .singleElement(STRING)
          .contains(" buy_base_volume_exact=" + TableRow.plain(bought) + " ")
          .contains(" buy_notional_exact=" + TableRow.plain(boughtNotional) + " ");
      BigDecimal sold = volume.subtract(bought);
      BigDecimal soldNotional = notional.subtract(boughtNotional);
      assertThat(flows.stream().filter(flow -> (" " + flow + " ").matches(row)))
          .as(line)
          .singleElement(STRING)
          .contains(" delta_base=" + TableRow.decimal38(bought.subtract(sold)) + " ")
          .contains(
              " delta_notional=" + TableRow.decimal38(boughtNotional.subtract(soldNotional)) + " ");
    }
    assertThat(minutes).hasSize(11);
  }
}
