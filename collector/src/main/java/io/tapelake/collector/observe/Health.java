package io.tapelake.collector.observe;

import java.util.List;

/**
 * How the collector is, as its own thread last said. Read by other threads.
 *
 * @param troubles why it is not healthy; empty when it is
 * @param news those of the troubles that do not keep it from being ready
 * @param waitingFor what it is not ready without; empty when it is ready
 * @param saidAtNanos when, by {@link System#nanoTime}
 */
public record Health(
    List<String> troubles, List<String> news, List<String> waitingFor, long saidAtNanos) {

  public Health {
    troubles = List.copyOf(troubles);
    news = List.copyOf(news);
    waitingFor = List.copyOf(waitingFor);
  }
}
