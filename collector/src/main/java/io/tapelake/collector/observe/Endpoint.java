package io.tapelake.collector.observe;

import io.tapelake.metrics.LoopbackServer;
import java.io.Closeable;
import java.io.IOException;
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

  private final LoopbackServer server;
  private final Supplier<Health> health;

  private Endpoint(LoopbackServer server, Supplier<Health> health) {
    this.server = server;
    this.health = health;
  }

  /**
   * Starts to serve.
   *
   * @param port 0 picks a free one
   */
  public static Endpoint start(int port, Metrics metrics, Supplier<Health> health)
      throws IOException {
    LoopbackServer server = new LoopbackServer(port, metrics.figures());
    Endpoint endpoint = new Endpoint(server, health);
    server
        .probe("/livez", endpoint::stuck)
        .probe("/healthz", endpoint::troubles)
        .probe("/readyz", endpoint::waitingFor)
        .start();
    return endpoint;
  }

  /** The port it listens on. */
  public int port() {
    return server.port();
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
    reasons.removeAll(health.get().news());
    reasons.addAll(health.get().waitingFor());
    return reasons;
  }

  @Override
  public void close() {
    server.close();
  }
}
