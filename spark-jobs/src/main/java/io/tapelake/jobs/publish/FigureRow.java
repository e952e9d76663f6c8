package io.tapelake.jobs.publish;

import io.tapelake.analytics.window.MinuteFigures;

/**
 * What the tables of minutes have a row of.
 *
 * @param instrument the instrument
 * @param figures one of its closed minutes
 */
public record FigureRow(String instrument, MinuteFigures figures) {

  /** The columns that each of these tables begins with. */
  static Columns<FigureRow> columns() {
    return Columns.ofMinutes(FigureRow::instrument, row -> row.figures().minute());
  }
}
