package io.tapelake.simulator.exchange;

import java.time.Duration;

/**
 * What the exchange allows its clients. Durations and rates are in event time: on a tape that runs
 * at 60 times the speed of the wall, limits that shall feel like the real ones to a client are
 * {@code Limits.okx().slowedBy(60)}.
 *
 * @param slowdown by how much every duration, also those within rates, is longer than the real one
 * @param idle how long a connection may go without traffic or without a subscription
 * @param notice from the notice of an upgrade to the connection's end
 * @param retention how far back REST history goes
 * @param connectionsPerSecond new connections
 * @param subscriptionsPerHour requests to subscribe or unsubscribe, per connection
 * @param requestBytes the longest request on a socket
 * @param bufferBytes what may wait to be sent to a slow reader before it is cut off
 */
public record Limits(
    double slowdown,
    Duration idle,
    Duration notice,
    Duration retention,
    int connectionsPerSecond,
    int subscriptionsPerHour,
    int requestBytes,
    int bufferBytes) {

  /** Those of the real exchange. */
  public static Limits okx() {
    return new Limits(
        1,
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        Duration.ofDays(90),
        3,
        480,
        64 * 1024,
        8 * 1024 * 1024);
  }

  /** No limit that a short test could meet, but with the real sizes. */
  public static Limits generous() {
    return new Limits(
        1e-6,
        Duration.ofDays(365),
        Duration.ofSeconds(60),
        Duration.ofDays(90),
        1_000_000,
        1_000_000,
        64 * 1024,
        8 * 1024 * 1024);
  }

  /** The same limits with longer durations and lower rates; a factor below 1 speeds them up. */
  public Limits slowedBy(double factor) {
    return new Limits(
        slowdown * factor,
        scale(idle, factor),
        scale(notice, factor),
        retention,
        connectionsPerSecond,
        subscriptionsPerHour,
        requestBytes,
        bufferBytes);
  }

  /** The same limits with another depth of REST history. */
  public Limits retaining(Duration newRetention) {
    return new Limits(
        slowdown,
        idle,
        notice,
        newRetention,
        connectionsPerSecond,
        subscriptionsPerHour,
        requestBytes,
        bufferBytes);
  }

  /** The same limits with another bound on what waits for a slow reader. */
  public Limits buffering(int bytes) {
    return new Limits(
        slowdown,
        idle,
        notice,
        retention,
        connectionsPerSecond,
        subscriptionsPerHour,
        requestBytes,
        bytes);
  }

  RateWindow rate(int events, Duration window) {
    return new RateWindow(events, scale(window, slowdown));
  }

  private static Duration scale(Duration duration, double factor) {
    return Duration.ofNanos((long) (duration.toNanos() * factor));
  }
}
