package io.tapelake.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tapelake.jobs.session.SparkSessions;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is put together of tables, and the aggregates that stay exact, against plain arithmetic. */
final class ViewsAndFunctionsIT {

  private static final MathContext FIFTY = new MathContext(50, RoundingMode.HALF_EVEN);
  private static final Instant FIRST = Instant.parse("2026-01-02T23:50:00Z");
  private static final int TRADES = 3_000;

  private record Tick(Instant time, long id, boolean isBuy, BigDecimal price, BigDecimal volume) {
    BigDecimal notional() {
      return price.multiply(volume);
    }
  }

  private SparkSession spark;
  private SqlSession session;
  private List<Tick> tape;
  private long seed;

  @BeforeEach
  void trade() {
    spark = SparkSessions.open("local[2]").newSession();
    session = new SqlSession(spark);
    seed = new Random().nextLong();
    Random random = new Random(seed);
    tape = new ArrayList<>();
    Instant time = FIRST;
    for (int id = 1; id <= TRADES; id++) {
      time = time.plusMillis(random.nextInt(800));
      tape.add(
          new Tick(
              time,
              id,
              random.nextInt(100) < 55,
              BigDecimal.valueOf(1 + random.nextInt(1_000_000), 1 + random.nextInt(6)),
              BigDecimal.valueOf(1 + random.nextInt(5_000), random.nextInt(6))));
    }
    List<Row> rows = new ArrayList<>();
    for (Tick each : tape) {
      rows.add(
          RowFactory.create(
              "X",
              each.id,
              each.time,
              each.time.atOffset(ZoneOffset.UTC).toLocalDate(),
              each.isBuy ? "buy" : "sell",
              each.price,
              each.volume,
              each.volume,
              each.notional()));
    }
    spark
        .createDataFrame(
            rows,
            StructType.fromDDL(
                "inst_id string, trade_id bigint, ts timestamp, date date, side string, price decimal(38,18),"
                    + " contracts decimal(38,18), base_volume decimal(38,18), notional decimal(38,18)"))
        .createOrReplaceTempView("trades");
  }

  @Test
  void sumsAndQuotientsAreExactInGroups() {
    for (Row row :
        ask(
            "select side, total_exact(notional), vwap_exact(price, notional), ratio_exact(notional, base_volume),"
                + " vwap(price, notional), total(base_volume) from trades group by side")) {
      List<Tick> ticks =
          tape.stream().filter(each -> each.isBuy == row.getString(0).equals("buy")).toList();
      BigDecimal notional = sum(ticks, Tick::notional);
      BigDecimal weighted = sum(ticks, each -> each.price.multiply(each.notional()));
      BigDecimal vwap = weighted.divide(notional, FIFTY);
      String said = "seed " + seed;
      assertThat(row.getString(1)).as(said).isEqualTo(plain(notional));
      assertThat(row.getString(2)).as(said).isEqualTo(plain(vwap));
      assertThat(row.getString(3))
          .as(said)
          .isEqualTo(plain(notional.divide(sum(ticks, Tick::volume), FIFTY)));
      assertThat(row.getDecimal(4)).as(said).isEqualTo(vwap.setScale(18, RoundingMode.HALF_EVEN));
      assertThat(row.getDecimal(5)).as(said).isEqualByComparingTo(sum(ticks, Tick::volume));
    }
  }

  @Test
  void sumsAreExactOverMovingWindows() {
    List<Row> rows =
        ask(
            "select trade_id, vwap_exact(price, notional) over (order by ts, trade_id"
                + " rows between 9 preceding and current row) from trades order by trade_id");
    for (int i = 0; i < TRADES; i += 97) {
      List<Tick> ticks = tape.subList(Math.max(0, i - 9), i + 1);
      BigDecimal weighted = sum(ticks, each -> each.price.multiply(each.notional()));
      assertThat(rows.get(i).getString(1))
          .as("seed %d, row %d", seed, i)
          .isEqualTo(plain(weighted.divide(sum(ticks, Tick::notional), FIFTY)));
    }
  }

  @Test
  void whatHasNoValueIsNullAndWhatFitsNoDecimalIsText() {
    assertThat(ask("select vwap(null, 1), ratio(1, 0), total(cast(null as int))").get(0))
        .isEqualTo(RowFactory.create(null, null, null));
    assertThat(
            ask("select total(x), total_exact(x) from values ('9e30'), ('1e-30') as t(x)").get(0))
        .isEqualTo(
            RowFactory.create(
                null, "9000000000000000000000000000000.000000000000000000000000000001"));
  }

  @Test
  void tradesFillBarsOfAVolumeFromMidnightOn() {
    new VaultViews(spark).show(Set.of("trades"), null);
    checkBars("volume_bars(2.5)", new BigDecimal("2.5"), Tick::volume);
    checkBars("dollar_bars(10000)", new BigDecimal("10000"), Tick::notional);
    checkBars("tick_bars(250)", new BigDecimal("250"), each -> BigDecimal.ONE);
    checkBars(
        "volume_imbalance_bars(1)",
        BigDecimal.ONE,
        each -> each.isBuy ? each.volume : each.volume.negate());
    assertThatThrownBy(() -> ask("select * from volume_bars(0)"))
        .hasMessageContaining("above zero");
    // A size that does not fit its column is NULL there: what it came to is not left out in
    // silence.
    for (String column : List.of("base_volume", "notional")) {
      spark
          .sql(
              "select * except (%1$s), if(trade_id = 7, null, %1$s) %1$s from trades"
                  .formatted(column))
          .createOrReplaceTempView("trades");
      new VaultViews(spark).show(Set.of("trades"), null);
      for (String bars : List.of("volume_bars(2.5)", "tick_bars(250)")) {
        assertThatThrownBy(() -> ask("select * from " + bars)).hasMessageContaining("trade 7 of X");
      }
      trade();
    }
    assertThatThrownBy(
            () -> ask("select bar_number(null, 1) over (order by 1 rows unbounded preceding)"))
        .hasMessageContaining("an amount is null");
  }

  @Test
  void aBarWhoseSumHasNoRoomIsFull() {
    String trade =
        "select 'X' as inst_id, %d as trade_id, timestamp'2026-01-03 00:00:01' as ts, date'2026-01-03' as date,"
            + " 'buy' as side, 2BD as price, 1BD as contracts, cast(%s as decimal(38,18)) as base_volume, 1BD as notional";
    spark
        .sql(
            Stream.of("1, 4e19", "2, 9e19", "3, 1")
                .map(each -> each.split(", "))
                .map(each -> trade.formatted(Long.parseLong(each[0]), each[1]))
                .collect(Collectors.joining(" union all ")))
        .createOrReplaceTempView("trades");
    new VaultViews(spark).show(Set.of("trades"), null);
    assertThat(ask("select bar, trade_count, is_full from volume_bars(5e19) order by bar"))
        .containsExactly(RowFactory.create(0L, 2L, true), RowFactory.create(1L, 1L, false));
  }

  private void checkBars(String bars, BigDecimal size, Function<Tick, BigDecimal> amount) {
    List<List<Object>> expected = new ArrayList<>();
    List<Tick> bar = new ArrayList<>();
    BigDecimal filled = BigDecimal.ZERO;
    for (int i = 0; i < TRADES; i++) {
      bar.add(tape.get(i));
      filled = filled.add(amount.apply(tape.get(i)));
      boolean isFull = filled.abs().compareTo(size) >= 0;
      if (isFull || i == TRADES - 1 || day(tape.get(i)) != day(tape.get(i + 1))) {
        expected.add(
            List.of(
                bar.get(0).time,
                plain(bar.get(0).price),
                plain(bar.get(bar.size() - 1).price),
                (long) bar.size(),
                plain(sum(bar, Tick::notional)),
                isFull));
        bar.clear();
        filled = BigDecimal.ZERO;
      }
    }
    List<List<Object>> made = new ArrayList<>();
    for (Row row :
        ask(
            "select start, open, close, trade_count, notional, is_full from "
                + bars
                + " order by date, bar")) {
      made.add(
          List.of(
              row.get(0),
              plain(row.getDecimal(1)),
              plain(row.getDecimal(2)),
              row.get(3),
              plain(row.getDecimal(4)),
              row.get(5)));
    }
    assertThat(made).as("%s, seed %d", bars, seed).isEqualTo(expected);
  }

  private static long day(Tick tick) {
    return tick.time.getEpochSecond() / 86_400;
  }

  @Test
  void barsOfMinutesAreBarsOfAnyLengthAndWeeksBeginOnMonday() {
    minuteBars();
    new VaultViews(spark).show(Set.of("bars_1m"), null);
    for (int minutes : new int[] {1, 5, 15}) {
      List<Row> bars =
          ask(
              "select start, open, close, trade_count, notional_exact, vwap_exact from bars('"
                  + minutes
                  + "m') order by start");
      long length = 60L * minutes;
      List<List<Tick>> expected =
          List.copyOf(
              tape.stream()
                  .collect(
                      Collectors.groupingBy(
                          each -> each.time.getEpochSecond() / length,
                          TreeMap::new,
                          Collectors.toList()))
                  .values());
      assertThat(bars).hasSameSizeAs(expected);
      for (int i = 0; i < bars.size(); i++) {
        List<Tick> ticks = expected.get(i);
        Instant start = Instant.ofEpochSecond(ticks.get(0).time.getEpochSecond() / length * length);
        BigDecimal weighted = sum(ticks, each -> each.price.multiply(each.notional()));
        BigDecimal notional = sum(ticks, Tick::notional);
        assertThat(bars.get(i).<Instant>getAs(0)).isEqualTo(start);
        assertThat(bars.get(i).getDecimal(1)).isEqualByComparingTo(ticks.get(0).price);
        assertThat(bars.get(i).getDecimal(2))
            .isEqualByComparingTo(ticks.get(ticks.size() - 1).price);
        assertThat(bars.get(i).getLong(3)).isEqualTo(ticks.size());
        assertThat(bars.get(i).getString(4)).as("seed " + seed).isEqualTo(plain(notional));
        assertThat(bars.get(i).getString(5)).isEqualTo(plain(weighted.divide(notional, FIFTY)));
      }
    }
    // The second of January 2026 was a Friday.
    assertThat(ask("select start from bars('1w')"))
        .containsExactly(RowFactory.create(Instant.parse("2025-12-29T00:00:00Z")));
    assertThatThrownBy(() -> ask("select * from bars('five')")).hasMessageContaining("such as 15m");
  }

  /** As the job makes them. */
  private void minuteBars() {
    spark
        .sql(
            """
            select inst_id, date_trunc('minute', ts) as minute, date, min_by(price, trade_id) as open,
                   max(price) as high, min(price) as low, max_by(price, trade_id) as close, count(*) as trade_count,
                   count_if(side = 'buy') as buy_count, sum(contracts) as contracts,
                   total_exact(base_volume) as base_volume_exact, total_exact(notional) as notional_exact,
                   total_exact(if(side = 'buy', base_volume, 0)) as buy_base_volume_exact,
                   total_exact(if(side = 'buy', notional, 0)) as buy_notional_exact,
                   '0' as price_notional_exact
              from trades group by inst_id, date, date_trunc('minute', ts)
            """)
        .createOrReplaceTempView("bars_without");
    List<Row> sums = new ArrayList<>();
    tape.stream()
        .collect(Collectors.groupingBy(each -> each.time.getEpochSecond() / 60))
        .forEach(
            (minute, ticks) ->
                sums.add(
                    RowFactory.create(
                        Instant.ofEpochSecond(60 * minute),
                        plain(sum(ticks, each -> each.price.multiply(each.notional()))))));
    spark
        .createDataFrame(sums, StructType.fromDDL("minute timestamp, price_notional_exact string"))
        .createOrReplaceTempView("sums");
    spark
        .sql(
            "select b.* except (price_notional_exact), s.price_notional_exact from bars_without b join sums s using (minute)")
        .createOrReplaceTempView("bars_1m");
  }

  /**
   * Five coins the day before, three before the origin, two behind it, and one sold the day after.
   */
  @Test
  void totalsCountFromTheOriginOn() {
    String row =
        "select 'X' as inst_id, timestamp'%s' as minute, date'%.10s' as date, cast(%s as decimal(38,18)) as cvd_session_base,"
            + " 0BD as cvd_session_notional, 0BD as cvd_session_contracts";
    String[][] minutes = {
      {"2026-01-01 10:00:00", "5"},
      {"2026-01-02 10:00:00", "3"},
      {"2026-01-02 11:59:00", "3"},
      {"2026-01-02 12:00:00", "3"},
      {"2026-01-02 13:00:00", "5"},
      {"2026-01-03 09:00:00", "-1"},
    };
    spark
        .sql(
            Stream.of(minutes)
                .map(each -> row.formatted(each[0], each[0], each[1]))
                .collect(Collectors.joining(" union all ")))
        .createOrReplaceTempView("flow_1m");
    String day =
        "select 'X' as inst_id, date'2026-01-0%d' as date, cast(%d as decimal(38,18)) as start_delta_base,"
            + " 0BD as start_delta_notional, 0BD as start_delta_contracts";
    spark
        .sql(
            String.join(
                " union all ", day.formatted(1, 0), day.formatted(2, 0), day.formatted(3, 2)))
        .createOrReplaceTempView("sessions_1d");
    new VaultViews(spark)
        .show(Set.of("flow_1m", "sessions_1d"), Instant.parse("2026-01-02T12:00:00Z"));
    assertThat(ask("select int(cvd_total_base) from flow order by minute"))
        .extracting(each -> each.getInt(0))
        .containsExactly(0, 0, 0, 0, 2, 1);
    new VaultViews(spark).drop();
  }

  @Test
  void bandsAndTotalsAreMadeOfWhatTheTablesKeep() {
    spark
        .sql(
            "select 'X' as inst_id, timestamp'2026-01-03 00:01:00' as minute, date'2026-01-03' as date, 100.0BD as close,"
                + " 101.5BD as vwap_1h, '101.5' as vwap_1h_exact, 101.0BD as vwap_base_1h")
        .createOrReplaceTempView("vwap_1m");
    spark
        .sql(
            "select 'X' as inst_id, timestamp'2026-01-03 00:01:00' as minute, date'2026-01-03' as date,"
                + " 0.25D as stddev_1h, -148D as deviation_bps_1h, -6D as z_1h, 0.5D as stddev_base_1h, -99D as deviation_bps_base_1h, -2D as z_base_1h")
        .createOrReplaceTempView("bands_1m");
    spark
        .sql(
            "select 'X' as inst_id, timestamp'2026-01-03 00:01:00' as minute, date'2026-01-03' as date,"
                + " cast(1.000000000000000001BD as decimal(38,18)) as cvd_session_base, 150BD as cvd_session_notional, 2BD as cvd_session_contracts")
        .createOrReplaceTempView("flow_1m");
    spark
        .sql(
            "select 'X' as inst_id, date'2026-01-03' as date, cast(-4.000000000000000002BD as decimal(38,18)) as start_delta_base, 10BD as start_delta_notional, 5BD as start_delta_contracts")
        .createOrReplaceTempView("sessions_1d");
    new VaultViews(spark).show(Set.of("vwap_1m", "bands_1m", "flow_1m", "sessions_1d"), null);
    assertThat(
            ask("select lower3_1h, upper1_1h, lower2_base_1h, z_base_1h, close from bands")
                .get(0)
                .toSeq()
                .mkString(" "))
        .isEqualTo("100.75 101.75 100.0 -2.0 100.0");
    assertThat(
            ask("select cvd_total_base, cvd_total_notional, cvd_total_contracts from flow")
                .get(0)
                .toSeq()
                .mkString(" "))
        .isEqualTo("-3.000000000000000001 160.000000000000000000 7.000000000000000000");
    new VaultViews(spark).drop();
    assertThatThrownBy(() -> ask("select * from bands")).hasMessageContaining("bands");
  }

  private List<Row> ask(String query) {
    return session.ask(new SqlScript.Statement(query, 1), result -> result.collectAsList());
  }

  private static BigDecimal sum(List<Tick> ticks, Function<Tick, BigDecimal> amount) {
    return ticks.stream().map(amount).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }
}
