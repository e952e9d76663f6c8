package io.tapelake.jobs.table;

import io.tapelake.analytics.signal.Direction;
import io.tapelake.analytics.signal.Signal;
import io.tapelake.analytics.signal.SignalKind;
import java.math.BigDecimal;
import java.util.Locale;
import org.apache.spark.sql.Row;

/** The columns of {@code signals}, one row an event, those that were taken back among them. */
public final class SignalsTable {

  private SignalsTable() {}

  static Columns<StoredSignal> columns() {
    return Columns.<StoredSignal>ofMinutes(
            row -> row.signal().instrument(), row -> row.signal().minute())
        .text("id", row -> row.signal().id())
        .text("kind", row -> row.signal().kind().text())
        .text("direction", row -> row.signal().direction().text())
        .text("window", row -> row.signal().window())
        .decimal("price", row -> row.signal().price())
        .exact("level", row -> row.signal().level())
        .real("deviation_bps", row -> row.signal().deviationBps())
        .real("z", row -> row.signal().z())
        .decimal("cvd", row -> row.signal().cvd())
        .text("thresholds", row -> row.signal().thresholds())
        .instant("withdrawn_as_of", StoredSignal::withdrawnAsOf);
  }

  /** A signal as its row tells it. */
  public static StoredSignal signal(Row row) {
    return new StoredSignal(
        new Signal(
            row.getAs("inst_id"),
            LakeSchema.minute(row),
            SignalKind.valueOf(row.<String>getAs("kind").toUpperCase(Locale.ROOT)),
            Direction.valueOf(row.<String>getAs("direction").toUpperCase(Locale.ROOT)),
            row.getAs("window"),
            row.getAs("price"),
            level(row),
            statistic(row, "deviation_bps"),
            statistic(row, "z"),
            row.getAs("cvd"),
            row.getAs("thresholds")),
        row.getAs("withdrawn_as_of"));
  }

  private static BigDecimal level(Row row) {
    String text = row.getAs("level_exact");
    return text == null ? null : new BigDecimal(text);
  }

  private static double statistic(Row row, String name) {
    Double value = row.getAs(name);
    return value == null ? Double.NaN : value;
  }
}
