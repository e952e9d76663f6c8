package io.tapelake.jobs.table;

import io.tapelake.analytics.bar.MinuteBar;
import java.math.BigDecimal;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** The columns of {@code bars_1m}, one row a minute with trades. */
public final class BarsTable {

  private static final Columns<Bar> COLUMNS = columns();

  private BarsTable() {}

  /** A minute and whose it is. */
  private record Bar(String instrument, MinuteBar minute) {}

  private static Columns<Bar> columns() {
    Columns<Bar> columns = Columns.ofMinutes(Bar::instrument, bar -> bar.minute().minute());
    decimal(columns, "open", MinuteBar::open);
    decimal(columns, "high", MinuteBar::high);
    decimal(columns, "low", MinuteBar::low);
    decimal(columns, "close", MinuteBar::close);
    columns
        .count("trade_count", bar -> bar.minute().tradeCount())
        .count("buy_count", bar -> bar.minute().buyCount());
    decimal(columns, "contracts", MinuteBar::contracts);
    decimal(columns, "base_volume", MinuteBar::baseVolume);
    decimal(columns, "notional", MinuteBar::notional);
    decimal(columns, "buy_base_volume", MinuteBar::buyBaseVolume);
    decimal(columns, "buy_notional", MinuteBar::buyNotional);
    columns
        .count("first_trade_id", bar -> bar.minute().first().id())
        .count("last_trade_id", bar -> bar.minute().last().id());
    digits(columns, "base_volume", MinuteBar::baseVolume);
    digits(columns, "notional", MinuteBar::notional);
    digits(columns, "buy_base_volume", MinuteBar::buyBaseVolume);
    digits(columns, "buy_notional", MinuteBar::buyNotional);
    digits(columns, "price_notional", MinuteBar::priceNotional);
    decimal(columns, "buy_contracts", MinuteBar::buyContracts);
    digits(columns, "squared_price_notional", MinuteBar::squaredPriceNotional);
    return BarFlowColumns.behind(columns, bar -> bar.minute().flow());
  }

  private static void decimal(
      Columns<Bar> columns, String name, Function<MinuteBar, BigDecimal> value) {
    columns.decimal(name, bar -> value.apply(bar.minute()));
  }

  private static void digits(
      Columns<Bar> columns, String name, Function<MinuteBar, BigDecimal> value) {
    columns.number(name + "_exact", bar -> value.apply(bar.minute()));
  }

  public static StructType schema() {
    return COLUMNS.schema();
  }

  public static Row row(String instrument, MinuteBar bar) {
    return COLUMNS.row(new Bar(instrument, bar));
  }

  /** A bar as its row tells it: when in the minute its first and last trades were is not kept. */
  public static MinuteBar bar(Row row) {
    return new MinuteBar(
        LakeSchema.minute(row),
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
}
