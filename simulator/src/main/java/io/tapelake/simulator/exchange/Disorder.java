package io.tapelake.simulator.exchange;

import io.tapelake.simulator.fault.Fault;
import io.tapelake.simulator.fault.FaultBoard;
import io.tapelake.simulator.fault.FaultKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Pushes an instrument's trades while faults are in force: lost, twice, late, out of order. */
final class Disorder {

  private final Feed feed;
  private final FaultBoard board;
  private final Agenda agenda;
  private final Map<Channel, List<Unit>> together = new EnumMap<>(Channel.class);
  private final List<Unit> shuffled = new ArrayList<>();

  Disorder(Feed feed, FaultBoard board, Agenda agenda) {
    this.feed = feed;
    this.board = board;
    this.agenda = agenda;
  }

  /** Pushes one unit, or keeps it until {@link #finish} or for later, or loses it. */
  void push(Unit unit) {
    Instant time = Instant.ofEpochMilli(unit.last().time());
    Fault batch = strike(FaultKind.BATCH, time);
    Fault late;
    if (strike(FaultKind.LOSE, time) != null) {
      return;
    }
    if (batch != null) {
      List<Unit> own = together.computeIfAbsent(unit.channel(), each -> new ArrayList<>());
      own.add(unit);
      if (own.size() >= batch.number("rows", 3)) {
        pushTogether(unit.channel());
      }
    } else if ((late = strike(FaultKind.LATE, time)) != null) {
      Instant then = time.plus(late.duration("by", Duration.ofSeconds(1)));
      agenda.at(then, () -> feed.deliver(unit.channel(), feed.frame(unit)));
    } else if (strike(FaultKind.SHUFFLE, time) != null) {
      shuffled.add(unit);
    } else {
      pushNow(unit, time);
    }
  }

  /** Pushes what was kept to be pushed together or out of order. */
  void finish() {
    for (Channel channel : List.copyOf(together.keySet())) {
      pushTogether(channel);
    }
    if (!shuffled.isEmpty()) {
      Collections.shuffle(shuffled, new Random(shuffled.get(0).last().id()));
      shuffled.forEach(unit -> feed.deliver(unit.channel(), feed.frame(unit)));
      shuffled.clear();
    }
  }

  private void pushNow(Unit unit, Instant time) {
    String frame = feed.frame(unit);
    if (strike(FaultKind.UNKNOWN, time) != null) {
      frame = Garbage.withUnknownFields(frame);
    }
    Fault malformed = strike(FaultKind.MALFORMED, time);
    if (malformed != null) {
      frame = Garbage.without(frame, malformed.text("field", "px"));
    }
    Fault repeat = strike(FaultKind.REPEAT, time);
    int times = repeat == null ? 1 : 1 + repeat.number("times", 1);
    for (int i = 0; i < times; i++) {
      feed.deliver(unit.channel(), frame);
    }
  }

  private void pushTogether(Channel channel) {
    StringBuilder out = feed.json().open(channel);
    for (Unit unit : together.remove(channel)) {
      feed.append(out, unit);
      out.append(',');
    }
    out.setLength(out.length() - 1);
    feed.deliver(channel, out.append("]}").toString());
  }

  private Fault strike(FaultKind kind, Instant time) {
    return board.strike(kind, feed.instrument(), time);
  }
}
