package io.tapelake.live.serve;

import io.tapelake.live.market.InstrumentTape;
import io.tapelake.live.market.Market;
import java.io.Closeable;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells clients what changes. One thread makes a change of each instrument that is watched, at most
 * 25 times a second, and hands the same bytes to all who watch it, without waiting for any.
 */
final class Publisher implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
  private static final long PAUSE_NANOS = 40_000_000L;

  /** So many browsers at once are served. */
  static final int MOST_CLIENTS = 200;

  private final Market market;
  private final TapeJson writer;
  private final Liveness liveness;
  private final Map<String, Feed> feeds = new HashMap<>();
  private final Set<Client> clients = new LinkedHashSet<>();
  private final Queue<Runnable> requests = new ConcurrentLinkedQueue<>();
  private final Thread thread = new Thread(this::publish, "publish");
  private volatile boolean isStopped;

  final AtomicLong clientCount = new AtomicLong();
  final AtomicLong sent = new AtomicLong();
  final AtomicLong dropped = new AtomicLong();
  final AtomicLong snapshots = new AtomicLong();

  Publisher(Market market, TapeJson writer, Liveness liveness) {
    this.market = market;
    this.writer = writer;
    this.liveness = liveness;
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  boolean isAlive() {
    return thread.isAlive();
  }

  @Override
  public void close() {
    isStopped = true;
    thread.interrupt();
  }

  boolean isFull() {
    return clientCount.get() >= MOST_CLIENTS;
  }

  void join(Client client) {
    requests.add(
        () -> {
          clients.add(client);
          clientCount.set(clients.size());
        });
  }

  void leave(Client client) {
    requests.add(
        () -> {
          clients.remove(client);
          clientCount.set(clients.size());
        });
  }

  void watch(Client client, String instrument) {
    requests.add(() -> client.watched(instrument));
  }

  private void publish() {
    long due = System.nanoTime();
    while (!isStopped) {
      try {
        for (Runnable request = requests.poll(); request != null; request = requests.poll()) {
          request.run();
        }
        tick(market.clock().millis(), System.nanoTime());
      } catch (RuntimeException e) {
        LOG.warn("A change could not be told: {}", e.toString(), e);
      }
      due = Math.max(due + PAUSE_NANOS, System.nanoTime());
      pause(due - System.nanoTime());
    }
  }

  private void tick(long asOf, long now) {
    Set<String> watched = new LinkedHashSet<>();
    for (Client client : clients) {
      if (client.isStuck(now)) {
        client.disconnect();
        leave(client);
      } else if (client.watched() != null) {
        watched.add(client.watched());
      }
    }
    feeds.keySet().retainAll(watched);
    for (String instrument : watched) {
      InstrumentTape tape = market.tape(instrument);
      if (tape != null) {
        tell(
            instrument,
            feeds.computeIfAbsent(instrument, key -> new Feed(market, tape, writer, liveness)),
            asOf,
            now);
      }
    }
  }

  private void tell(String instrument, Feed feed, long asOf, long now) {
    String change = feed.next(asOf, now);
    String snapshot = null;
    for (Client client : clients) {
      if (!instrument.equals(client.watched())) {
        continue;
      }
      if (client.wantsSnapshot()) {
        snapshot = snapshot == null ? feed.snapshot(asOf, now) : snapshot;
        client.snapshot(snapshot, now);
        snapshots.incrementAndGet();
      } else if (change != null) {
        (client.change(change, now) ? sent : dropped).incrementAndGet();
      }
    }
  }

  private static void pause(long nanos) {
    try {
      if (nanos > 0) {
        Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
