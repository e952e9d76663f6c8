package io.tapelake.live.serve;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.tapelake.live.follow.DayCounts;
import io.tapelake.live.market.InstrumentTape;
import io.tapelake.live.market.Market;
import io.tapelake.metrics.ProgramMetrics;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/** The program's figures in Prometheus' text format. */
final class Metrics {

  private static final double MILLIS_A_SECOND = 1000;

  private final ProgramMetrics figures = new ProgramMetrics("live");
  private final Market market;

  Metrics(Market market, Publisher publisher) {
    this.market = market;
    GaugeWithCallback.builder()
        .name(figures.name("clients"))
        .help("Browsers at the stream")
        .callback(callback -> callback.call(publisher.clientCount.get()))
        .register(figures.registry());
    counter("changes_sent", "Changes sent to clients", publisher.sent::get);
    counter("changes_dropped", "Changes that a slow client missed", publisher.dropped::get);
    counter("snapshots", "Snapshots sent", publisher.snapshots::get);
    each("trades", "Trades in the days that are shown", tape -> (double) tape.tradeCount());
    each(
        "newest_trade_timestamp_seconds",
        "Event time of the newest trade",
        tape -> tape.last() == null ? 0 : tape.last().millis() / MILLIS_A_SECOND);
    each("refused_lines", "Lines refused in these days", tape -> counts(tape).allRefused());
    each("duplicate_lines", "Repeated lines in these days", tape -> counts(tape).duplicates());
  }

  String text() {
    return new String(figures.page(), StandardCharsets.UTF_8);
  }

  private static DayCounts counts(InstrumentTape tape) {
    return tape.counts().values().stream().reduce(DayCounts.NONE, DayCounts::plus);
  }

  private void counter(String name, String help, LongSupplier value) {
    CounterWithCallback.builder()
        .name(figures.name(name))
        .help(help)
        .callback(callback -> callback.call(value.getAsLong()))
        .register(figures.registry());
  }

  private void each(String name, String help, ToDoubleFunction<InstrumentTape> value) {
    GaugeWithCallback.builder()
        .name(figures.name(name))
        .help(help)
        .labelNames("instrument")
        .callback(
            callback ->
                market
                    .tapes()
                    .forEach(tape -> callback.call(value.applyAsDouble(tape), tape.name())))
        .register(figures.registry());
  }
}
