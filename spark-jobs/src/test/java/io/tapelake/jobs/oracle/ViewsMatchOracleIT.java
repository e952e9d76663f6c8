package io.tapelake.jobs.oracle;

import static io.tapelake.jobs.oracle.TableRow.decimal38;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertAll;

import io.tapelake.jobs.oracle.OracleConfig.Span;
import io.tapelake.jobs.oracle.OracleSums.Measure;
import io.tapelake.jobs.oracle.OracleSums.Summand;
import io.tapelake.jobs.session.SparkSessions;
import io.tapelake.jobs.sql.SqlScript.Statement;
import io.tapelake.jobs.sql.SqlSession;
import io.tapelake.jobs.store.VaultStores;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What SQL puts together of a random vault's tables is what its single trades come to. */
final class ViewsMatchOracleIT {

  /** The minute of Monday, 5 January 1970, 00:00, from which all lengths count. */
  private static final long MONDAY = 4 * 1_440;

  private static final Map<String, Integer> LENGTHS =
      Map.of("5m", 5, "7m", 7, "1h", 60, "1d", 1_440, "1w", 7 * 1_440);

  private static final Map<String, Function<Amounts, BigDecimal>> TRADE_BARS =
      Map.of(
          "tick_bars", each -> BigDecimal.ONE,
          "volume_bars", Amounts::base,
          "dollar_bars", Amounts::notional,
          "tick_imbalance_bars", each -> each.signed(BigDecimal.ONE),
          "volume_imbalance_bars", each -> each.signed(each.base),
          "dollar_imbalance_bars", each -> each.signed(each.notional));

  @TempDir private static Path folder;

  private MadeVault vault;
  private SqlSession session;
  private Published check;

  @TestFactory
  Stream<DynamicTest> viewsOfARandomVault() {
    return Seeds.each(1, this::checkViews);
  }

  private void checkViews(long seed) throws IOException {
    vault = MadeVault.of(folder.resolve("seen-" + seed), seed + 5_000);
    SparkSession spark = SparkSessions.open("local[2]").newSession();
    // Many queries over a few rows: to compile each takes longer than to run it.
    spark.conf().set("spark.sql.codegen.wholeStage", "false");
    spark.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    spark.conf().set("spark.sql.shuffle.partitions", "2");
    session = new SqlSession(spark);
    session.open(VaultStores.open(vault.root().toString(), new Configuration()));
    session.begin();
    check = new Published(vault.root(), "seed " + seed);
    Dice dice = new Dice(seed + 9_000_000);
    assertAll(
        this::checkBands,
        this::checkFlow,
        this::checkTotals,
        this::checkCompleteness,
        this::checkBarsOfMinutes,
        () -> checkBarsOfTrades(dice));
  }

  private List<TableRow> ask(String query) {
    return session.ask(
        new Statement(query, 1),
        result -> result.collectAsList().stream().map(LocalSpark::row).toList());
  }

  private void checkBands() {
    List<TableRow> expected = new ArrayList<>();
    for (OracleTape tape : vault.tapes()) {
      List<TableRow> rows = new OracleBands(tape).rows();
      for (int i = 0; i < rows.size(); i++) {
        addLevels(rows.get(i), tape, tape.minutes().get(i));
      }
      expected.addAll(rows);
    }
    check.equalRows("bands", ask("select * from bands"), expected);
  }

  private void addLevels(TableRow row, OracleTape tape, long minute) {
    for (Span span : vault.config().spans()) {
      OracleSums sums = tape.sums(span.from(minute), minute);
      addLevels(row, span.name(), sums.vwap());
      addLevels(row, "base_" + span.name(), sums.vwapBase());
    }
  }

  private static void addLevels(TableRow row, String of, BigDecimal vwap) {
    row.decimal("vwap_" + of, vwap);
    BigDecimal sigma = row.number("stddev_" + of);
    for (int k = -3; k <= 3; k++) {
      if (k != 0) {
        String column = (k < 0 ? "lower" : "upper") + Math.abs(k) + "_" + of;
        BigDecimal distance = vwap == null ? null : sigma.multiply(BigDecimal.valueOf(k));
        row.about(
            column,
            vwap == null ? null : vwap.add(distance),
            vwap == null ? null : vwap.add(distance.abs()));
      }
    }
  }

  private void checkFlow() {
    List<TableRow> expected =
        vault.tapes().stream().flatMap(tape -> new OracleFlow(tape).rows().stream()).toList();
    check.equalRows(
        "flow",
        ask("select * except (cvd_total_base, cvd_total_notional, cvd_total_contracts) from flow"),
        expected);
  }

  /** A total is one of up to three numbers that were each rounded to the last digit. */
  private void checkTotals() {
    BigDecimal rounded = new BigDecimal("1.5e-18");
    Map<String, TableRow> found = new HashMap<>();
    for (TableRow row :
        ask(
            "select inst_id, minute, cvd_total_base, cvd_total_notional, cvd_total_contracts from flow")) {
      found.put(row.key(List.of("inst_id", "minute")), row);
    }
    long from = vault.config().cvdFrom();
    for (OracleTape tape : vault.tapes()) {
      for (long minute : tape.minutes()) {
        String key = tape.instrument() + " " + OracleTape.start(minute);
        for (Measure measure : Measure.values()) {
          BigDecimal total =
              minute < from ? BigDecimal.ZERO : tape.sums(from, minute).delta(measure);
          BigDecimal actual = found.get(key).number("cvd_total_" + measure.column());
          if (actual == null) {
            assertThat(largestSum(tape, minute, measure))
                .as("%s, %s: a sum that fits", key, measure)
                .isGreaterThanOrEqualTo(new BigDecimal("1e19"));
          } else {
            assertThat(actual.subtract(total).abs())
                .as("%s, %s: %s instead of %s", key, measure, actual, total)
                .isLessThanOrEqualTo(rounded);
          }
        }
      }
    }
  }

  /** Of the day's deltas so far and those before it, which a total is made of. */
  private BigDecimal largestSum(OracleTape tape, long minute, Measure measure) {
    long day = minute - Math.floorMod(minute, 1_440L);
    long from = vault.config().cvdFrom();
    BigDecimal before =
        from < day ? tape.sums(from, day - 1).delta(measure).abs() : BigDecimal.ZERO;
    BigDecimal skipped =
        day < from && from <= minute
            ? tape.sums(day, from - 1).delta(measure).abs()
            : BigDecimal.ZERO;
    return tape.sums(day, minute).delta(measure).abs().max(before).max(skipped);
  }

  private void checkCompleteness() {
    List<String> expected = new ArrayList<>();
    vault
        .certificates()
        .forEach(
            (name, each) -> {
              int day = name.indexOf('/') + 1;
              TableRow row =
                  new TableRow()
                      .with("inst_id", name.substring(0, day - 1))
                      .with("date", LocalDate.parse(name.substring(day)))
                      .with("complete", each.isComplete())
                      .with("trades", each.trades())
                      .with("first_id", each.firstId())
                      .with("last_id", each.lastId())
                      .with("missing_ids", each.missing());
              expected.add(row.toString());
            });
    List<String> found =
        ask(
                "select inst_id, date, complete, trades, first_id, last_id, missing_ids from completeness")
            .stream()
            .map(TableRow::toString)
            .toList();
    check.equalLines("completeness", found, expected);
  }

  private void checkBarsOfMinutes() {
    LENGTHS.forEach(
        (name, length) -> {
          List<String> expected = new ArrayList<>();
          for (OracleTape tape : vault.tapes()) {
            SortedMap<Long, List<Summand>> bars = new TreeMap<>();
            tape.byMinute()
                .forEach(
                    (minute, trades) ->
                        bars.computeIfAbsent(
                                minute - Math.floorMod(minute - MONDAY, (long) length),
                                start -> new ArrayList<>())
                            .addAll(trades));
            bars.forEach((start, trades) -> expected.add(bar(tape, start, trades)));
          }
          String query = "select * from bars('%s')".formatted(name);
          check.equalLines(query, ask(query).stream().map(TableRow::toString).toList(), expected);
        });
  }

  private static String bar(OracleTape tape, long start, List<Summand> trades) {
    OracleSums sums = OracleSums.of(trades);
    TableRow row =
        prices(tape, trades)
            .with("start", OracleTape.start(start))
            .decimal("contracts", sums.contracts())
            .exact("base_volume", sums.base())
            .exact("notional", sums.notional())
            .exact("buy_base_volume", sums.buyBase())
            .exact("buy_notional", sums.buyNotional())
            .exact("vwap", sums.vwap())
            .exact("vwap_base", sums.vwapBase());
    return row.toString();
  }

  private static TableRow prices(OracleTape tape, List<Summand> trades) {
    List<BigDecimal> prices = trades.stream().map(each -> each.trade().price()).toList();
    return new TableRow()
        .with("inst_id", tape.instrument())
        .decimal("open", prices.get(0))
        .decimal("high", prices.stream().reduce(BigDecimal::max).orElseThrow())
        .decimal("low", prices.stream().reduce(BigDecimal::min).orElseThrow())
        .decimal("close", prices.get(prices.size() - 1))
        .with("trade_count", (long) trades.size())
        .with("buy_count", trades.stream().filter(each -> each.trade().buy()).count());
  }

  /** A trade as the table has it: amounts with 18 digits, null where they have no room. */
  private record Amounts(Summand summand, BigDecimal base, BigDecimal notional) {
    static Amounts of(Summand trade) {
      return new Amounts(trade, decimal38(trade.base()), decimal38(trade.notional()));
    }

    OracleTrade trade() {
      return summand.trade();
    }

    Instant time() {
      return trade().time().truncatedTo(ChronoUnit.MICROS);
    }

    BigDecimal signed(BigDecimal amount) {
      return amount == null ? null : summand.signed(amount);
    }
  }

  private void checkBarsOfTrades(Dice dice) {
    boolean isBeyondBars =
        vault.tapes().stream()
            .flatMap(tape -> tape.trades().stream())
            .map(Amounts::of)
            .anyMatch(each -> each.notional == null || each.base == null);
    if (isBeyondBars) {
      assertThatThrownBy(() -> ask("select * from tick_bars(10)"))
          .hasMessageContaining("which no bar of trades counts");
      return;
    }
    TRADE_BARS.forEach(
        (function, amount) -> {
          List<Amounts> all =
              vault.tapes().stream()
                  .flatMap(tape -> tape.trades().stream())
                  .map(Amounts::of)
                  .filter(each -> amount.apply(each).signum() != 0)
                  .toList();
          if (all.isEmpty()) {
            return;
          }
          BigDecimal size =
              amount.apply(dice.pick(all)).abs().multiply(BigDecimal.valueOf(dice.between(1, 9)));
          List<String> expected = new ArrayList<>();
          vault.tapes().forEach(tape -> addBars(tape, amount, size, expected));
          String query = "select * from %s(%s)".formatted(function, size.toPlainString());
          check.equalLines(query, ask(query).stream().map(TableRow::toString).toList(), expected);
        });
  }

  private static void addBars(
      OracleTape tape,
      Function<Amounts, BigDecimal> amount,
      BigDecimal size,
      List<String> expected) {
    Map<LocalDate, List<Amounts>> days = new TreeMap<>();
    tape.trades().stream()
        .map(Amounts::of)
        .sorted(Comparator.comparing(Amounts::time).thenComparing(each -> each.trade().id()))
        .forEach(
            each -> days.computeIfAbsent(each.trade().day(), day -> new ArrayList<>()).add(each));
    days.forEach(
        (day, trades) -> {
          long number = 0;
          BigDecimal filled = BigDecimal.ZERO;
          List<Amounts> bar = new ArrayList<>();
          for (int i = 0; i < trades.size(); i++) {
            bar.add(trades.get(i));
            filled = filled.add(amount.apply(trades.get(i)));
            boolean isFull = filled.abs().compareTo(size) >= 0;
            if (isFull || i == trades.size() - 1) {
              expected.add(bar(tape, day, number, bar, isFull));
              number++;
              filled = BigDecimal.ZERO;
              bar.clear();
            }
          }
        });
  }

  private static String bar(
      OracleTape tape, LocalDate day, long number, List<Amounts> bar, boolean isFull) {
    List<Amounts> bought = bar.stream().filter(each -> each.trade().buy()).toList();
    BigDecimal notional = sum(bar, Amounts::notional);
    BigDecimal base = sum(bar, Amounts::base);
    BigDecimal weighted = sum(bar, each -> each.notional.multiply(each.trade().price()));
    return prices(tape, bar.stream().map(Amounts::summand).toList())
        .with("date", day)
        .with("bar", number)
        .with("start", bar.get(0).time())
        .with("end", bar.get(bar.size() - 1).time())
        .decimal("contracts", sum(bar, each -> each.trade().contracts()))
        .decimal("base_volume", base)
        .decimal("notional", notional)
        .decimal("buy_base_volume", sum(bought, Amounts::base))
        .decimal("buy_notional", sum(bought, Amounts::notional))
        .decimal("vwap", OracleSums.quotient(weighted, notional))
        .decimal("vwap_base", OracleSums.quotient(notional, base))
        .with("is_full", isFull)
        .toString();
  }

  private static BigDecimal sum(List<Amounts> trades, Function<Amounts, BigDecimal> amount) {
    return trades.stream().map(amount).reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
