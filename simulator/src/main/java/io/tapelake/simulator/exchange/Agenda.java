package io.tapelake.simulator.exchange;

import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** What is to be done later, in the order of its times. */
final class Agenda {

  private record Item(Instant at, long number, Runnable action) {}

  private final PriorityQueue<Item> items =
      new PriorityQueue<>(Comparator.comparing(Item::at).thenComparing(Item::number));
  private long added;

  /** Puts an action down for that time; what is due at the same time runs in the order added. */
  void at(Instant time, Runnable action) {
    items.add(new Item(time, added++, action));
  }

  /** Does what is due. */
  void run(Instant now) {
    while (!items.isEmpty() && !items.peek().at.isAfter(now)) {
      items.poll().action.run();
    }
  }
}
