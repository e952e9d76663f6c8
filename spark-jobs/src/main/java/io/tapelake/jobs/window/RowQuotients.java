package io.tapelake.jobs.window;

import io.tapelake.jobs.plan.WindowSpec;
import io.tapelake.jobs.window.WindowChunk.MinuteRow;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;

/**
 * Takes the difference of a row's sums for each window, puts their limbs together again and divides
 * them, once each.
 */
final class RowQuotients {

  private static final int FIRST_SUM = 2;

  private final int windows;
  private final int[] limbs;
  private final List<WindowChunk> chunks;

  RowQuotients(List<WindowSpec> windows, int[] limbs, List<WindowChunk> chunks) {
    this.windows = windows.size();
    this.limbs = limbs.clone();
    this.chunks = chunks;
  }

  /** The rows of minutes, without those that only serve other minutes' windows. */
  Iterator<VwapRow> rows(Iterator<Row> sums) {
    return new Iterator<>() {
      private VwapRow next;

      @Override
      public boolean hasNext() {
        while (next == null && sums.hasNext()) {
          next = row(sums.next());
        }
        return next != null;
      }

      @Override
      public VwapRow next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        VwapRow row = next;
        next = null;
        return row;
      }
    };
  }

  /** The row of a minute, or null when the minute only serves other minutes' windows. */
  private VwapRow row(Row sums) {
    WindowChunk chunk = chunks.get(sums.getInt(0));
    MinuteRow minute = chunk.rows().get(sums.getInt(1));
    return minute.isOutput()
        ? new VwapRow(
            chunk.instrument(),
            minute.minute(),
            minute.close(),
            minute.bar() == null ? 0 : minute.bar().tradeCount(),
            figures(sums, chunk.scales()))
        : null;
  }

  private List<VwapRow.Figures> figures(Row row, WindowChunk.Scales scales) {
    List<VwapRow.Figures> figures = new ArrayList<>(windows);
    int[] scale = {scales.priceNotional(), scales.notional(), scales.baseVolume()};
    int width = 1 + Arrays.stream(limbs).sum();
    for (int window = 0; window < windows; window++) {
      int upTo = FIRST_SUM;
      int before = FIRST_SUM + (1 + window) * width;
      long count = row.getLong(upTo++) - row.getLong(before++);
      BigDecimal[] sums = new BigDecimal[limbs.length];
      for (int sum = 0; sum < limbs.length; sum++) {
        long[] parts = new long[limbs[sum]];
        for (int limb = 0; limb < parts.length; limb++) {
          parts[limb] = row.getLong(upTo++) - row.getLong(before++);
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
    return List.copyOf(figures);
  }
}
