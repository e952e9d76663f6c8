package io.tapelake.jobs.publish;

import io.tapelake.jobs.analytics.Bands;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.analytics.window.MinuteFigures;
import java.math.BigDecimal;
import java.util.function.Function;

/**
 * The columns of {@code bands_1m}, one row a closed minute: around each VWAP the standard deviation
 * of the prices of its trades, bands of one to three of them, and where the close stands.
 */
final class BandsTable {

  private BandsTable() {}

  static Columns<MinuteFigures> columns(OutputSettings settings) {
    Columns<MinuteFigures> columns =
        Columns.<MinuteFigures>ofMinutes(row -> row.vwap().instrument(), row -> row.vwap().minute())
            .decimal("close", row -> row.vwap().close());
    for (int i = 0; i < settings.spans().size(); i++) {
      int span = i;
      bands(columns, "_" + settings.spans().get(i), row -> row.bands().get(span));
      bands(columns, "_base_" + settings.spans().get(i), row -> row.baseBands().get(span));
    }
    return columns;
  }

  private static void bands(
      Columns<MinuteFigures> columns, String ending, Function<MinuteFigures, Bands> bands) {
    columns
        .exact("stddev" + ending, row -> of(bands.apply(row), Bands::stddev))
        .decimal("deviation_bps" + ending, row -> of(bands.apply(row), Bands::deviationBps))
        .decimal("z" + ending, row -> of(bands.apply(row), Bands::z));
    for (int i = Bands.WIDEST; i >= 1; i--) {
      int n = i;
      columns.decimal(
          "lower" + n + ending, row -> of(bands.apply(row), each -> each.lower().get(n - 1)));
    }
    for (int i = 1; i <= Bands.WIDEST; i++) {
      int n = i;
      columns.decimal(
          "upper" + n + ending, row -> of(bands.apply(row), each -> each.upper().get(n - 1)));
    }
  }

  private static BigDecimal of(Bands bands, Function<Bands, BigDecimal> value) {
    return bands == null ? null : value.apply(bands);
  }
}
