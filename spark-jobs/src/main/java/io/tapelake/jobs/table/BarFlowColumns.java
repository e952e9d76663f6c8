package io.tapelake.jobs.table;

import io.tapelake.analytics.bar.BucketVolume;
import io.tapelake.analytics.bar.Extremes;
import io.tapelake.analytics.bar.MinuteFlow;
import io.tapelake.analytics.number.SqlDecimal;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/**
 * The columns of {@code bars_1m} that tell a minute's flow; all of them are NULL when it was not
 * looked at.
 *
 * <p>{@code profile_exact} has the volume by price bucket, ascending: bucket, trades, base volume
 * and base volume bought, with a blank between them and {@code ;} between buckets, such as {@code
 * 75240 3 1.25 0.5;75241 1 0.75 0}.
 */
final class BarFlowColumns {

  private static final String EXACT = "_exact";

  private BarFlowColumns() {}

  /** The columns behind others. */
  static <R> Columns<R> behind(Columns<R> columns, Function<R, MinuteFlow> flow) {
    decimal(columns, "delta_base_high", flow, each -> each.base().high());
    decimal(columns, "delta_base_low", flow, each -> each.base().low());
    decimal(columns, "delta_notional_high", flow, each -> each.notional().high());
    decimal(columns, "delta_notional_low", flow, each -> each.notional().low());
    decimal(columns, "delta_contracts_high", flow, each -> each.contracts().high());
    decimal(columns, "delta_contracts_low", flow, each -> each.contracts().low());
    count(columns, "sweeps", flow, MinuteFlow::sweeps);
    count(columns, "most_levels", flow, MinuteFlow::mostLevels);
    decimal(columns, "sweep_notional", flow, MinuteFlow::sweepNotional);
    columns.real(
        "widest_sweep_bps",
        row -> isKnown(flow.apply(row)) ? flow.apply(row).widestSweepBps() : Double.NaN);
    decimal(columns, "largest_notional", flow, MinuteFlow::largestNotional);
    count(columns, "active_seconds", flow, MinuteFlow::activeSeconds);
    decimal(columns, "root_flow", flow, MinuteFlow::rootFlow);
    decimal(columns, "price_step", flow, MinuteFlow::priceStep);
    digits(columns, "delta_base_high", flow, each -> each.base().high());
    digits(columns, "delta_base_low", flow, each -> each.base().low());
    digits(columns, "delta_notional_high", flow, each -> each.notional().high());
    digits(columns, "delta_notional_low", flow, each -> each.notional().low());
    digits(columns, "sweep_notional", flow, MinuteFlow::sweepNotional);
    digits(columns, "largest_notional", flow, MinuteFlow::largestNotional);
    digits(columns, "root_flow", flow, MinuteFlow::rootFlow);
    return columns.text("profile_exact", row -> of(flow.apply(row), each -> text(each.profile())));
  }

  private static <R> void decimal(
      Columns<R> columns,
      String name,
      Function<R, MinuteFlow> flow,
      Function<MinuteFlow, BigDecimal> value) {
    columns.decimal(name, row -> of(flow.apply(row), value));
  }

  private static <R> void digits(
      Columns<R> columns,
      String name,
      Function<R, MinuteFlow> flow,
      Function<MinuteFlow, BigDecimal> value) {
    columns.number(name + EXACT, row -> of(flow.apply(row), value));
  }

  private static <R> void count(
      Columns<R> columns,
      String name,
      Function<R, MinuteFlow> flow,
      Function<MinuteFlow, Long> value) {
    columns.count(name, row -> of(flow.apply(row), value));
  }

  /** A value of a flow; null when the minute's trades were not looked at one by one. */
  private static <V> V of(MinuteFlow flow, Function<MinuteFlow, V> value) {
    return isKnown(flow) ? value.apply(flow) : null;
  }

  private static boolean isKnown(MinuteFlow flow) {
    return !flow.equals(MinuteFlow.NONE);
  }

  /** A flow as its row tells it, equal to the one that was written. */
  static MinuteFlow flow(Row row) {
    String profile = row.getAs("profile_exact");
    if (profile == null) {
      return MinuteFlow.NONE;
    }
    return new MinuteFlow(
        new Extremes(exact(row, "delta_base_high"), exact(row, "delta_base_low")),
        new Extremes(exact(row, "delta_notional_high"), exact(row, "delta_notional_low")),
        new Extremes(row.getAs("delta_contracts_high"), row.getAs("delta_contracts_low")),
        row.<Long>getAs("sweeps"),
        row.<Long>getAs("most_levels"),
        exact(row, "sweep_notional"),
        row.<Double>getAs("widest_sweep_bps"),
        exact(row, "largest_notional"),
        row.<Long>getAs("active_seconds"),
        exact(row, "root_flow"),
        row.getAs("price_step"),
        profile(profile));
  }

  static String text(List<BucketVolume> profile) {
    StringJoiner buckets = new StringJoiner(";");
    for (BucketVolume volume : profile) {
      buckets.add(
          volume.bucket()
              + " "
              + volume.tradeCount()
              + " "
              + SqlDecimal.text(volume.baseVolume())
              + " "
              + SqlDecimal.text(volume.buyBaseVolume()));
    }
    return buckets.toString();
  }

  static List<BucketVolume> profile(String text) {
    List<BucketVolume> profile = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int trades = text.indexOf(' ', from) + 1;
      int base = text.indexOf(' ', trades) + 1;
      int buys = text.indexOf(' ', base) + 1;
      int end = text.indexOf(';', buys);
      end = end < 0 ? text.length() : end;
      profile.add(
          new BucketVolume(
              Long.parseLong(text, from, trades - 1, 10),
              Long.parseLong(text, trades, base - 1, 10),
              new BigDecimal(text.substring(base, buys - 1)),
              new BigDecimal(text.substring(buys, end))));
      from = end + 1;
    }
    return profile;
  }

  private static BigDecimal exact(Row row, String column) {
    return new BigDecimal(row.<String>getAs(column + EXACT));
  }
}
