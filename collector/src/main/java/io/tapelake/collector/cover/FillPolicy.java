package io.tapelake.collector.cover;

import java.time.Duration;

/**
 * How patiently gaps are filled.
 *
 * @param settle how long late pushes have before REST is asked
 * @param retry how long after a pass that left ids missing the next one starts; doubles each time
 * @param passes passes before ids are recorded as missing
 * @param missingRetry how long until ids recorded as missing are asked for again
 */
public record FillPolicy(Duration settle, Duration retry, int passes, Duration missingRetry) {

  /** The defaults of the configuration file. */
  public static final FillPolicy DEFAULT =
      new FillPolicy(Duration.ofMillis(500), Duration.ofSeconds(2), 5, Duration.ofHours(1));
}
