package io.tapelake.jobs.publish;

import io.tapelake.jobs.minute.BucketVolume;
import io.tapelake.jobs.minute.Extremes;
import io.tapelake.jobs.minute.MinuteFlow;
import io.tapelake.jobs.minute.SqlDecimal;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of {@code bars_1m} that tell a minute's flow; all of them are NULL when it was not
 * looked at.
 *
 * <p>{@code profile_exact} has the volume by price bucket, ascending: bucket, trades, base volume
 * and base volume bought, with a blank between them and {@code ;} between buckets, such as {@code
 * 75240 3 1.25 0.5;75241 1 0.75 0}.
 */
final class BarFlowColumns {

  static final int COUNT = 22;

  private static final String EXACT = "_exact";

  private BarFlowColumns() {}

  /** The columns behind others. */
  static StructType behind(StructType others, DataType decimal) {
    return others
        .add("delta_base_high", decimal)
        .add("delta_base_low", decimal)
        .add("delta_notional_high", decimal)
        .add("delta_notional_low", decimal)
        .add("delta_contracts_high", decimal)
        .add("delta_contracts_low", decimal)
        .add("sweeps", DataTypes.LongType)
        .add("most_levels", DataTypes.LongType)
        .add("sweep_notional", decimal)
        .add("widest_sweep_bps", decimal)
        .add("largest_notional", decimal)
        .add("active_seconds", DataTypes.LongType)
        .add("root_flow", decimal)
        .add("delta_base_high_exact", DataTypes.StringType)
        .add("delta_base_low_exact", DataTypes.StringType)
        .add("delta_notional_high_exact", DataTypes.StringType)
        .add("delta_notional_low_exact", DataTypes.StringType)
        .add("sweep_notional_exact", DataTypes.StringType)
        .add("widest_sweep_bps_exact", DataTypes.StringType)
        .add("largest_notional_exact", DataTypes.StringType)
        .add("root_flow_exact", DataTypes.StringType)
        .add("profile_exact", DataTypes.StringType);
  }

  /** A flow's values in the columns' order. */
  static List<Object> values(MinuteFlow flow) {
    if (flow.equals(MinuteFlow.NONE)) {
      return Arrays.asList(new Object[COUNT]);
    }
    return Arrays.asList(
        SqlDecimal.fit(flow.base().high()),
        SqlDecimal.fit(flow.base().low()),
        SqlDecimal.fit(flow.notional().high()),
        SqlDecimal.fit(flow.notional().low()),
        flow.contracts().high(),
        flow.contracts().low(),
        flow.sweeps(),
        flow.mostLevels(),
        SqlDecimal.fit(flow.sweepNotional()),
        SqlDecimal.fit(flow.widestSweepBps()),
        SqlDecimal.fit(flow.largestNotional()),
        flow.activeSeconds(),
        SqlDecimal.fit(flow.rootFlow()),
        SqlDecimal.text(flow.base().high()),
        SqlDecimal.text(flow.base().low()),
        SqlDecimal.text(flow.notional().high()),
        SqlDecimal.text(flow.notional().low()),
        SqlDecimal.text(flow.sweepNotional()),
        SqlDecimal.text(flow.widestSweepBps()),
        SqlDecimal.text(flow.largestNotional()),
        SqlDecimal.text(flow.rootFlow()),
        text(flow.profile()));
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
        exact(row, "widest_sweep_bps"),
        exact(row, "largest_notional"),
        row.<Long>getAs("active_seconds"),
        exact(row, "root_flow"),
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
