package io.tapelake.jobs.oracle;

import static io.tapelake.jobs.oracle.TableRow.decimal38;
import static io.tapelake.jobs.oracle.TableRow.plain;

import io.tapelake.jobs.oracle.OracleSums.Summand;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The tables with rows of whole UTC days: {@code bars_1d} and {@code volume_profile}. */
final class OracleDays {

  private final OracleTape tape;

  OracleDays(OracleTape tape) {
    this.tape = tape;
  }

  List<TableRow> bars() {
    List<TableRow> rows = new ArrayList<>();
    tape.byDay().forEach((day, trades) -> rows.add(bar(day, trades)));
    return rows;
  }

  private TableRow bar(long day, List<Summand> trades) {
    OracleSums all = OracleSums.of(trades);
    List<MinuteFacts> minutes =
        tape.byMinute().subMap(day, day + 1_440).values().stream().map(MinuteFacts::of).toList();
    OracleTrade first = trades.get(0).trade();
    OracleTrade last = trades.get(trades.size() - 1).trade();
    List<BigDecimal> prices =
        trades.stream()
            .map(trade -> trade.trade().price())
            .sorted(Comparator.naturalOrder())
            .toList();
    BigDecimal rootFlow = sum(minutes.stream().map(MinuteFacts::rootFlow).toList());
    BigDecimal rootSize = sum(minutes.stream().map(MinuteFacts::rootSize).toList());
    return new TableRow()
        .with("inst_id", tape.instrument())
        .with("day", OracleTape.start(day))
        .with("date", OracleTape.day(day))
        .with("open", decimal38(first.price()))
        .with("high", decimal38(prices.get(prices.size() - 1)))
        .with("low", decimal38(prices.get(0)))
        .with("close", decimal38(last.price()))
        .with("minutes", (long) minutes.size())
        .with("trade_count", all.count())
        .with("buy_count", all.buys())
        .with("contracts", decimal38(all.contracts()))
        .with("buy_contracts", decimal38(all.buyContracts()))
        .exact("base_volume", all.base())
        .exact("buy_base_volume", all.buyBase())
        .exact("notional", all.notional())
        .exact("buy_notional", all.buyNotional())
        .with("price_notional_exact", plain(all.priceNotional()))
        .with("squared_price_notional_exact", plain(all.squaredPriceNotional()))
        .with("sweeps", minutes.stream().mapToLong(MinuteFacts::sweeps).sum())
        .exact("sweep_notional", sum(minutes.stream().map(MinuteFacts::sweepNotional).toList()))
        .with("active_seconds", minutes.stream().mapToLong(MinuteFacts::activeSeconds).sum())
        .about("root_flow", rootFlow, rootSize)
        .about("root_flow_exact", rootFlow, rootSize)
        .with("first_trade_id", first.id())
        .with("last_trade_id", last.id());
  }

  private static BigDecimal sum(List<BigDecimal> numbers) {
    return numbers.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  List<TableRow> profiles() {
    List<TableRow> rows = new ArrayList<>();
    tape.byDay()
        .forEach(
            (day, trades) -> {
              OracleValueArea area = OracleFlow.area(trades);
              PriceRow.profile(trades).values().forEach(row -> rows.add(profile(day, row, area)));
            });
    return rows;
  }

  private TableRow profile(long day, PriceRow.Volume volume, OracleValueArea area) {
    long number = volume.row().number();
    return new TableRow()
        .with("inst_id", tape.instrument())
        .with("session", OracleTape.start(day))
        .with("date", OracleTape.day(day))
        .with("bucket", number)
        .with("lower", decimal38(volume.row().lower()))
        .with("upper", decimal38(volume.row().upper()))
        .with("trade_count", volume.sums().count())
        .exact("base_volume", volume.sums().base())
        .exact("buy_base_volume", volume.sums().buyBase())
        .with("is_poc", area != null && number == area.poc())
        .with("in_value_area", area != null && area.low() <= number && number <= area.high());
  }
}
