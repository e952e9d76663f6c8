package io.tapelake.collector.observe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * On a loopback port: {@code /metrics}; {@code /livez}, whether the capture moves; {@code /readyz},
 * whether every instrument is live; {@code /healthz}, whether anything at all is wrong.
 */
public final class Endpoint implements Closeable {

  /** A capture thread that said nothing for longer is stuck. */
  private static final Duration STUCK = Duration.ofSeconds(15);

  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;

  private final HttpServer server;
  private final Metrics metrics;
  private final Supplier<Health> health;

  private Endpoint(HttpServer server, Metrics metrics, Supplier<Health> health) {
    this.server = server;
    this.metrics = metrics;
    this.health = health;
  }

  /**
   * Starts to serve.
   *
   * @param port 0 picks a free one
   */
  public static Endpoint start(int port, Metrics metrics, Supplier<Health> health)
      throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 8);
    Endpoint endpoint = new Endpoint(server, metrics, health);
    server.createContext("/metrics", endpoint::metrics);
    server.createContext("/livez", exchange -> endpoint.answer(exchange, endpoint.stuck()));
    server.createContext("/healthz", exchange -> endpoint.answer(exchange, endpoint.troubles()));
    server.createContext("/readyz", exchange -> endpoint.answer(exchange, endpoint.waitingFor()));
    server.start();
    return endpoint;
  }

  /** The port it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  private void metrics(HttpExchange exchange) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream(1 << 14);
    metrics.write(text);
    send(exchange, OK, Metrics.contentType(), text.toByteArray());
  }

  private List<String> troubles() {
    Health last = health.get();
    List<String> troubles = new ArrayList<>(last.troubles());
    troubles.addAll(stuck());
    return troubles;
  }

  private List<String> stuck() {
    boolean moves = System.nanoTime() - health.get().saidAtNanos() <= STUCK.toNanos();
    return moves
        ? List.of()
        : List.of("the capture has not moved for more than " + STUCK.toSeconds() + " s");
  }

  private List<String> waitingFor() {
    List<String> reasons = troubles();
    reasons.addAll(health.get().waitingFor());
    return reasons;
  }

  private void answer(HttpExchange exchange, List<String> reasons) throws IOException {
    String text = reasons.isEmpty() ? "ok\n" : String.join("\n", reasons) + "\n";
    send(
        exchange,
        reasons.isEmpty() ? OK : UNAVAILABLE,
        "text/plain; charset=utf-8",
        text.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
