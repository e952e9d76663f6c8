package io.tapelake.jobs.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The oracle's analytics on cases that were worked out by hand. */
final class OracleAnalyticsTest {

  /** In steps of which a price is in every row. */
  private static final BigDecimal NARROW = new BigDecimal("0.00001");

  private static final Instant DAY = Instant.parse("2025-12-14T00:00:00Z");

  private final List<OracleTrade> trades = new ArrayList<>();
  private OracleConfig config = OracleConfig.ofWindows("5m,1h").withAnalytics();

  @Test
  void threeTradesOfTheDefinitions() {
    add("12:00:00.000", true, "100", "1");
    add("12:00:00.001", false, "101", "3");
    add("12:00:00.002", true, "99", "2");

    // W = 6, WP = 601, WPP = 60205: mean 601/6, variance 60205/6 − (601/6)² = 29/36
    TableRow band = new OracleBands(tape()).rows().get(0);
    assertThat(band.toString())
        .contains("stddev_base_1h=0.897527467855750")
        .contains(" deviation_bps_base_1h=-116.4725457570")
        .contains(" z_base_1h=-1.299867");
    assertThat(flow(0))
        .contains(" delta_base=0.000000000000000000 ")
        .contains(
            " delta_base_high=1.000000000000000000 ", " delta_base_low=-2.000000000000000000 ")
        .contains(" imbalance_base=0 ")
        // 100 − 303 + 198 over 601, and 2 buys less 1 sell of 3
        .contains(" imbalance_notional=-0.008319467554076539")
        .contains(" imbalance_count_5m=0.333333333333333333")
        .contains(" amihud=NULL ", " kyle_n_60m=0 ", " kyle_lambda_60m=NULL ")
        .contains(" sweeps=0 ", " most_levels=1 ", " active_seconds=1 ");
  }

  @Test
  void sweepsAreOneTakersWithinAMillisecond() {
    add("12:00:00.0001", true, "100", "1");
    add("12:00:00.0009", true, "102", "1");
    add("12:00:00.0009", true, "101", "1");
    add("12:00:00.0009", false, "99", "5");
    add("12:00:00.001", false, "90", "1");
    add("12:00:07", false, "90", "1");
    add("12:00:07", false, "90", "1");

    assertThat(flow(0))
        // 100 → 102 → 101 is 1 % from first to last; 99 and 90 are not of one millisecond
        .contains(" sweeps=1 ", " most_levels=3 ", " sweep_notional=303.000000000000000000 ")
        .contains(" widest_sweep_bps=100")
        .contains(" largest_notional=495.000000000000000000 ", "active_seconds=2 ");
  }

  @Test
  void oneSidedConstantPrices() {
    for (int minute = 0; minute <= 20; minute++) {
      add("12:%02d:00".formatted(minute), false, "7", Integer.toString(1 + minute % 2));
    }
    TableRow band = new OracleBands(tape()).rows().get(20);
    assertThat(band.toString()).contains(" stddev_1h=0 ", " z_1h=NULL ", "deviation_bps_1h=0 ");
    assertThat(flow(20))
        .contains(" imbalance_base_1h=-1 ")
        .contains(" amihud=0 ", " amihud_1h=0 ")
        // Intervals that end at minutes 20, 15, 10 and 5; flow varies, returns do not.
        .contains(" kyle_n_60m=4 ", " kyle_lambda_60m=0 ", " kyle_r2_60m=NULL ")
        .contains(" poc_5m=7.000000000000000000 ", " val_5m=7.000000000000000000 ")
        .contains(" vah_5m=8.000000000000000000 ");
  }

  @Test
  void emptyMinutesAndWindows() {
    add("12:00:00", true, "100", "1");
    add("12:10:00", false, "200", "1");

    assertThat(flow(7))
        .contains(" close=100.000000000000000000 ", " trade_count=0 ", " sweeps=0 ")
        .contains(" imbalance_base=NULL ", " imbalance_base_5m=NULL ")
        .contains(" cvd_5m_base=0.000000000000000000 ", " cvd_1h_base=1.000000000000000000 ")
        .contains(" amihud=NULL ", " amihud_5m=NULL ", " poc_5m=NULL ", " vah_5m=NULL ")
        .contains(" poc_1h=100.000000000000000000 ");
    // ln 2 · 10^6 / 200
    assertThat(flow(10)).contains(" amihud=3465.735902799726547");
    assertThat(new OracleBands(tape()).rows().get(7).toString())
        .contains(" stddev_5m=NULL ", " z_5m=NULL ");
  }

  @Test
  void sessionBeginsAnewAndAnchorsDoNot() {
    add("23:59:00", true, "100", "1");
    trades.add(trade(DAY.plusSeconds(86_400), 99, false, "100", "3"));
    config =
        config.withAnalytics(new OracleConfig.Anchor("cpi", Instant.parse("2025-12-14T23:59:00Z")));

    assertThat(flow(1)).contains("cvd_session_base=-3.000000000000000000 ");
    assertThat(new OracleDays(tape()).sessions().get(1).toString())
        .contains("start_delta_base=1.000000000000000000 ");
    assertThat(text(new OracleInstrument(tape()).export()).split("\n")[1])
        .endsWith(
            "\"vwap_session\":\"100\",\"trade_count_session\":1,"
                + "\"vwap_cpi\":\"100\",\"trade_count_cpi\":2}");
    assertThat(new OracleDays(tape()).profiles()).hasSize(2);
  }

  /** The total counts the origin's minute and those behind it; before, it is nothing. */
  @Test
  void totalCountsFromItsOriginOn() {
    add("23:57:00", true, "100", "7");
    add("23:58:00", false, "100", "2");
    add("23:59:00", true, "100", "5");
    config = config.withCvdOrigin(Instant.parse("2025-12-14T23:58:00Z"));

    trades.add(trade(DAY.plusSeconds(86_400), 99, false, "100", "3"));

    assertThat(new OracleDays(tape()).sessions().get(0).toString())
        .contains("start_delta_base=0.000000000000000000 ");
    assertThat(new OracleDays(tape()).sessions().get(1).toString())
        .contains("start_delta_base=3.000000000000000000 ");
  }

  @Test
  void anchorInTheFuture() {
    add("12:00:00", true, "100", "1");
    config =
        config.withAnalytics(new OracleConfig.Anchor("cpi", Instant.parse("2025-12-14T23:59:00Z")));

    assertThat(text(new OracleInstrument(tape()).export()))
        .endsWith("\"vwap_cpi\":null,\"trade_count_cpi\":0}\n");
    assertThat(new OracleBands(tape()).rows().get(0).toString()).contains(" stddev_cpi=NULL ");
  }

  @Test
  void valueAreaOfTheDefinitions() {
    int[] volumes = {10, 15, 20, 60, 70, 150, 90, 80, 50, 10};
    SortedMap<Long, BigDecimal> rows = new TreeMap<>();
    for (int i = 0; i < volumes.length; i++) {
      rows.put(101L + i, BigDecimal.valueOf(volumes[i]));
    }
    assertThat(OracleValueArea.of(rows, NARROW)).isEqualTo(new OracleValueArea(105, 106, 108));
    // A tie goes up, over empty rows; the point of control is the lower of two as near.
    SortedMap<Long, BigDecimal> apart =
        new TreeMap<>(Map.of(1L, BigDecimal.TEN, 5L, BigDecimal.ONE, 9L, BigDecimal.TEN));
    assertThat(OracleValueArea.of(apart, NARROW)).isEqualTo(new OracleValueArea(1, 1, 9));
  }

  @Test
  void priceRows() {
    assertThat(PriceRow.of(new BigDecimal("1"))).isEqualTo(row(0, "1.0000", "1.0002"));
    assertThat(PriceRow.of(new BigDecimal("1.99999"))).isEqualTo(row(4_999, "1.9998", "2.0000"));
    assertThat(PriceRow.of(new BigDecimal("2"))).isEqualTo(row(5_000, "2.0000", "2.0005"));
    assertThat(PriceRow.of(new BigDecimal("5"))).isEqualTo(row(11_000, "5.000", "5.001"));
    assertThat(PriceRow.of(new BigDecimal("0.99999"))).extracting(PriceRow::number).isEqualTo(-1L);
    assertThat(PriceRow.of(new BigDecimal("61234.5")).lower()).isEqualByComparingTo("61230");
  }

  @Test
  void logarithmsAndRoots() {
    MathContext digits = new MathContext(50);
    assertThat(PreciseMath.ln(BigDecimal.TEN).round(digits))
        .isEqualTo("2.3025850929940456840179914546843642076011014886288");
    assertThat(PreciseMath.ln(new BigDecimal("0.1")).round(digits))
        .isEqualTo("-2.3025850929940456840179914546843642076011014886288");
    assertThat(PreciseMath.root(new BigDecimal("2e-30")).round(digits))
        .isEqualTo("1.4142135623730950488016887242096980785696718753769E-15");
  }

  @Test
  void signalsOfAWalkAroundVwap() {
    config = OracleConfig.ofWindows("1h,4h").withAnalytics();
    add("12:00:00", true, "100", "1000");
    // +100 bps: entered; the first known side of the cross is none, and takers have bought.
    add("12:01:00", true, "101", "1");
    // Down to the level, by +0.9 bps: touched, left. Then 1 % below, twice: a break.
    add("12:02:00", false, "100.01", "1");
    add("12:03:00", false, "99", "1");
    add("12:04:00", false, "99", "1");

    List<String> events =
        text(new OracleSignals(tape()).export())
            .lines()
            .map(line -> line.replaceAll(".*\"id\":\"X\\|2025-12-14T12:0(.):00Z\\|", "$1 "))
            .map(line -> line.substring(0, line.indexOf('"')))
            .filter(line -> line.contains("|1h|"))
            .toList();

    assertThat(events)
        .containsExactly(
            "1 confirmed_buying|1h|up",
            "1 deviation_entered|1h|up",
            "2 deviation_left|1h|up",
            "2 level_touch|1h|down",
            "3 accumulation|1h|up",
            "3 deviation_entered|1h|down",
            "4 level_break|1h|down");
  }

  private static PriceRow row(long number, String lower, String upper) {
    return new PriceRow(number, new BigDecimal(lower), new BigDecimal(upper));
  }

  private String flow(int row) {
    return " " + new OracleFlow(tape()).rows().get(row) + " ";
  }

  private OracleTape tape() {
    return new OracleTape("X", trades, config, DAY.plusSeconds(3 * 86_400));
  }

  private void add(String time, boolean buy, String price, String quantity) {
    Instant at = Instant.parse("2025-12-14T" + time + "Z");
    trades.add(trade(at, trades.size(), buy, price, quantity));
  }

  private static OracleTrade trade(
      Instant time, long id, boolean buy, String price, String quantity) {
    return new OracleTrade(
        time,
        id,
        buy,
        new BigDecimal(price),
        new BigDecimal(quantity),
        BigDecimal.ONE,
        BigDecimal.ONE,
        false);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
