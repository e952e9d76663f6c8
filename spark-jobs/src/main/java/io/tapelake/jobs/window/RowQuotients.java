package io.tapelake.jobs.window;

import io.tapelake.jobs.plan.WindowSpec;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Row;

/** Puts the limbs of a row's window sums together again and divides them, once each. */
final class RowQuotients implements Function<Row, VwapRow> {

  private static final int FIRST_SUM = 6;
  private static final int SECONDS_A_MINUTE = 60;

  private final int windows;
  private final int[] limbs;
  private final int[][] scales;

  RowQuotients(List<WindowSpec> windows, int[] limbs, List<WindowChunk.Scales> chunks) {
    this.windows = windows.size();
    this.limbs = limbs.clone();
    scales =
        chunks.stream()
            .map(each -> new int[] {each.priceNotional(), each.notional(), each.baseVolume()})
            .toArray(int[][]::new);
  }

  @Override
  public VwapRow call(Row row) {
    List<VwapRow.Figures> figures = new ArrayList<>(windows);
    int[] scale = scales[row.getInt(2)];
    int at = FIRST_SUM;
    for (int window = 0; window < windows; window++) {
      long count = row.getLong(at++);
      BigDecimal[] sums = new BigDecimal[limbs.length];
      for (int sum = 0; sum < limbs.length; sum++) {
        long[] parts = new long[limbs[sum]];
        for (int limb = 0; limb < parts.length; limb++) {
          parts[limb] = row.getLong(at++);
        }
        sums[sum] = RollingWindows.number(parts, scale[sum]);
      }
      figures.add(
          new VwapRow.Figures(
              count,
              sums[0],
              sums[1],
              sums[2],
              Quotient.of(sums[0], sums[1]),
              Quotient.of(sums[1], sums[2])));
    }
    return new VwapRow(
        row.getString(0),
        Math.floorDiv(epochSecond(row), SECONDS_A_MINUTE),
        row.getDecimal(4).stripTrailingZeros(),
        row.getLong(5),
        List.copyOf(figures));
  }

  private static long epochSecond(Row row) {
    return row.get(1) instanceof java.time.Instant instant
        ? instant.getEpochSecond()
        : Math.floorDiv(row.getTimestamp(1).getTime(), 1000L);
  }
}
