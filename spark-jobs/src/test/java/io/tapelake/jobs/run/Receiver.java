package io.tapelake.jobs.run;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A webhook's receiver on loopback, which takes what it gets unless it is told otherwise. */
public final class Receiver implements AutoCloseable {

  /** Instead of a status: no answer as long as this receiver lives. */
  public static final int HANG = -1;

  /** Instead of a status: 200, and then a body that does not end. */
  public static final int ENDLESS = -2;

  /** What was posted, and where. */
  public record Post(String path, String type, String key, String body) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<Post> posts = new ArrayList<>();
  private final Deque<Integer> answers = new ArrayDeque<>();

  public Receiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public String address() {
    return "http://127.0.0.1:%d/hooks/secret?token=secret".formatted(server.getAddress().getPort());
  }

  /** Says how the next posts are answered. */
  public synchronized void answer(int... statuses) {
    for (int status : statuses) {
      answers.add(status);
    }
  }

  /** All posts so far, in the order in which they came. */
  public synchronized List<Post> posts() {
    return List.copyOf(posts);
  }

  /** The bodies of the posts that came since so many. */
  public List<String> bodiesSince(int count) {
    List<Post> all = posts();
    return all.subList(count, all.size()).stream().map(Post::body).toList();
  }

  private synchronized int note(HttpExchange exchange) throws IOException {
    posts.add(
        new Post(
            exchange.getRequestURI().getPath(),
            exchange.getRequestHeaders().getFirst("Content-Type"),
            exchange.getRequestHeaders().getFirst("Idempotency-Key"),
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
    return answers.isEmpty() ? 204 : answers.remove();
  }

  private void handle(HttpExchange exchange) throws IOException {
    int status = note(exchange);
    try (exchange) {
      if (status == HANG) {
        closed.await();
      } else if (status == ENDLESS) {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().flush();
        closed.await();
      } else {
        exchange.getResponseHeaders().add("Location", "/elsewhere");
        exchange.sendResponseHeaders(status, -1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
