package io.tapelake.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Serves {@code /metrics} and probes on a port that only this machine reaches. */
public final class LoopbackServer implements Closeable {

  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;
  private static final int BACKLOG = 8;

  /** One that is slow, or says nothing at all, keeps the others from no answer. */
  private static final int CLIENTS_AT_ONCE = 4;

  private static final String REQUEST_SECONDS = "5";

  static {
    // Read once, when the first server of the process is made.
    System.setProperty("sun.net.httpserver.maxReqTime", REQUEST_SECONDS);
  }

  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          CLIENTS_AT_ONCE,
          task -> {
            Thread thread = new Thread(task, "observe");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * A server that has its port and does not answer yet.
   *
   * @param port 0 picks a free one
   */
  public LoopbackServer(int port, ProgramMetrics metrics) throws IOException {
    server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    server.setExecutor(threads);
    server.createContext(
        "/metrics", exchange -> send(exchange, OK, ProgramMetrics.CONTENT_TYPE, metrics.page()));
  }

  /**
   * Adds a probe: 200 while there is no reason against it, otherwise 503 and the reasons, a line
   * each.
   */
  public LoopbackServer probe(String path, Supplier<List<String>> reasons) {
    server.createContext(
        path,
        exchange -> {
          List<String> now = reasons.get();
          String text = now.isEmpty() ? "ok\n" : String.join("\n", now) + "\n";
          send(
              exchange,
              now.isEmpty() ? OK : UNAVAILABLE,
              "text/plain; charset=utf-8",
              text.getBytes(StandardCharsets.UTF_8));
        });
    return this;
  }

  /** Starts to answer. */
  public LoopbackServer start() {
    server.start();
    return this;
  }

  /** The port it listens on. */
  public int port() {
    return server.getAddress().getPort();
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
    threads.shutdownNow();
  }
}
