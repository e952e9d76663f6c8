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
 */
public record LinkTimes(
    Duration open,
    Duration quiet,
    Duration pong,
    Duration acknowledge,
    Duration firstPause,
    Duration longestPause) {

  /** The same with another bound of the pauses before new attempts. */
  public LinkTimes pausingUpTo(Duration longest) {
    return new LinkTimes(open, quiet, pong, acknowledge, firstPause, longest);
  }
}
