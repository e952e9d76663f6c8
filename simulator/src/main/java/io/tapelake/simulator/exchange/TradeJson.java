package io.tapelake.simulator.exchange;

import io.tapelake.simulator.tape.Grid;
import io.tapelake.simulator.tape.Lifecycle;
import io.tapelake.simulator.tape.Listing;
import io.tapelake.simulator.tape.Print;
import io.tapelake.simulator.tape.TradeSeries;
import java.time.Instant;
import java.util.List;

/** Trades of one instrument as the exchange words them. */
final class TradeJson {

  private final String instrument;
  private final Lifecycle lifecycle;
  private final Listing listing;
  private final Grid ticks;
  private final Grid firstLots;
  private final List<Long> changes;

  TradeJson(TradeSeries series) {
    listing = series.listing();
    lifecycle = series.lifecycle();
    instrument = listing.instrument();
    ticks = Grid.of(listing.tickSize());
    firstLots = Grid.of(listing.lotSize());
    changes = lifecycle.changes().stream().map(change -> change.at().toEpochMilli()).toList();
  }

  /** The beginning of a push, up to the bracket that opens its rows. */
  StringBuilder open(Channel channel) {
    return new StringBuilder(320)
        .append("{\"arg\":{\"channel\":\"")
        .append(channel.text())
        .append("\",\"instId\":\"")
        .append(instrument)
        .append("\"},\"data\":[");
  }

  /** A row of the channel {@code trades-all}. */
  void appendSingle(StringBuilder out, Print print) {
    out.append("{\"instId\":\"").append(instrument);
    out.append("\",\"tradeId\":\"").append(print.id());
    out.append("\",\"px\":\"");
    ticks.append(out, print.ticks());
    out.append("\",\"sz\":\"");
    lots(print).append(out, print.lots());
    out.append("\",\"side\":\"").append(print.side().text());
    out.append("\",\"ts\":\"").append(print.time());
    out.append("\",\"source\":\"").append(print.source()).append("\"}");
  }

  /**
   * A row of the channel {@code trades}: the last of {@code count} trades, with the sum of lots.
   */
  void appendAggregate(StringBuilder out, Print last, long lots, int count) {
    out.append("{\"instId\":\"").append(instrument);
    out.append("\",\"tradeId\":\"").append(last.id());
    out.append("\",\"px\":\"");
    ticks.append(out, last.ticks());
    out.append("\",\"sz\":\"");
    lots(last).append(out, lots);
    out.append("\",\"side\":\"").append(last.side().text());
    out.append("\",\"ts\":\"").append(last.time());
    out.append("\",\"count\":\"").append(count);
    out.append("\",\"source\":\"").append(last.source());
    out.append("\",\"seqId\":").append(last.time() % 10_000_000_000L).append('}');
  }

  /** A row of both REST endpoints. */
  void appendRest(StringBuilder out, Print print) {
    out.append("{\"instId\":\"").append(instrument);
    out.append("\",\"side\":\"").append(print.side().text());
    out.append("\",\"sz\":\"");
    lots(print).append(out, print.lots());
    out.append("\",\"source\":\"").append(print.source());
    out.append("\",\"px\":\"");
    ticks.append(out, print.ticks());
    out.append("\",\"tradeId\":\"").append(print.id());
    out.append("\",\"ts\":\"").append(print.time()).append("\"}");
  }

  private Grid lots(Print print) {
    if (changes.isEmpty() || print.time() < changes.get(0)) {
      return firstLots;
    }
    return Grid.of(lifecycle.traded(listing, Instant.ofEpochMilli(print.time())).lotSize());
  }
}
