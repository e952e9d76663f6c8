package io.tapelake.jobs.table;

import io.tapelake.analytics.bar.Extremes;
import io.tapelake.analytics.bar.MinuteFlow;
import io.tapelake.analytics.window.KyleLambda;
import io.tapelake.analytics.window.PriceImpact;
import io.tapelake.analytics.window.SpanFigures;
import io.tapelake.analytics.window.SpanFigures.Imbalance;
import io.tapelake.analytics.window.SpanSums;
import io.tapelake.analytics.window.Spans;
import io.tapelake.analytics.window.ValueArea;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The columns of {@code flow_1m}, one row a closed minute: who traded, how aggressively, and what
 * it did to the price. Volumes are signed by the taker's side. Nothing in a row sums up more than a
 * window or the session.
 */
final class FlowTable {

  private FlowTable() {}

  static Columns<FigureRow> columns(Spans spans) {
    Columns<FigureRow> columns =
        FigureRow.columns()
            .decimal("close", row -> row.figures().close())
            .count("trade_count", row -> row.figures().tradeCount())
            .decimal("notional", row -> row.own().vwap().notional());
    deltas(columns, "base", MinuteFlow::base, SpanSums.Delta::base);
    deltas(columns, "notional", MinuteFlow::notional, SpanSums.Delta::notional);
    deltas(columns, "contracts", MinuteFlow::contracts, SpanSums.Delta::contracts);
    List<String> names = spans.names().subList(0, spans.withoutAnchors());
    each(names, (name, span) -> cumulative(columns, "cvd_" + name, span));
    imbalances(columns, "", row -> Imbalance.of(row.own(), row.delta()));
    each(
        names, (name, span) -> imbalances(columns, "_" + name, row -> span.apply(row).imbalance()));
    columns
        .count("sweeps", row -> flow(row).sweeps())
        .count("most_levels", row -> flow(row).mostLevels())
        .decimal("sweep_notional", row -> flow(row).sweepNotional())
        .real("widest_sweep_bps", row -> flow(row).widestSweepBps())
        .decimal("largest_notional", row -> flow(row).largestNotional())
        .count("active_seconds", row -> flow(row).activeSeconds())
        .real("amihud", row -> row.figures().amihud());
    each(names, (name, span) -> columns.real("amihud_" + name, row -> span.apply(row).amihud()));
    for (int i = 0; i < PriceImpact.WINDOWS.size(); i++) {
      int window = i;
      impact(columns, PriceImpact.WINDOWS.get(i), row -> row.figures().impact().get(window));
    }
    each(names, (name, span) -> area(columns, name, row -> span.apply(row).area()));
    return columns;
  }

  /** Tells of each span its name and where its figures are. */
  private static void each(
      List<String> names, BiConsumer<String, Function<FigureRow, SpanFigures>> use) {
    for (int i = 0; i < names.size(); i++) {
      int span = i;
      use.accept(names.get(i), row -> row.figures().spans().get(span));
    }
  }

  private static void deltas(
      Columns<FigureRow> columns,
      String measure,
      Function<MinuteFlow, Extremes> extremes,
      Function<SpanSums.Delta, BigDecimal> delta) {
    String name = "delta_" + measure;
    columns
        .decimal(name, row -> delta.apply(row.delta()))
        .decimal(name + "_high", row -> extremes.apply(flow(row)).high())
        .decimal(name + "_low", row -> extremes.apply(flow(row)).low());
  }

  private static void cumulative(
      Columns<FigureRow> columns, String name, Function<FigureRow, SpanFigures> span) {
    columns
        .decimal(name + "_base", row -> span.apply(row).delta().base())
        .decimal(name + "_notional", row -> span.apply(row).delta().notional())
        .decimal(name + "_contracts", row -> span.apply(row).delta().contracts());
  }

  private static void imbalances(
      Columns<FigureRow> columns, String ending, Function<FigureRow, Imbalance> imbalance) {
    columns
        .real("imbalance_base" + ending, row -> imbalance.apply(row).base())
        .real("imbalance_notional" + ending, row -> imbalance.apply(row).notional())
        .real("imbalance_count" + ending, row -> imbalance.apply(row).count());
  }

  private static void impact(
      Columns<FigureRow> columns, int minutes, Function<FigureRow, KyleLambda.Fit> fit) {
    columns
        .real("kyle_lambda_" + minutes + "m", row -> fit.apply(row).lambda())
        .real("kyle_r2_" + minutes + "m", row -> fit.apply(row).rSquared())
        .count("kyle_n_" + minutes + "m", row -> fit.apply(row).observations());
  }

  /** Prices: the middle of the control's row, the outer edges of the area's. */
  private static void area(
      Columns<FigureRow> columns, String span, Function<FigureRow, ValueArea> area) {
    columns
        .decimal("poc_" + span, row -> price(area.apply(row), ValueArea::pocPrice))
        .decimal("vah_" + span, row -> price(area.apply(row), ValueArea::highPrice))
        .decimal("val_" + span, row -> price(area.apply(row), ValueArea::lowPrice));
  }

  private static BigDecimal price(ValueArea area, Function<ValueArea, BigDecimal> price) {
    return area == null ? null : price.apply(area);
  }

  private static MinuteFlow flow(FigureRow row) {
    return row.figures().flow();
  }
}
