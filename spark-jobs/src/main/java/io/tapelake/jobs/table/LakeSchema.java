package io.tapelake.jobs.table;

import io.tapelake.analytics.bar.DayBars;
import io.tapelake.analytics.number.SqlDecimal;
import io.tapelake.analytics.window.SpanFigures;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/**
 * The columns of the Delta tables and the rows that go into them.
 *
 * <p>An exact number is a DECIMAL(38,18), HALF_EVEN and NULL beyond 20 digits before the point. A
 * VWAP, and a sum that later rows need, has a second column, under the same name with {@code
 * _exact}: text of 50 significant digits, or of all of a sum's. A statistic is a DOUBLE.
 */
public final class LakeSchema {

  public static final String BARS = "bars_1m";
  public static final String VWAP = "vwap_1m";
  public static final String TRADES = "trades";

  /** The place of every table's first column, the instrument. */
  public static final int INSTRUMENT = 0;

  /** The place of every table's second column, the minute that a row is about. */
  public static final int TIME = 1;

  /** The column by whose values, UTC days, the tables are partitioned. */
  public static final String PARTITION = "date";

  /** The trades of the minute itself, which is also what a window of that name would count. */
  private static final String MINUTE_COUNT = "trade_count_1m";

  private static final int SECONDS_A_MINUTE = 60;

  static final long MICROS_A_MINUTE = 60_000_000L;

  private LakeSchema() {}

  public static Columns<FigureRow> vwap(List<String> spans) {
    Columns<FigureRow> columns =
        FigureRow.columns()
            .decimal("close", row -> row.figures().close())
            .count(MINUTE_COUNT, row -> row.figures().tradeCount());
    for (int i = 0; i < spans.size(); i++) {
      String name = spans.get(i);
      int at = i;
      Function<FigureRow, SpanFigures> span = row -> row.figures().spans().get(at);
      columns
          .quotient("vwap_" + name, row -> span.apply(row).vwap())
          .quotient("vwap_base_" + name, row -> span.apply(row).vwapBase());
      if (hasOwnCount(name)) {
        columns.count("trade_count_" + name, row -> span.apply(row).sums().vwap().tradeCount());
      }
      columns
          .decimal("base_volume_" + name, row -> span.apply(row).sums().vwap().baseVolume())
          .decimal("notional_" + name, row -> span.apply(row).sums().vwap().notional());
    }
    return columns;
  }

  /** Whether a window's count of trades has a column of its own, which one named 1m has not. */
  private static boolean hasOwnCount(String span) {
    return !MINUTE_COUNT.equals("trade_count_" + span);
  }

  /** A row as text in which equal values look equal. */
  public static String text(Row row) {
    StringJoiner text = new StringJoiner(" ", "(", ")");
    for (int i = 0; i < row.size(); i++) {
      Object value = row.get(i);
      text.add(
          value instanceof BigDecimal number ? SqlDecimal.text(number) : String.valueOf(value));
    }
    return text.toString();
  }

  /** The UTC day that a row of a table of minutes is about. */
  public static LocalDate day(Row row) {
    return LocalDate.ofEpochDay(Math.floorDiv(minute(row), (long) DayBars.MINUTES_A_DAY));
  }

  /** The minute that a row of a table of minutes is about, since 1970-01-01T00:00Z. */
  public static long minute(Row row) {
    if (row instanceof PackedRow packed) {
      return Math.floorDiv(packed.number(TIME), MICROS_A_MINUTE);
    }
    return Math.floorDiv(row.<Instant>getAs(TIME).getEpochSecond(), (long) SECONDS_A_MINUTE);
  }

  public static Instant instant(long minute) {
    return Instant.ofEpochSecond(minute * SECONDS_A_MINUTE);
  }

  /** The UTC day of a minute, since 1970. */
  public static long epochDay(long minute) {
    return Math.floorDiv(minute, (long) DayBars.MINUTES_A_DAY);
  }
}
