package io.tapelake.jobs.oracle;

import static io.tapelake.jobs.oracle.TableRow.decimal38;

import java.util.ArrayList;
import java.util.List;

/** The table with rows of whole UTC days: {@code volume_profile}. */
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
