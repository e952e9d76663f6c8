package io.tapelake.simulator.exchange;

import io.tapelake.simulator.fault.Fault;
import io.tapelake.simulator.fault.FaultBoard;
import io.tapelake.simulator.fault.FaultKind;
import io.tapelake.simulator.fault.FaultScript;
import io.tapelake.simulator.tape.Lifecycle;
import io.tapelake.simulator.tape.Tape;
import io.tapelake.vault.Trade;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A simulated exchange without its sockets: which trades have happened, who is told of them, what
 * REST answers, and what goes wrong meanwhile.
 *
 * <p>Whoever drives it calls {@link #tick} often, and everything from one thread. Time is the
 * clock's, which is the event time of the trades.
 */
public final class Exchange {

  private final Tape tape;
  private final Limits limits;
  private final Clock clock;
  private final FaultBoard board = new FaultBoard();
  private final Agenda agenda = new Agenda();
  private final Map<String, Feed> feeds = new LinkedHashMap<>();
  private final Set<Session> sessions = new LinkedHashSet<>();
  private final RateWindow connections;
  private final Rest rest;
  private long connected;

  /**
   * An exchange that opens now.
   *
   * @param tape what is traded; what has happened before now is history
   * @param script what goes wrong; its faults to the market are made part of the tape, and faults
   *     that are over by now are skipped
   * @param limits what clients are allowed
   * @param clock event time
   */
  public Exchange(Tape tape, FaultScript script, Limits limits, Clock clock) {
    Map<String, Lifecycle> lifecycles = new LinkedHashMap<>(tape.lifecycles());
    lifecycles.putAll(script.lifecycles());
    this.tape = tape.with(lifecycles);
    this.limits = limits;
    this.clock = clock;
    this.connections = limits.rate(limits.connectionsPerSecond(), Duration.ofSeconds(1));
    Instant now = now();
    for (String instrument : tape.instruments()) {
      feeds.put(instrument, new Feed(this.tape.open(instrument), board, agenda, now));
    }
    this.rest = new Rest(this, feeds);
    checkInstruments(script);
    script.faults().forEach(fault -> schedule(fault, now));
  }

  private void checkInstruments(FaultScript script) {
    for (Fault fault : script.faults()) {
      if (fault.instrument() != null && !feeds.containsKey(fault.instrument())) {
        throw new IllegalArgumentException(
            "%s names %s, which is not traded here; there are %s"
                .formatted(fault.kind().text(), fault.instrument(), feeds.keySet()));
      }
    }
  }

  /** What is traded, with what the script does to it. */
  public Tape tape() {
    return tape;
  }

  /** The exchange's time. */
  public Instant now() {
    return clock.instant();
  }

  /** How many WebSocket connections are open. */
  public int openConnections() {
    return sessions.size();
  }

  /** Every trade of an instrument that has happened by now, by ascending id. */
  public List<Trade> truth(String instrument) {
    return tape.trades(instrument, now());
  }

  /**
   * Lets more things go wrong; what lies in the past happens at once.
   *
   * @throws IllegalArgumentException when one of them is about the market, which is settled
   */
  public void inject(FaultScript more) {
    for (Fault fault : more.faults()) {
      if (fault.kind().where() == FaultKind.Where.MARKET) {
        throw new IllegalArgumentException(
            fault.kind().text() + " changes the tape; give it in the script at the start");
      }
    }
    checkInstruments(more);
    more.faults().forEach(fault -> schedule(fault, Instant.MIN));
  }

  /** Whether someone who connects a WebSocket now is let in; counts the attempt. */
  public Admission admit() {
    Fault refuse = board.strike(FaultKind.REFUSE, null, now());
    if (refuse != null) {
      return switch (refuse.text("how", "503")) {
        case "429" -> Admission.TOO_MANY;
        case "reset" -> Admission.RESET;
        default -> Admission.UNAVAILABLE;
      };
    }
    return connections.admit(now()) ? Admission.WELCOME : Admission.TOO_MANY;
  }

  /** Opens a session for a connection that was let in. */
  public Session connect(Endpoint endpoint, Outbox outbox) {
    connected++;
    String connId =
        String.format(Locale.ROOT, "%08x", (tape.seed() * 31 + connected) & 0xFFFFFFFFL);
    Session session = new Session(this, endpoint, outbox, connId, now());
    sessions.add(session);
    return session;
  }

  /**
   * Answers a REST request, at once or later.
   *
   * @param path such as /api/v5/public/time
   * @param query the parameters
   * @param reply is given the answer, or null when the connection is to be reset; is not called at
   *     all when the request is to hang
   */
  public void get(String path, Map<String, String> query, Consumer<Answer> reply) {
    rest.get(path, query, reply, agenda);
  }

  /** Whether nobody can connect at all now. */
  public boolean isDown() {
    return board.strike(FaultKind.DOWN, null, now()) != null;
  }

  /** Lets everything happen that is due by now. */
  public void tick() {
    Instant now = now();
    agenda.run(now);
    for (Feed feed : feeds.values()) {
      feed.publish(now);
      if (feed.isListingNew(now)) {
        String frame = listings(List.of(feed));
        sessions.stream()
            .filter(Session::followsListings)
            .forEach(session -> session.push(feed.instrument(), frame));
      }
    }
    board.expire(now);
    for (Session session : List.copyOf(sessions)) {
      session.tick(now);
    }
  }

  /** The push that begins a subscription to the instruments: those that are listed. */
  String listings() {
    return listings(feeds.values().stream().filter(feed -> isListed(feed.instrument())).toList());
  }

  private String listings(List<Feed> of) {
    return of.stream()
        .map(this::listing)
        .collect(
            Collectors.joining(
                ",",
                "{\"arg\":{\"channel\":\"instruments\",\"instType\":\"SWAP\"},\"data\":[",
                "]}"));
  }

  /** An instrument's metadata as it is served now. */
  String listing(Feed feed) {
    String row = ListingJson.row(feed.series().listing(), feed.series().lifecycle(), now());
    boolean isBlank = board.strike(FaultKind.BLANK, feed.instrument(), now()) != null;
    return isBlank ? Garbage.blank(row) : row;
  }

  /** What clients are allowed. */
  public Limits limits() {
    return limits;
  }

  FaultBoard board() {
    return board;
  }

  /** The feed of an instrument, or null when it is not traded here. */
  Feed feed(String instrument) {
    return instrument == null ? null : feeds.get(instrument);
  }

  boolean isListed(String instrument) {
    Feed feed = feed(instrument);
    return feed != null && feed.series().lifecycle().isListed(now());
  }

  void forget(Session session) {
    sessions.remove(session);
  }

  private void schedule(Fault fault, Instant now) {
    boolean lasts = fault.kind().where() != FaultKind.Where.SESSION;
    boolean over = lasts ? !fault.until().isAfter(now) : fault.at().isBefore(now);
    if (fault.kind().where() == FaultKind.Where.MARKET) {
      return;
    }
    if (!over) {
      agenda.at(fault.at(), () -> strike(fault));
    }
    if (fault.every() != null) {
      Instant again = fault.at();
      do {
        again = again.plus(fault.every());
      } while (over && again.isBefore(now));
      Fault next = fault.at(again);
      agenda.at(over ? now : fault.at(), () -> schedule(next, now()));
    }
  }

  private void strike(Fault fault) {
    if (fault.kind().where() == FaultKind.Where.SESSION) {
      List<Session> open = new ArrayList<>(sessions);
      Sabotage.strike(fault, open, this, agenda);
    } else {
      board.post(fault);
    }
  }
}
