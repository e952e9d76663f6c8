package io.tapelake.live.market;

import java.util.List;

/**
 * What is certified of a day.
 *
 * @param isComplete whether its ids are dense and nothing is missing
 * @param missingIds how many ids are missing
 * @param because why it is not complete
 * @param bytes the length of the raw file that this is said of
 */
public record DayCertificate(
    boolean isComplete, long missingIds, List<String> because, long bytes) {

  public DayCertificate {
    because = List.copyOf(because);
  }
}
