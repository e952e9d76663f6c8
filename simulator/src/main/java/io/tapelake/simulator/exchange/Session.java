package io.tapelake.simulator.exchange;

import io.tapelake.simulator.fault.Fault;
import io.tapelake.simulator.fault.FaultKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** One WebSocket connection as the exchange sees it. */
public final class Session {

  private record Subscription(Channel channel, String instrument) {}

  private static final Set<String> OPERATIONS = Set.of("subscribe", "unsubscribe");

  private final Exchange exchange;
  private final Endpoint endpoint;
  private final Outbox outbox;
  private final String connId;
  private final Instant opened;
  private final RateWindow requests;
  private final Set<Subscription> subscriptions = new LinkedHashSet<>();
  private final Set<String> stalled = new HashSet<>();
  private Instant lastTraffic;
  private boolean allStalled;
  private boolean frozen;
  private boolean open = true;
  private boolean written;

  Session(Exchange exchange, Endpoint endpoint, Outbox outbox, String connId, Instant now) {
    this.exchange = exchange;
    this.endpoint = endpoint;
    this.outbox = outbox;
    this.connId = connId;
    this.opened = now;
    this.lastTraffic = now;
    this.requests =
        exchange.limits().rate(exchange.limits().subscriptionsPerHour(), Duration.ofHours(1));
  }

  /** Takes a text message from the client. */
  public void receive(String text) {
    if (!open || frozen) {
      return;
    }
    lastTraffic = exchange.now();
    if (text.equals("ping")) {
      send("pong");
    } else if (text.getBytes(StandardCharsets.UTF_8).length > exchange.limits().requestBytes()) {
      close(1009, "Request is too long");
    } else if (!text.equals("pong")) {
      handle(text);
    }
    flush();
  }

  /** Takes note that the connection is gone. */
  public void closed() {
    open = false;
    for (Subscription subscription : subscriptions) {
      Feed feed = exchange.feed(subscription.instrument);
      if (feed != null) {
        feed.unsubscribe(subscription.channel, this);
      }
    }
    subscriptions.clear();
    exchange.forget(this);
  }

  private void handle(String text) {
    Request request;
    try {
      request = Request.parse(text);
    } catch (IOException e) {
      error(null, "60012", "Invalid request: " + text);
      return;
    }
    if (request.op() == null || request.args().isEmpty()) {
      error(request.id(), "60012", "Invalid request: " + text);
    } else if (!OPERATIONS.contains(request.op())) {
      error(request.id(), "60019", "Invalid op: " + request.op());
    } else if (!requests.admit(exchange.now())) {
      error(request.id(), "60014", "Requests too frequent");
    } else {
      for (Request.Arg arg : request.args()) {
        handle(request, arg);
      }
    }
  }

  private void handle(Request request, Request.Arg arg) {
    Channel channel = Channel.parse(arg.channel());
    String refusal = refusal(channel, arg);
    if (refusal != null) {
      error(request.id(), refusal, message(refusal, arg));
      return;
    }
    Feed feed = exchange.feed(arg.instrument());
    Subscription subscription = new Subscription(channel, arg.instrument());
    if (request.op().equals("unsubscribe")) {
      subscriptions.remove(subscription);
      if (feed != null) {
        feed.unsubscribe(channel, this);
      }
      acknowledge(request, arg);
      return;
    }
    if (strikes(FaultKind.MUTE, arg) != null) {
      return;
    }
    acknowledge(request, arg);
    subscriptions.add(subscription);
    if (channel == Channel.INSTRUMENTS) {
      push(null, exchange.listings());
    } else if (feed != null) {
      // The exchange begins every subscription with the last trade, however old it is.
      feed.repeatLast(channel, 1, this);
      feed.subscribe(channel, this);
    }
  }

  /** The code of what is wrong with a subscription, or null. */
  private String refusal(Channel channel, Request.Arg arg) {
    if (arg.channel() == null) {
      return "60012";
    }
    Fault reject = strikes(FaultKind.REJECT, arg);
    if (reject != null) {
      return reject.text("code", "60018");
    }
    if (channel == null) {
      return "60018";
    }
    if (channel.endpoint() != endpoint) {
      return endpoint == Endpoint.PUBLIC ? "64001" : "64002";
    }
    boolean known =
        switch (channel) {
          case STATUS -> true;
          case INSTRUMENTS -> "SWAP".equals(arg.type());
          case TRADES, TRADES_ALL -> exchange.isListed(arg.instrument());
        };
    return known ? null : "60018";
  }

  private Fault strikes(FaultKind kind, Request.Arg arg) {
    return exchange.board().strike(kind, arg.instrument(), exchange.now());
  }

  private static String message(String code, Request.Arg arg) {
    String about = arg.type() == null ? "instId:" + arg.instrument() : "instType:" + arg.type();
    String what = "channel:" + arg.channel() + "," + about;
    return switch (code) {
      case "60011" -> "Please log in";
      case "60012" -> "Invalid request: " + what;
      case "60014" -> "Requests too frequent";
      case "64001" ->
          "This channel has been migrated to the '/business' URL. "
              + "Please subscribe using the new URL.";
      case "64002" ->
          "This channel is not supported by \"/business\" URL. "
              + "Please use \"/public\" URL(for public channels).";
      case "60018" ->
          "Wrong URL or "
              + what
              + " doesn't exist. Please use the correct URL, channel and parameters"
              + " referring to API document.";
      default -> "Error for " + what;
    };
  }

  private void acknowledge(Request request, Request.Arg arg) {
    boolean plain = strikes(FaultKind.PLAIN, arg) != null;
    StringBuilder out = new StringBuilder("{");
    if (request.id() != null && !plain) {
      out.append("\"id\":\"").append(Json.escape(request.id())).append("\",");
    }
    out.append("\"event\":\"").append(request.op());
    out.append("\",\"arg\":{\"channel\":\"").append(arg.channel()).append('"');
    if (arg.instrument() != null) {
      out.append(",\"instId\":\"").append(Json.escape(arg.instrument())).append('"');
    }
    if (arg.type() != null) {
      out.append(",\"instType\":\"").append(Json.escape(arg.type())).append('"');
    }
    out.append('}');
    if (!plain) {
      out.append(",\"connId\":\"").append(connId).append('"');
    }
    send(out.append('}').toString());
  }

  private void error(String id, String code, String message) {
    StringBuilder out = new StringBuilder("{");
    if (id != null) {
      out.append("\"id\":\"").append(Json.escape(id)).append("\",");
    }
    out.append("\"event\":\"error\",\"code\":\"").append(code);
    out.append("\",\"msg\":\"").append(Json.escape(message));
    out.append("\",\"connId\":\"").append(connId).append("\"}");
    send(out.toString());
  }

  /** Whether it follows changes of the instruments. */
  boolean followsListings() {
    return subscriptions.contains(new Subscription(Channel.INSTRUMENTS, null));
  }

  /** Pushes a message about an instrument, unless the session is stalled. */
  void push(String instrument, String frame) {
    if (!allStalled && !stalled.contains(instrument)) {
      send(frame);
    }
  }

  /** Sends a message that nobody asked for. */
  void send(String text) {
    if (open && !frozen) {
      outbox.send(text);
      written = true;
      lastTraffic = exchange.now();
    }
  }

  void notice() {
    send(
        "{\"event\":\"notice\",\"code\":\"64008\",\"msg\":\"The connection will soon be closed for"
            + " a service upgrade. Please reconnect.\",\"connId\":\""
            + connId
            + "\"}");
  }

  /** Pushes no more; of one instrument, or of all when it is null. Pings are answered. */
  void stall(String instrument) {
    if (instrument == null) {
      allStalled = true;
    } else {
      stalled.add(instrument);
    }
  }

  void freeze() {
    frozen = true;
    outbox.freeze();
  }

  void close(int code, String reason) {
    if (open) {
      open = false;
      outbox.close(code, reason);
    }
  }

  Outbox outbox() {
    return outbox;
  }

  /** Sends what waits, and closes the connection when it is idle or too slow. */
  void tick(Instant now) {
    flush();
    if (!open || frozen) {
      return;
    }
    Duration idle = exchange.limits().idle();
    boolean silent = lastTraffic.plus(idle).isBefore(now);
    boolean useless = subscriptions.isEmpty() && opened.plus(idle).isBefore(now);
    if (silent || useless) {
      close(4004, "No data received in 30s.");
    } else if (outbox.isFull()) {
      close(4005, "Buffer is full, cannot write data");
    }
  }

  private void flush() {
    if (written) {
      outbox.flush();
      written = false;
    }
  }
}
