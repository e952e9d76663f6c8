package io.tapelake.jobs.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The oracle on cases that were worked out by hand. */
final class OracleTest {

  private static final String DAY = "X-USDT-SWAP/2025-12-14";
  private static final Instant LATER = Instant.parse("2025-12-20T00:00:00Z");

  @TempDir private Path vault;
  private StringBuilder lines;

  @BeforeEach
  void start() {
    lines = new StringBuilder();
  }

  @Test
  void twoMinutesOfLinearTrades() throws IOException {
    // m = 0.01: notionals 1*0.01*100 = 1 and 3*0.01*200 = 6, base volumes 0.01 and 0.03
    add("2025-12-14T21:34:56.123Z", "7", "buy", "100", "1", "0.01", "linear");
    add("2025-12-14T21:36:00Z", "8", "sell", "200", "3", "0.01", "linear");

    Expected expected = compute("1h,4h", LATER);

    // (100*1 + 200*6) / 7 = 1300/7 and 7 / 0.04 = 175
    String vwap = "185.71428571428571428571428571428571428571428571429";
    assertThat(text(expected.exports().get("X-USDT-SWAP")))
        .isEqualTo(
            row("21:34", "\"100\"", "\"100\"", 1, 1)
                + row("21:35", "\"100\"", "\"100\"", 1, 1)
                + row("21:36", "\"" + vwap + "\"", "\"" + vwap + "\"", 2, 2));
    assertThat(expected.cursors().get("X-USDT-SWAP"))
        .isEqualTo(
            new Expected.CursorHead("2025-12-14T21:36:00.000Z", "8", "2025-12-14T21:36:00Z"));
    assertThat(expected.vwaps().get(2).toString())
        .contains(
            "base_volume_1h=0.040000000000000000 ",
            "close=200.000000000000000000 date=2025-12-14",
            "notional_1h=7.000000000000000000 ",
            "trade_count_1h=2 trade_count_1m=1",
            "vwap_1h=185.714285714285714286 vwap_1h_exact=" + vwap,
            "vwap_base_1h=175.000000000000000000 vwap_base_1h_exact=175");
    assertThat(expected.vwaps().get(1).toString())
        .contains("close=100.000000000000000000", "trade_count_1m=0");
    assertThat(expected.trades())
        .containsExactly(
            "base_volume=0.010000000000000000 contracts=1.000000000000000000 date=2025-12-14"
                + " exchange=okx inst_id=X-USDT-SWAP notional=1.000000000000000000"
                + " price=100.000000000000000000 side=buy trade_id=7 ts=2025-12-14T21:34:56.123Z",
            "base_volume=0.030000000000000000 contracts=3.000000000000000000 date=2025-12-14"
                + " exchange=okx inst_id=X-USDT-SWAP notional=6.000000000000000000"
                + " price=200.000000000000000000 side=sell trade_id=8 ts=2025-12-14T21:36:00Z");
  }

  @Test
  void inverseBaseVolumeIsRoundedPerTrade() throws IOException {
    // q*m = 100 each; 100/3 = 33.333333333333333333333333|3, twice
    add("2025-12-14T00:00:01Z", "1", "buy", "3", "1", "100", "inverse");
    add("2025-12-14T00:00:02Z", "2", "sell", "3", "1", "100", "inverse");

    OracleConfig config = OracleConfig.ofWindows("1h").withAnalytics();
    assertThat(compute(config, LATER).bars().stream().map(TableRow::toString))
        .containsExactly(
            "active_seconds=2 base_volume=66.666666666666666667"
                + " base_volume_exact=66.666666666666666666666666"
                + " buy_base_volume=33.333333333333333333"
                + " buy_base_volume_exact=33.333333333333333333333333"
                + " buy_contracts=1.000000000000000000 buy_count=1"
                + " buy_notional=100.000000000000000000 buy_notional_exact=100"
                + " close=3.000000000000000000 contracts=2.000000000000000000 date=2025-12-14"
                + " delta_base_high=33.333333333333333333"
                + " delta_base_high_exact=33.333333333333333333333333"
                + " delta_base_low=0.000000000000000000 delta_base_low_exact=0"
                + " delta_contracts_high=1.000000000000000000"
                + " delta_contracts_low=0.000000000000000000"
                + " delta_notional_high=100.000000000000000000 delta_notional_high_exact=100"
                + " delta_notional_low=0.000000000000000000 delta_notional_low_exact=0"
                + " first_trade_id=1 high=3.000000000000000000 inst_id=X-USDT-SWAP"
                + " largest_notional=100.000000000000000000 largest_notional_exact=100"
                + " last_trade_id=2 low=3.000000000000000000 minute=2025-12-14T00:00:00Z"
                + " most_levels=1 notional=200.000000000000000000 notional_exact=200"
                + " open=3.000000000000000000 price_notional_exact=600"
                + " price_step=1.000000000000000000"
                + " profile_exact=7000 2 66.666666666666666666666666 33.333333333333333333333333"
                + " root_flow=0 root_flow_exact=0 squared_price_notional_exact=1800"
                + " sweep_notional=0.000000000000000000 sweep_notional_exact=0 sweeps=0 trade_count=2"
                + " widest_sweep_bps=0");
  }

  @Test
  void inverseVolumeThatRoundsToZeroHasNoBaseVwap() throws IOException {
    add(
        "2025-12-14T00:00:01Z",
        "1",
        "buy",
        "100000",
        "0.000000000001",
        "0.000000000001",
        "inverse");

    String row = compute("1h", LATER).vwaps().get(0).toString();

    // q*m = 1e-24; divided by 1e5 that is 1e-29, nothing at 24 places
    assertThat(row)
        .contains(
            "base_volume_1h=0.000000000000000000 ", "vwap_base_1h=NULL vwap_base_1h_exact=NULL")
        .contains("notional_1h=0.000000000000000000 ", "vwap_1h_exact=100000 ");
  }

  @Test
  void whatIsTooWideForADecimalColumnIsNullThereAndExactBeside() throws IOException {
    add("2025-12-14T00:00:01Z", "1", "buy", "999999999999", "999999999999", "1", "linear");

    String row = compute("1h", LATER).vwaps().get(0).toString();

    assertThat(row).contains("notional_1h=NULL ");
    assertThat(row).contains("vwap_1h=999999999999.000000000000000000 vwap_1h_exact=999999999999 ");
  }

  @Test
  void openAndCloseGoByTimeThenNumericId() throws IOException {
    add("2025-12-14T00:00:02Z", "9", "buy", "4", "1", "1", "linear");
    add("2025-12-14T00:00:02Z", "10", "buy", "5", "1", "1", "linear");
    add("2025-12-14T00:00:01.5Z", "0012", "buy", "6", "1", "1", "linear");
    add("2025-12-14T00:00:01.500Z", "11", "buy", "7", "1", "1", "linear");

    assertThat(compute("1h", LATER).bars().get(0).toString())
        .contains("open=7.0", "close=5.0", "first_trade_id=11 ", "last_trade_id=10 ")
        .contains("high=7.0", "low=4.0");
  }

  @Test
  void aMinuteIsClosedAfterItsEndAndTheGrace() throws IOException {
    add("2025-12-14T00:00:59.999Z", "1", "buy", "4", "1", "1", "linear");
    add("2025-12-14T00:01:00Z", "2", "buy", "4", "1", "1", "linear");

    assertThat(compute("1h", Instant.parse("2025-12-14T00:01:09.999999999Z")).vwaps()).isEmpty();
    Expected one = compute("1h", Instant.parse("2025-12-14T00:01:10Z"));
    assertThat(one.vwaps()).hasSize(1);
    assertThat(one.trades()).hasSize(1);
    assertThat(one.cursors().get("X-USDT-SWAP").lastTradeId()).isEqualTo("1");
    assertThat(compute("1h", Instant.parse("2025-12-14T00:02:10Z")).vwaps()).hasSize(2);
  }

  @Test
  void rowsReachToTheNewestTradeThoughItsMinuteIsOpen() throws IOException {
    add("2025-12-14T00:00:00Z", "1", "buy", "4", "1", "1", "linear");
    add("2025-12-14T00:09:00Z", "2", "buy", "4", "1", "1", "linear");

    assertThat(compute("1h", Instant.parse("2025-12-14T00:05:10Z")).vwaps()).hasSize(5);
    assertThat(compute("1h", LATER).vwaps()).hasSize(10);
  }

  @Test
  void longestWindowEmptyMeansNoRowAndShorterMeansNull() throws IOException {
    add("2025-12-14T00:00:00Z", "1", "buy", "4", "1", "1", "linear");
    add("2025-12-14T00:09:00Z", "2", "buy", "5", "1", "1", "linear");

    assertThat(text(compute("5m,2m", LATER).exports().get("X-USDT-SWAP")).lines())
        .containsExactly(
            rowOf(
                "00:00",
                "\"vwap_5m\":\"4\",\"trade_count_5m\":1,\"vwap_2m\":\"4\",\"trade_count_2m\":1"),
            rowOf(
                "00:01",
                "\"vwap_5m\":\"4\",\"trade_count_5m\":1,\"vwap_2m\":\"4\",\"trade_count_2m\":1"),
            rowOf(
                "00:02",
                "\"vwap_5m\":\"4\",\"trade_count_5m\":1,\"vwap_2m\":null,\"trade_count_2m\":0"),
            rowOf(
                "00:03",
                "\"vwap_5m\":\"4\",\"trade_count_5m\":1,\"vwap_2m\":null,\"trade_count_2m\":0"),
            rowOf(
                "00:04",
                "\"vwap_5m\":\"4\",\"trade_count_5m\":1,\"vwap_2m\":null,\"trade_count_2m\":0"),
            rowOf(
                "00:09",
                "\"vwap_5m\":\"5\",\"trade_count_5m\":1,\"vwap_2m\":\"5\",\"trade_count_2m\":1"));
  }

  @Test
  void refusedAndConflictingLinesAreKeptWithTheirOffset() throws IOException {
    add("2025-12-14T00:00:00Z", "1", "buy", "4", "1", "1", "linear");
    int second = lines.length();
    lines.append("\tnonsense \"é\\\u0001\r\n \t\r\n");
    add("2025-12-14T00:00:00.000Z", "01", "buy", "4.0", "1e0", "1", "linear");
    int fourth = lines.toString().getBytes(StandardCharsets.UTF_8).length;
    add("2025-12-14T00:00:00Z", "1", "sell", "4", "1", "1", "linear");
    String conflict = lastLine();
    lines.append("{\"pending\"");

    Expected expected = compute("1h", LATER);

    assertThat(text(expected.quarantines().get(DAY)))
        .isEqualTo(
            "{\"file\":\"2025-12-14.jsonl\",\"offset\":"
                + second
                + ",\"reason\":\"malformed_json\",\"line\":\"\\tnonsense \\\"é\\\\\\u0001\\r\"}\n"
                + "{\"file\":\"2025-12-14.jsonl\",\"offset\":"
                + fourth
                + ",\"reason\":\"conflicting_duplicate\",\"line\":\""
                + conflict.replace("\"", "\\\"")
                + "\"}\n");
    assertThat(expected.trades()).hasSize(1);
  }

  @Test
  void brokenFileContributesNothing() throws IOException {
    for (int id = 1; id <= 989; id++) {
      add("2025-12-14T00:00:00Z", Integer.toString(id), "buy", "4", "1", "1", "linear");
    }
    lines.append("x\n".repeat(10)).append("\n");
    assertThat(compute("1h", LATER).broken()).as("999 lines").isEmpty();

    add("2025-12-14T00:00:00Z", "990", "buy", "4", "1", "1", "linear");
    Expected atLimit = compute("1h", LATER);
    assertThat(atLimit.broken()).as("10 of 1000").isEmpty();
    assertThat(atLimit.trades()).hasSize(990);

    lines.append("x\n");
    Expected broken = compute("1h", LATER);
    assertThat(broken.broken()).containsExactly(DAY);
    assertThat(broken.trades()).isEmpty();
    assertThat(broken.quarantines()).isEmpty();
    assertThat(broken.exports().get("X-USDT-SWAP")).isEmpty();
  }

  private String lastLine() {
    return lines.toString().stripTrailing().lines().reduce((a, b) -> b).orElseThrow();
  }

  private static String row(String minute, String vwap1h, String vwap4h, int count1h, int count4h) {
    String windows = "\"vwap_1h\":%s,\"vwap_4h\":%s,\"trade_count_1h\":%d,\"trade_count_4h\":%d";
    return rowOf(minute, windows.formatted(vwap1h, vwap4h, count1h, count4h)) + "\n";
  }

  private static String rowOf(String minute, String windows) {
    return "{\"window_start_utc\":\"2025-12-14T"
        + minute
        + ":00Z\",\"instId\":\"X-USDT-SWAP\",\"exchange\":\"okx\",\"market\":\"perp\","
        + windows
        + "}";
  }

  private void add(
      String time, String id, String side, String price, String qty, String ctVal, String type) {
    lines.append(
        ("{\"timestamp_utc\":\"%s\",\"exchange\":\"okx\",\"market\":\"perp\","
                + "\"instId\":\"X-USDT-SWAP\",\"symbol_canon\":\"X/USDT\",\"trade_id\":\"%s\","
                + "\"side\":\"%s\",\"price\":\"%s\",\"qty_contracts\":\"%s\",\"ctVal\":\"%s\","
                + "\"ctMult\":\"1\",\"ctType\":\"%s\"}\n")
            .formatted(time, id, side, price, qty, ctVal, type));
  }

  private Expected compute(String windows, Instant asOf) throws IOException {
    return compute(OracleConfig.ofWindows(windows), asOf);
  }

  private Expected compute(OracleConfig config, Instant asOf) throws IOException {
    Path file = RandomVault.file(vault, DAY);
    Files.createDirectories(file.getParent());
    Files.writeString(file, lines);
    return Oracle.compute(vault, config, asOf);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
