package io.tapelake.collector.connect;

import java.time.Duration;

/**
 * How patient a connection is.
 *
 * @param open how long opening may take
 * @param quiet silence after which a ping is sent
 * @param pong how long the answer to a ping may take
 * @param acknowledge how long the answer to a subscription may take
 * @param firstPause the bound of the first pause before a new attempt
 * @param longestPause the bound of all later ones
 * @param spacing the least time between two connection attempts, of all connections together
 */
public record LinkTimes(
    Duration open,
    Duration quiet,
    Duration pong,
    Duration acknowledge,
    Duration firstPause,
    Duration longestPause,
    Duration spacing) {

  /** The same with another bound of the pauses before new attempts. */
  public LinkTimes pausingUpTo(Duration longest) {
    return new LinkTimes(open, quiet, pong, acknowledge, firstPause, longest, spacing);
  }

  /** The defaults of the configuration file. */
  public static final LinkTimes DEFAULT =
      new LinkTimes(
          Duration.ofSeconds(15),
          Duration.ofSeconds(15),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofMillis(500),
          Duration.ofSeconds(30),
          Duration.ofMillis(400));
}
