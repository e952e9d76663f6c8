package io.tapelake.live.serve;

import io.tapelake.live.follow.DayCounts;
import io.tapelake.live.market.InstrumentTape;
import io.tapelake.live.market.Market;
import io.tapelake.live.market.TradeDay;
import java.util.function.Function;

/** The program's figures in Prometheus' text format. */
final class Metrics {

  private static final double MILLIS_A_SECOND = 1000;

  private final Market market;
  private final Publisher publisher;

  Metrics(Market market, Publisher publisher) {
    this.market = market;
    this.publisher = publisher;
  }

  String text() {
    StringBuilder text = new StringBuilder(1 << 12);
    one(text, "clients", "gauge", "Browsers at the stream.", publisher.clientCount.get());
    one(text, "changes_sent_total", "counter", "Changes sent to clients.", publisher.sent.get());
    one(
        text,
        "changes_dropped_total",
        "counter",
        "Changes that a slow client missed.",
        publisher.dropped.get());
    one(text, "snapshots_total", "counter", "Snapshots sent.", publisher.snapshots.get());
    one(
        text,
        "memory_bytes",
        "gauge",
        "Heap in use.",
        Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
    each(text, "trades", "gauge", "Trades read.", tape -> (double) tape.tradeCount());
    each(
        text,
        "newest_trade_seconds",
        "gauge",
        "Event time of the newest trade, since 1970.",
        tape -> tape.last() == null ? 0 : TradeDay.millis(tape.last()) / MILLIS_A_SECOND);
    each(text, "refused_lines", "gauge", "Lines refused.", tape -> counts(tape).allRefused());
    each(text, "duplicate_lines", "gauge", "Repeated lines.", tape -> counts(tape).duplicates());
    return text.toString();
  }

  private static DayCounts counts(InstrumentTape tape) {
    return tape.counts().values().stream().reduce(DayCounts.NONE, DayCounts::plus);
  }

  private static void one(StringBuilder text, String name, String type, String help, long value) {
    head(text, name, type, help);
    text.append("tapelake_live_").append(name).append(' ').append(value).append('\n');
  }

  private void each(
      StringBuilder text,
      String name,
      String type,
      String help,
      Function<InstrumentTape, Number> value) {
    head(text, name, type, help);
    for (InstrumentTape tape : market.tapes()) {
      text.append("tapelake_live_%s{inst=\"%s\"} ".formatted(name, tape.name()))
          .append(value.apply(tape))
          .append('\n');
    }
  }

  private static void head(StringBuilder text, String name, String type, String help) {
    text.append(
        "# HELP tapelake_live_%s %s\n# TYPE tapelake_live_%s %s\n"
            .formatted(name, help, name, type));
  }
}
