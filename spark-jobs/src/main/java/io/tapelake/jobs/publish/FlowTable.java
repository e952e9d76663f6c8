package io.tapelake.jobs.publish;

import io.tapelake.jobs.analytics.Imbalance;
import io.tapelake.analytics.window.KyleLambda;
import io.tapelake.analytics.window.ValueArea;
import io.tapelake.analytics.bar.Extremes;
import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.bar.MinuteFlow;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.window.Carry;
import io.tapelake.analytics.window.MinuteFigures;
import io.tapelake.analytics.window.PriceImpact;
import io.tapelake.analytics.window.SpanSums;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/**
 * The columns of {@code flow_1m}, one row a closed minute: who traded, how aggressively, and what
 * it did to the price. Volumes are signed by the taker's side. The last columns are what the next
 * row starts from.
 */
final class FlowTable {

  /** The sums since each anchor, see {@link Carry#text}. */
  private static final String ANCHORED_SUMS = "anchored_sums";

  private static final String SIGNAL_STATE = "signal_state";
  private static final String TOTAL = "total";

  /** The columns that {@link #carry} reads, and by which its row is found. */
  static final List<String> CARRIED =
      List.of(
          "inst_id",
          "minute",
          "cvd_total_base_exact",
          "cvd_total_notional_exact",
          "cvd_total_contracts_exact",
          ANCHORED_SUMS,
          SIGNAL_STATE);

  private FlowTable() {}

  static Columns<MinuteFigures> columns(OutputSettings settings) {
    Columns<MinuteFigures> columns =
        Columns.<MinuteFigures>ofMinutes(row -> row.vwap().instrument(), row -> row.vwap().minute())
            .decimal("close", row -> row.vwap().close())
            .count("trade_count", row -> row.own().tradeCount())
            .exact("notional", row -> row.own().notional());
    deltas(columns, "base", MinuteFlow::base, SpanSums.Delta::base);
    deltas(columns, "notional", MinuteFlow::notional, SpanSums.Delta::notional);
    deltas(columns, "contracts", MinuteFlow::contracts, SpanSums.Delta::contracts);
    List<String> spans = settings.spans();
    int rollingAndSession = settings.windows().size() + 1;
    for (int i = 0; i < rollingAndSession; i++) {
      int span = i;
      cumulative(columns, spans.get(i), row -> row.spans().get(span).delta());
    }
    cumulative(columns, TOTAL, MinuteFigures::cvdTotal);
    imbalances(columns, "", MinuteFigures::own);
    for (int i = 0; i < rollingAndSession; i++) {
      int span = i;
      imbalances(columns, "_" + spans.get(i), row -> row.spans().get(span));
    }
    columns
        .count("sweeps", row -> flow(row).sweeps())
        .count("most_levels", row -> flow(row).mostLevels())
        .exact("sweep_notional", row -> flow(row).sweepNotional())
        .decimal("widest_sweep_bps", row -> flow(row).widestSweepBps())
        .exact("largest_notional", row -> flow(row).largestNotional())
        .count("active_seconds", row -> flow(row).activeSeconds());
    columns.exact("amihud", MinuteFigures::amihud);
    for (int i = 0; i < rollingAndSession; i++) {
      int span = i;
      columns.exact("amihud_" + spans.get(i), row -> row.amihudMeans().get(span));
    }
    for (int i = 0; i < PriceImpact.WINDOWS.size(); i++) {
      int window = i;
      impact(columns, PriceImpact.WINDOWS.get(i), row -> row.impact().get(window));
    }
    for (int i = 0; i < rollingAndSession; i++) {
      int span = i;
      area(columns, spans.get(i), row -> row.areas().get(span));
    }
    return columns
        .text(ANCHORED_SUMS, row -> Carry.text(row.anchored(rollingAndSession)))
        .text(SIGNAL_STATE, MinuteFigures::signalState);
  }

  private static void deltas(
      Columns<MinuteFigures> columns,
      String measure,
      Function<MinuteFlow, Extremes> extremes,
      Function<SpanSums.Delta, BigDecimal> delta) {
    String name = "delta_" + measure;
    columns
        .exact(name, row -> delta.apply(row.own().delta()))
        .exact(name + "_high", row -> extremes.apply(flow(row)).high())
        .exact(name + "_low", row -> extremes.apply(flow(row)).low());
  }

  private static void cumulative(
      Columns<MinuteFigures> columns, String span, Function<MinuteFigures, SpanSums.Delta> delta) {
    String name = "cvd_" + span;
    columns
        .exact(name + "_base", row -> delta.apply(row).base())
        .exact(name + "_notional", row -> delta.apply(row).notional())
        .exact(name + "_contracts", row -> delta.apply(row).contracts());
  }

  private static void imbalances(
      Columns<MinuteFigures> columns, String ending, Function<MinuteFigures, SpanSums> sums) {
    columns
        .decimal(
            "imbalance_base" + ending,
            row -> Imbalance.of(sums.apply(row).buyBaseVolume(), sums.apply(row).baseVolume()))
        .decimal(
            "imbalance_notional" + ending,
            row -> Imbalance.of(sums.apply(row).buyNotional(), sums.apply(row).notional()))
        .decimal(
            "imbalance_count" + ending,
            row -> Imbalance.of(sums.apply(row).buyCount(), sums.apply(row).tradeCount()));
  }

  private static void impact(
      Columns<MinuteFigures> columns, int minutes, Function<MinuteFigures, KyleLambda.Fit> fit) {
    columns
        .exact("kyle_lambda_" + minutes + "m", row -> fit.apply(row).lambda())
        .decimal("kyle_r2_" + minutes + "m", row -> fit.apply(row).rSquared())
        .count("kyle_n_" + minutes + "m", row -> fit.apply(row).observations());
  }

  /** Prices: the middle of the control's bucket, the outer edges of the area's. */
  private static void area(
      Columns<MinuteFigures> columns, String span, Function<MinuteFigures, ValueArea> area) {
    columns
        .decimal("poc_" + span, row -> price(area.apply(row), ValueArea::pocPrice))
        .decimal("vah_" + span, row -> price(area.apply(row), ValueArea::highPrice))
        .decimal("val_" + span, row -> price(area.apply(row), ValueArea::lowPrice));
  }

  private static BigDecimal price(ValueArea area, Function<ValueArea, BigDecimal> price) {
    return area == null ? null : price.apply(area);
  }

  private static MinuteFlow flow(MinuteFigures row) {
    MinuteBar bar = row.bar();
    return bar == null ? MinuteFlow.NONE : bar.flow();
  }

  /** What a row of the table hands on to the next one. */
  static Carry carry(Row row) {
    return new Carry(
        new SpanSums.Delta(
            number(row, "cvd_total_base"),
            number(row, "cvd_total_notional"),
            number(row, "cvd_total_contracts")),
        Carry.anchors(row.getAs(ANCHORED_SUMS)),
        row.getAs(SIGNAL_STATE));
  }

  private static BigDecimal number(Row row, String name) {
    return new BigDecimal(row.<String>getAs(name + "_exact"));
  }
}
