package io.tapelake.jobs.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The oracle on ten minutes of real trades, whose figures the exchange published itself. */
final class RealTradesTest {

  private static final Instant AS_OF = Instant.parse("2024-08-09T12:00:00Z");

  private static Expected expected;

  @BeforeAll
  static void compute() throws IOException {
    assumeTrue(RealTrades.folder().isPresent(), "the real trades are not here");
    expected =
        Oracle.compute(
            RealTrades.folder().get().resolve(RealTrades.VAULT),
            OracleConfig.ofWindows("1h,4h"),
            AS_OF);
  }

  @Test
  void exportEndsAsTheContractSays() {
    List<String> btc = lines(expected.exports().get("BTC-USDT-SWAP"));
    assertThat(btc).hasSize(6);
    assertThat(btc.get(5))
        .contains("\"window_start_utc\":\"2024-08-08T23:59:00Z\"")
        .contains("\"vwap_1h\":\"61681.039512806766411314221719388944106281325789511\"")
        .contains("\"trade_count_1h\":21313");
    assertThat(lines(expected.exports().get("ETH-USDT-SWAP"))).hasSize(7);
    assertThat(expected.quarantines()).isEmpty();
  }

  @Test
  void barsEqualTheExchangesOwn() throws IOException {
    List<String> bars = expected.bars().stream().map(TableRow::toString).toList();
    List<String> minutes =
        Files.readAllLines(RealTrades.folder().orElseThrow().resolve(RealTrades.MINUTES));
    for (String line : minutes.subList(1, minutes.size())) {
      List<String> cells = List.of(line.split(","));
      String instrument = Map.of("BTCUSDT", "BTC", "ETHUSDT", "ETH").get(cells.get(0));
      Instant minute = Instant.ofEpochMilli(Long.parseLong(cells.get(1)));
      assertThat(bars)
          .as(line)
          .anySatisfy(
              bar ->
                  assertThat(bar + " ")
                      .contains("inst_id=" + instrument + "-USDT-SWAP ")
                      .contains(" minute=" + minute + " ")
                      .contains(" trade_count=" + cells.get(4) + " ")
                      .contains(" notional_exact=" + plain(cells.get(3)) + " ")
                      .contains("base_volume_exact=" + plain(cells.get(2)) + " ")
                      .contains(" buy_base_volume_exact=" + plain(cells.get(5)) + " ")
                      .contains(" buy_notional_exact=" + plain(cells.get(6)) + " "));
    }
    assertThat(minutes).hasSize(11);
  }

  private static List<String> lines(byte[] export) {
    return new String(export, StandardCharsets.UTF_8).lines().toList();
  }

  private static String plain(String number) {
    return new BigDecimal(number).stripTrailingZeros().toPlainString();
  }
}
