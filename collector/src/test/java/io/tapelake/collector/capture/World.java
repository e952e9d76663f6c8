package io.tapelake.collector.capture;

import io.tapelake.collector.connect.Rest;
import io.tapelake.collector.connect.Sockets;
import io.tapelake.collector.decode.RestAnswer;
import io.tapelake.collector.observe.Metrics;
import io.tapelake.collector.settings.Settings;
import io.tapelake.simulator.exchange.Admission;
import io.tapelake.simulator.exchange.Endpoint;
import io.tapelake.simulator.exchange.Exchange;
import io.tapelake.simulator.exchange.Outbox;
import io.tapelake.simulator.exchange.Session;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A collector and a simulated exchange in simulated time, with a network between them that takes
 * time. The capture is the real one, and so are its files.
 */
final class World {

  /** A time that only moves when it is told to. */
  static final class MovingClock extends Clock {
    private Instant now;

    MovingClock(Instant now) {
      this.now = now;
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private record Later(Instant at, long order, Runnable what) implements Comparable<Later> {
    @Override
    public int compareTo(Later other) {
      int byTime = at.compareTo(other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  final MovingClock clock;
  final Exchange exchange;
  private final Random random;
  private final PriorityQueue<Later> agenda = new PriorityQueue<>();
  private long order;
  private Network network;
  Capture capture;
  Metrics metrics;

  /** What becomes of an answer of REST on its way: path, query and text in, text out. */
  RestEdit restEdit = (path, query, answer) -> answer;

  /** What becomes of a message of the socket on its way. */
  UnaryOperator<String> pushEdit = text -> text;

  /** How far the collector's wall clock is ahead of the exchange's. */
  Duration wallAhead = Duration.ZERO;

  interface RestEdit {
    RestAnswer edit(String path, Map<String, String> query, RestAnswer answer);
  }

  World(Exchange exchange, MovingClock clock, long seed) {
    this.exchange = exchange;
    this.clock = clock;
    this.random = new Random(seed);
  }

  /** Starts a collector on whatever its vault holds. */
  void start(Settings settings) throws Exception {
    network = new Network();
    metrics = new Metrics();
    capture =
        new Capture(
            settings,
            network,
            network,
            Clock.offset(clock, wallAhead),
            clock,
            new SplittableRandom(random.nextLong()),
            metrics);
  }

  /** What SIGKILL leaves: nothing is finished, everything under way is gone. */
  void kill() throws IOException {
    network.dead = true;
    for (Feed feed : capture.feeds().values()) {
      feed.recording.close();
    }
    capture = null;
  }

  /** Lets time pass, in steps of 10 ms. */
  void run(Duration duration) {
    run(duration, Duration.ofMillis(10));
  }

  /** Lets time pass. */
  void run(Duration duration, Duration step) {
    Instant end = clock.now.plus(duration);
    while (clock.now.isBefore(end)) {
      clock.now = clock.now.plus(step);
      exchange.tick();
      while (!agenda.isEmpty() && !agenda.peek().at().isAfter(clock.now)) {
        agenda.poll().what().run();
      }
      if (capture != null) {
        capture.tick();
      }
    }
  }

  /** Lets something happen at a time. */
  void at(Instant time, Runnable what) {
    agenda.add(new Later(time, order++, what));
  }

  private void later(int millis, Runnable what) {
    agenda.add(new Later(clock.now.plusMillis(millis), order++, what));
  }

  /** Everything one life of the collector has to do with the exchange. */
  private final class Network implements Sockets, Rest {

    private boolean dead;

    @Override
    public Socket open(String url, Listener listener) {
      Wire wire = new Wire(this, listener);
      later(5 + random.nextInt(30), () -> wire.connect(URI.create(url).getPath()));
      return wire;
    }

    @Override
    public void get(String pathAndQuery, Consumer<RestAnswer> then) {
      URI uri = URI.create("http://x" + pathAndQuery);
      Map<String, String> query =
          uri.getQuery() == null
              ? Map.of()
              : Arrays.stream(uri.getQuery().split("&"))
                  .map(pair -> pair.split("=", 2))
                  .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
      Consumer<RestAnswer> once = once(then);
      later(
          2 + random.nextInt(20),
          () -> {
            if (exchange.isDown()) {
              once.accept(RestAnswer.failed("connection refused"));
              return;
            }
            exchange.get(
                uri.getPath(),
                query,
                answer ->
                    later(
                        2 + random.nextInt(20),
                        () ->
                            once.accept(
                                answer == null
                                    ? RestAnswer.failed("reset")
                                    : restEdit.edit(
                                        uri.getPath(),
                                        query,
                                        RestAnswer.of(answer.status(), answer.text())))));
          });
      later((int) TIMEOUT.toMillis(), () -> once.accept(RestAnswer.failed("timeout")));
    }

    private Consumer<RestAnswer> once(Consumer<RestAnswer> then) {
      boolean[] done = new boolean[1];
      return answer -> {
        if (!done[0] && !dead) {
          done[0] = true;
          then.accept(answer);
        }
      };
    }
  }

  /** A connection; the collector holds it as a socket, the exchange as its {@link Far} end. */
  private final class Wire implements Sockets.Socket {

    private final Network network;
    private final Sockets.Listener listener;
    private Session session;
    private boolean gone;
    private boolean frozen;
    private Instant busyUntil = Instant.MIN;

    Wire(Network network, Sockets.Listener listener) {
      this.network = network;
      this.listener = listener;
    }

    String edit(String text) {
      return pushEdit.apply(text);
    }

    void connect(String path) {
      if (gone || network.dead) {
        return;
      }
      Admission admission = exchange.isDown() ? Admission.RESET : exchange.admit();
      if (admission != Admission.WELCOME) {
        end("refused: " + admission);
        return;
      }
      tell(listener::opened);
      session = exchange.connect(Endpoint.at(path), new Far(this));
    }

    /** Messages keep their order, whatever each of them takes. */
    private void tell(Runnable what) {
      Instant arrival = clock.now.plusMillis(1 + random.nextInt(15));
      busyUntil = arrival.isAfter(busyUntil) ? arrival : busyUntil;
      Runnable ifAlive =
          () -> {
            if (!network.dead && !gone) {
              what.run();
            }
          };
      agenda.add(new Later(busyUntil, order++, ifAlive));
    }

    private void end(String reason) {
      tell(
          () -> {
            gone = true;
            listener.closed(reason, null);
          });
    }

    @Override
    public void send(String text) {
      if (session != null && !frozen) {
        later(1 + random.nextInt(15), () -> session.receive(text));
      }
    }

    @Override
    public void close() {
      cancel();
    }

    @Override
    public void cancel() {
      gone = true;
      if (session != null) {
        session.closed();
      }
    }
  }

  /** The exchange's end of a connection. */
  private static final class Far implements Outbox {

    private final Wire wire;

    Far(Wire wire) {
      this.wire = wire;
    }

    @Override
    public void send(String text) {
      String edited = wire.edit(text);
      wire.tell(() -> wire.listener.text(edited));
    }

    @Override
    public void sendBinary(byte[] bytes) {
      send("binary:" + bytes.length);
    }

    @Override
    public void sendRaw(byte[] bytes) {
      end("broken frame");
    }

    @Override
    public void ping() {}

    @Override
    public void flush() {}

    @Override
    public boolean isFull() {
      return false;
    }

    @Override
    public void close(int code, String reason) {
      end("closed: " + code + " " + reason);
    }

    @Override
    public void drop() {
      end("end of stream");
    }

    @Override
    public void reset() {
      end("reset");
    }

    private void end(String reason) {
      wire.session.closed();
      wire.end(reason);
    }

    @Override
    public void freeze() {
      wire.frozen = true;
    }
  }
}
