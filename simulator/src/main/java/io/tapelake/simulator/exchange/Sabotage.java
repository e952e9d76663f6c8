package io.tapelake.simulator.exchange;

import io.tapelake.simulator.fault.Fault;
import java.time.Instant;
import java.util.List;

/** What faults do to the connections that are open. */
final class Sabotage {

  private Sabotage() {}

  static void strike(Fault fault, List<Session> open, Exchange exchange, Agenda agenda) {
    switch (fault.kind()) {
      case RESET -> open.forEach(session -> session.outbox().reset());
      case DROP -> open.forEach(session -> session.outbox().drop());
      case CLOSE ->
          open.forEach(session -> session.close(fault.number("code", 4006), "Closed by script"));
      case STALL -> open.forEach(session -> session.stall(fault.instrument()));
      case FREEZE -> open.forEach(Session::freeze);
      case NOTICE -> notice(open, exchange, agenda);
      case PING ->
          open.forEach(
              session -> {
                session.send("ping");
                session.outbox().ping();
              });
      case EVENT -> open.forEach(Sabotage::unknownEvents);
      case REPLAY -> replay(fault, exchange);
      case FOREIGN -> open.forEach(session -> session.send(foreign(exchange.now())));
      case GARBAGE -> garbage(fault, open);
      default -> throw new IllegalStateException(fault.kind() + " is not about connections");
    }
  }

  private static void notice(List<Session> open, Exchange exchange, Agenda agenda) {
    open.forEach(Session::notice);
    Instant end = exchange.now().plus(exchange.limits().notice());
    agenda.at(end, () -> open.forEach(session -> session.outbox().drop()));
  }

  private static void unknownEvents(Session session) {
    session.send(
        "{\"event\":\"channel-conn-count\",\"channel\":\"trades-all\",\"connCount\":\"2\","
            + "\"connId\":\"abcd1234\"}");
    session.send("{\"event\":\"weather\",\"data\":{\"sky\":[\"blue\",{\"cloud\":null}]}}");
    session.send("{\"op\":\"nobody-knows\",\"args\":[]}");
  }

  private static void replay(Fault fault, Exchange exchange) {
    for (String instrument : exchange.tape().instruments()) {
      if (fault.instrument() == null || fault.instrument().equals(instrument)) {
        Feed feed = exchange.feed(instrument);
        feed.repeatLast(Channel.TRADES_ALL, fault.number("n", 10), null);
        feed.repeatLast(Channel.TRADES, fault.number("n", 10), null);
      }
    }
  }

  private static String foreign(Instant now) {
    return "{\"arg\":{\"channel\":\"trades-all\",\"instId\":\"../../EVIL-USDT-SWAP\"},\"data\":[{"
        + "\"instId\":\"../../EVIL-USDT-SWAP\",\"tradeId\":\"1\",\"px\":\"1\",\"sz\":\"1\","
        + "\"side\":\"buy\",\"ts\":\""
        + now.toEpochMilli()
        + "\",\"source\":\"0\"}]}";
  }

  private static void garbage(Fault fault, List<Session> open) {
    List<String> kinds =
        fault.settings().containsKey("what") ? List.of(fault.text("what", "")) : Garbage.HARMLESS;
    for (Session session : open) {
      for (String kind : kinds) {
        Garbage.send(kind, session.outbox(), fault.at().toEpochMilli());
      }
      session.outbox().flush();
    }
  }
}
