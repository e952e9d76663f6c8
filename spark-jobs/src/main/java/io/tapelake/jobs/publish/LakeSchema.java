package io.tapelake.jobs.publish;

import io.tapelake.jobs.minute.MinuteBar;
import io.tapelake.jobs.minute.SqlDecimal;
import io.tapelake.jobs.window.VwapRow;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of the Delta tables and the rows that go into them.
 *
 * <p>A sum or quotient has two columns: DECIMAL(38,18) for arithmetic in SQL, HALF_EVEN and NULL
 * beyond 20 digits before the point, and under the same name with {@code _exact} the text that is
 * exact for a sum and of 50 significant digits for a quotient.
 */
public final class LakeSchema {

  public static final String BARS = "bars_1m";
  public static final String VWAP = "vwap_1m";
  public static final String TRADES = "trades";

  /** The column by whose values, UTC days, the tables are partitioned. */
  static final String PARTITION = "date";

  private static final DataType DECIMAL =
      DataTypes.createDecimalType(SqlDecimal.PRECISION, SqlDecimal.SCALE);

  /** The trades of the minute itself, which is also what a window of that name would count. */
  private static final String MINUTE_COUNT = "trade_count_1m";

  private static final int SECONDS_A_MINUTE = 60;
  private static final int MINUTES_A_DAY = 1440;

  private static final PackedRow.Layout BAR_LAYOUT = PackedRow.Layout.of(bars());

  private LakeSchema() {}

  static StructType bars() {
    return BarFlowColumns.behind(barSums(), DECIMAL);
  }

  private static StructType barSums() {
    return new StructType()
        .add("inst_id", DataTypes.StringType)
        .add("minute", DataTypes.TimestampType)
        .add(PARTITION, DataTypes.DateType)
        .add("open", DECIMAL)
        .add("high", DECIMAL)
        .add("low", DECIMAL)
        .add("close", DECIMAL)
        .add("trade_count", DataTypes.LongType)
        .add("buy_count", DataTypes.LongType)
        .add("contracts", DECIMAL)
        .add("base_volume", DECIMAL)
        .add("notional", DECIMAL)
        .add("buy_base_volume", DECIMAL)
        .add("buy_notional", DECIMAL)
        .add("first_trade_id", DataTypes.LongType)
        .add("last_trade_id", DataTypes.LongType)
        .add("base_volume_exact", DataTypes.StringType)
        .add("notional_exact", DataTypes.StringType)
        .add("buy_base_volume_exact", DataTypes.StringType)
        .add("buy_notional_exact", DataTypes.StringType)
        .add("price_notional_exact", DataTypes.StringType)
        .add("buy_contracts", DECIMAL)
        .add("squared_price_notional_exact", DataTypes.StringType);
  }

  static Row row(String instrument, MinuteBar bar) {
    List<Object> values = new ArrayList<>();
    Collections.addAll(
        values,
        instrument,
        instant(bar.minute()),
        date(bar.minute()),
        bar.open(),
        bar.high(),
        bar.low(),
        bar.close(),
        bar.tradeCount(),
        bar.buyCount(),
        bar.contracts(),
        SqlDecimal.fit(bar.baseVolume()),
        SqlDecimal.fit(bar.notional()),
        SqlDecimal.fit(bar.buyBaseVolume()),
        SqlDecimal.fit(bar.buyNotional()),
        bar.first().id(),
        bar.last().id(),
        SqlDecimal.text(bar.baseVolume()),
        SqlDecimal.text(bar.notional()),
        SqlDecimal.text(bar.buyBaseVolume()),
        SqlDecimal.text(bar.buyNotional()),
        SqlDecimal.text(bar.priceNotional()),
        bar.buyContracts(),
        SqlDecimal.text(bar.squaredPriceNotional()));
    values.addAll(BarFlowColumns.values(bar.flow()));
    return PackedRow.of(BAR_LAYOUT, values.toArray());
  }

  /** A bar as its row tells it: when in the minute its first and last trades were is not kept. */
  static MinuteBar bar(Row row) {
    return new MinuteBar(
        minute(row),
        new MinuteBar.Print(0, row.<Long>getAs("first_trade_id"), row.getAs("open")),
        new MinuteBar.Print(0, row.<Long>getAs("last_trade_id"), row.getAs("close")),
        row.getAs("high"),
        row.getAs("low"),
        row.<Long>getAs("trade_count"),
        row.<Long>getAs("buy_count"),
        row.getAs("contracts"),
        new BigDecimal(row.<String>getAs("base_volume_exact")),
        new BigDecimal(row.<String>getAs("notional_exact")),
        new BigDecimal(row.<String>getAs("buy_base_volume_exact")),
        new BigDecimal(row.<String>getAs("buy_notional_exact")),
        new BigDecimal(row.<String>getAs("price_notional_exact")),
        row.getAs("buy_contracts"),
        new BigDecimal(row.<String>getAs("squared_price_notional_exact")),
        BarFlowColumns.flow(row));
  }

  static Columns<VwapRow> vwap(List<String> spans) {
    Columns<VwapRow> columns =
        Columns.ofMinutes(VwapRow::instrument, VwapRow::minute)
            .decimal("close", VwapRow::close)
            .count(MINUTE_COUNT, VwapRow::tradeCount);
    for (int i = 0; i < spans.size(); i++) {
      String name = spans.get(i);
      int at = i;
      Function<VwapRow, VwapRow.Figures> span = row -> row.spans().get(at);
      columns
          .decimal("vwap_" + name, row -> span.apply(row).vwap())
          .decimal("vwap_base_" + name, row -> span.apply(row).vwapBase());
      if (hasOwnCount(name)) {
        columns.count("trade_count_" + name, row -> span.apply(row).tradeCount());
      }
      columns
          .decimal("base_volume_" + name, row -> span.apply(row).baseVolume())
          .decimal("notional_" + name, row -> span.apply(row).notional())
          .number("vwap_" + name + "_exact", row -> span.apply(row).vwap())
          .number("vwap_base_" + name + "_exact", row -> span.apply(row).vwapBase())
          .number("base_volume_" + name + "_exact", row -> span.apply(row).baseVolume())
          .number("notional_" + name + "_exact", row -> span.apply(row).notional());
    }
    return columns;
  }

  /** Whether a window's count of trades has a column of its own, which one named 1m has not. */
  private static boolean hasOwnCount(String span) {
    return !MINUTE_COUNT.equals("trade_count_" + span);
  }

  /** A row as text in which equal values look equal. */
  static String text(Row row) {
    StringJoiner text = new StringJoiner(" ", "(", ")");
    for (int i = 0; i < row.size(); i++) {
      Object value = row.get(i);
      text.add(
          value instanceof BigDecimal number ? SqlDecimal.text(number) : String.valueOf(value));
    }
    return text.toString();
  }

  /** The minute that a row of a table of minutes is about, since 1970-01-01T00:00Z. */
  public static long minute(Row row) {
    return Math.floorDiv(row.<Instant>getAs("minute").getEpochSecond(), (long) SECONDS_A_MINUTE);
  }

  static Instant instant(long minute) {
    return Instant.ofEpochSecond(minute * SECONDS_A_MINUTE);
  }

  static LocalDate date(long minute) {
    return LocalDate.ofEpochDay(Math.floorDiv(minute, (long) MINUTES_A_DAY));
  }
}
