package io.tapelake.jobs.table;

import io.tapelake.analytics.window.MinuteFigures;
import io.tapelake.analytics.window.SpanSums;

/**
 * What the tables of minutes have a row of.
 *
 * @param instrument the instrument
 * @param figures one of its closed minutes
 * @param own the sums over the minute's own trades
 * @param delta its taker buys less its taker sells
 */
public record FigureRow(
    String instrument, MinuteFigures figures, SpanSums own, SpanSums.Delta delta) {

  /** The row of a minute. */
  public static FigureRow of(String instrument, MinuteFigures figures) {
    SpanSums own = figures.own();
    return new FigureRow(instrument, figures, own, own.delta());
  }

  /** The columns that each of these tables begins with. */
  static Columns<FigureRow> columns() {
    return Columns.ofMinutes(FigureRow::instrument, row -> row.figures().minute());
  }
}
