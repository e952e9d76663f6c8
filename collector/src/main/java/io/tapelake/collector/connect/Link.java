package io.tapelake.collector.connect;

import io.tapelake.collector.decode.Message;
import io.tapelake.collector.decode.MessageDecoder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;

/** One connection's life: opening, subscribing, listening, and the signs that it is dead. */
final class Link implements Sockets.Listener {

  /** The exchange takes 480 requests an hour on a connection. */
  private static final int MAX_REQUESTS = 450;

  private static final Duration HOUR = Duration.ofHours(1);

  /** Who hears what the link hears. */
  interface Owner {
    void message(Link link, Message message);

    void gone(Link link, String reason, Duration retryAfter);
  }

  private final String channel;
  private final LinkTimes times;
  private final Clock clock;
  private final MessageDecoder decoder;
  private final Owner owner;
  private final Subscriptions subscriptions;
  private final Instant started;

  /** When requests of the last hour were sent. */
  private final Deque<Instant> requests = new ArrayDeque<>();

  private Sockets.Socket socket;
  private Heartbeat heartbeat;
  private boolean gone;

  Link(
      String channel,
      Collection<String> instruments,
      LinkTimes times,
      Clock clock,
      MessageDecoder decoder,
      Owner owner) {
    this.channel = channel;
    this.times = times;
    this.clock = clock;
    this.decoder = decoder;
    this.owner = owner;
    this.subscriptions = new Subscriptions(times.acknowledge());
    this.started = clock.instant();
    instruments.forEach(subscriptions::need);
  }

  void open(Sockets sockets, String url) {
    socket = sockets.open(url, this);
  }

  @Override
  public void opened() {
    if (!gone) {
      heartbeat = new Heartbeat(times.quiet(), times.pong(), clock.instant());
      subscribe(clock.instant());
    }
  }

  @Override
  public void text(String text) {
    if (heartbeat != null) {
      heartbeat.heard(clock.instant());
    }
    Message message = decoder.decode(text);
    if (message instanceof Message.Ping) {
      socket.send("pong");
    }
    // Trades that were on their way when the link was given up are as good as any.
    if (!gone || message instanceof Message.Trades) {
      owner.message(this, message);
    }
  }

  @Override
  public void closed(String reason, Duration retryAfter) {
    end(reason, retryAfter);
  }

  void tick(Instant now) {
    if (gone) {
      return;
    }
    if (heartbeat == null) {
      if (!now.isBefore(started.plus(times.open()))) {
        fail("it did not open within " + times.open().toSeconds() + " s");
      }
      return;
    }
    switch (heartbeat.beat(now)) {
      case PING -> socket.send("ping");
      case DEAD -> fail("no answer to ping within " + times.pong().toSeconds() + " s");
      default -> subscribe(now);
    }
  }

  private void subscribe(Instant now) {
    for (Subscriptions.Request request : subscriptions.due(now)) {
      while (!requests.isEmpty() && !requests.peek().plus(HOUR).isAfter(now)) {
        requests.remove();
      }
      if (requests.size() >= MAX_REQUESTS) {
        fail("more than " + MAX_REQUESTS + " requests in an hour on one connection");
        return;
      }
      send("subscribe", request.id(), request.instruments());
    }
  }

  void need(String instrument) {
    subscriptions.need(instrument);
  }

  void forget(String instrument) {
    if (heartbeat != null && !gone && subscriptions.isAccepted(instrument)) {
      send("unsubscribe", "u" + subscriptions.requests(), java.util.List.of(instrument));
    }
    subscriptions.forget(instrument);
  }

  private void send(String operation, String id, Collection<String> instruments) {
    requests.add(clock.instant());
    StringBuilder request = new StringBuilder(64 + 64 * instruments.size());
    request.append("{\"id\":\"").append(id).append("\",\"op\":\"").append(operation);
    request.append("\",\"args\":[");
    String separator = "";
    String key = channel.equals(MessageDecoder.INSTRUMENTS) ? "instType" : "instId";
    for (String instrument : instruments) {
      request.append(separator).append("{\"channel\":\"").append(channel);
      request.append("\",\"").append(key).append("\":\"").append(instrument).append("\"}");
      separator = ",";
    }
    socket.send(request.append("]}").toString());
  }

  /** Drops the connection because something is wrong with it. */
  void fail(String reason) {
    socket.cancel();
    end(reason, null);
  }

  /** Closes the connection because it is not needed any more; its owner is not told. */
  void retire() {
    if (!gone) {
      gone = true;
      if (heartbeat == null) {
        socket.cancel();
      } else {
        socket.close();
      }
    }
  }

  private void end(String reason, Duration retryAfter) {
    if (!gone) {
      gone = true;
      owner.gone(this, reason, retryAfter);
    }
  }

  Subscriptions subscriptions() {
    return subscriptions;
  }

  boolean isOpen() {
    return heartbeat != null && !gone;
  }
}
