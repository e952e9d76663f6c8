package io.tapelake.jobs.oracle;

import static io.tapelake.jobs.oracle.TableRow.decimal38;

import io.tapelake.jobs.oracle.OracleSums.Measure;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The tables with rows of whole UTC days. */
final class OracleDays {

  private final OracleTape tape;

  OracleDays(OracleTape tape) {
    this.tape = tape;
  }

  List<TableRow> profiles() {
    List<TableRow> rows = new ArrayList<>();
    tape.byDay()
        .forEach(
            (day, trades) -> {
              OracleValueArea area = OracleFlow.area(trades);
              BigDecimal step = PriceRow.step(trades);
              PriceRow.profile(trades)
                  .values()
                  .forEach(row -> rows.add(profile(day, row, area, step)));
            });
    return rows;
  }

  /** The rows of {@code sessions_1d}, without what only the job itself reads. */
  List<TableRow> sessions() {
    SortedMap<Long, Long> days = new TreeMap<>();
    tape.minutes().forEach(minute -> days.put(minute - Math.floorMod(minute, 1_440L), minute));
    return days.entrySet().stream().map(day -> session(day.getKey(), day.getValue())).toList();
  }

  private TableRow session(long day, long last) {
    OracleSums before =
        tape.config().cvdFrom() < day
            ? tape.sums(tape.config().cvdFrom(), day - 1)
            : OracleSums.of(List.of());
    OracleSums own = tape.sums(day, last);
    boolean isEmpty = own.count() == 0;
    return new TableRow()
        .with("inst_id", tape.instrument())
        .with("session", OracleTape.start(day))
        .with("date", OracleTape.day(day))
        .decimal("start_delta_base", before.delta(Measure.BASE))
        .decimal("start_delta_notional", before.delta(Measure.NOTIONAL))
        .decimal("start_delta_contracts", before.delta(Measure.CONTRACTS))
        .decimal("close_before", tape.newest(day - 1).map(OracleTrade::price).orElse(null))
        .decimal("close", isEmpty ? null : tape.newest(last).orElseThrow().price())
        .with("trade_count", own.count())
        .with("buy_count", own.buys())
        .decimal("contracts", own.contracts())
        .decimal("base_volume", own.base())
        .decimal("notional", own.notional())
        .decimal("buy_contracts", own.buyContracts())
        .decimal("buy_base_volume", own.buyBase())
        .decimal("buy_notional", own.buyNotional());
  }

  private TableRow profile(
      long day, PriceRow.Volume volume, OracleValueArea area, BigDecimal step) {
    long number = volume.row().number();
    PriceRow row = volume.row().atLeast(step);
    return new TableRow()
        .with("inst_id", tape.instrument())
        .with("session", OracleTape.start(day))
        .with("date", OracleTape.day(day))
        .with("bucket", number)
        .with("lower", decimal38(row.lower()))
        .with("upper", decimal38(row.upper()))
        .with("trade_count", volume.sums().count())
        .exact("base_volume", volume.sums().base())
        .exact("buy_base_volume", volume.sums().buyBase())
        .with("is_poc", area != null && number == area.poc())
        .with("in_value_area", area != null && area.low() <= number && number <= area.high());
  }
}
