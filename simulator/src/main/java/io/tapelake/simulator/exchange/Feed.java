package io.tapelake.simulator.exchange;

import io.tapelake.simulator.fault.FaultBoard;
import io.tapelake.simulator.fault.FaultKind.Where;
import io.tapelake.simulator.tape.Lifecycle;
import io.tapelake.simulator.tape.Listing;
import io.tapelake.simulator.tape.Print;
import io.tapelake.simulator.tape.TradeSeries;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Pushes the trades of one instrument to those who subscribed to them. */
final class Feed {

  private final TradeSeries series;
  private final TradeJson json;
  private final FaultBoard board;
  private final Disorder disorder;
  private final Map<Channel, Set<Session>> subscribers = new EnumMap<>(Channel.class);
  private List<Object> lastListing;
  private long pushed;

  Feed(TradeSeries series, FaultBoard board, Agenda agenda, Instant now) {
    this.series = series;
    this.json = new TradeJson(series);
    this.board = board;
    this.disorder = new Disorder(this, board, agenda);
    this.pushed = series.countAt(now);
    for (Channel channel : Channel.values()) {
      subscribers.put(channel, new LinkedHashSet<>());
    }
  }

  TradeSeries series() {
    return series;
  }

  TradeJson json() {
    return json;
  }

  String instrument() {
    return series.listing().instrument();
  }

  void subscribe(Channel channel, Session session) {
    subscribers.get(channel).add(session);
  }

  void unsubscribe(Channel channel, Session session) {
    subscribers.get(channel).remove(session);
  }

  /** Whether the instrument is served otherwise than when this was asked last. */
  boolean isListingNew(Instant now) {
    Lifecycle lifecycle = series.lifecycle();
    if (lifecycle.isCalm()) {
      return false;
    }
    Listing served = lifecycle.served(series.listing(), now);
    List<Object> listing = List.of(lifecycle.state(now), served.contract(), served.lotSize());
    boolean isNew = lastListing != null && !listing.equals(lastListing);
    lastListing = listing;
    return isNew;
  }

  /** Pushes what has happened since the last time. */
  void publish(Instant now) {
    long count = series.countAt(now);
    if (count == pushed) {
      return;
    }
    boolean orderly = board.isClear(Where.FEED);
    if (!subscribers.get(Channel.TRADES_ALL).isEmpty()) {
      for (long place = pushed; place < count; place++) {
        push(Unit.single(series.at(place)), orderly);
      }
    }
    if (!subscribers.get(Channel.TRADES).isEmpty()) {
      for (long place = pushed; place < count; ) {
        Unit unit = aggregate(place, count);
        push(unit, orderly);
        place += unit.count();
      }
    }
    disorder.finish();
    pushed = count;
  }

  /**
   * Pushes the last pushed trades once more, oldest first; to one session, or to all when it is
   * null.
   */
  void repeatLast(Channel channel, int trades, Session only) {
    long place = Math.max(0, pushed - trades);
    if (channel == Channel.TRADES) {
      // Not into the middle of what is reported together.
      while (place > 0 && series.at(place - 1).aggregatesWith(series.at(place))) {
        place--;
      }
    }
    while (place < pushed) {
      Unit unit =
          channel == Channel.TRADES ? aggregate(place, pushed) : Unit.single(series.at(place));
      String frame = frame(unit);
      if (only == null) {
        deliver(channel, frame);
      } else {
        only.push(instrument(), frame);
      }
      place += unit.count();
    }
  }

  /** The message that reports one unit. */
  String frame(Unit unit) {
    StringBuilder out = json.open(unit.channel());
    append(out, unit);
    return out.append("]}").toString();
  }

  void append(StringBuilder out, Unit unit) {
    if (unit.channel() == Channel.TRADES) {
      json.appendAggregate(out, unit.last(), unit.lots(), unit.count());
    } else {
      json.appendSingle(out, unit.last());
    }
  }

  void deliver(Channel channel, String frame) {
    for (Session session : subscribers.get(channel)) {
      session.push(instrument(), frame);
    }
  }

  private void push(Unit unit, boolean orderly) {
    if (orderly) {
      deliver(unit.channel(), frame(unit));
    } else {
      disorder.push(unit);
    }
  }

  private Unit aggregate(long place, long count) {
    Print last = series.at(place);
    long lots = last.lots();
    int size = 1;
    while (place + size < count && last.aggregatesWith(series.at(place + size))) {
      last = series.at(place + size);
      lots += last.lots();
      size++;
    }
    return new Unit(Channel.TRADES, last, lots, size);
  }
}
