package io.tapelake.jobs.table;

import io.tapelake.analytics.window.Band;
import io.tapelake.analytics.window.SpanFigures;
import java.util.List;
import java.util.function.Function;

/**
 * The columns of {@code bands_1m}, one row a closed minute: around each VWAP the standard deviation
 * of the prices of its trades, and where the close stands. A band is VWAP ± k standard deviations,
 * which SQL's view {@code bands} works out.
 */
final class BandsTable {

  private BandsTable() {}

  static Columns<FigureRow> columns(List<String> spans) {
    Columns<FigureRow> columns = FigureRow.columns().decimal("close", row -> row.figures().close());
    for (int i = 0; i < spans.size(); i++) {
      int span = i;
      String name = spans.get(i);
      Function<FigureRow, SpanFigures> figures = row -> row.figures().spans().get(span);
      band(columns, "_" + name, row -> figures.apply(row).band());
      band(columns, "_base_" + name, row -> figures.apply(row).baseBand());
    }
    return columns;
  }

  private static void band(
      Columns<FigureRow> columns, String ending, Function<FigureRow, Band> band) {
    columns
        .real("stddev" + ending, row -> band.apply(row).stddev())
        .real("deviation_bps" + ending, row -> band.apply(row).deviationBps())
        .real("z" + ending, row -> band.apply(row).z());
  }
}
