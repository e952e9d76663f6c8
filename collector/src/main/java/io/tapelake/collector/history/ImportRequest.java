package io.tapelake.collector.history;

import java.util.Set;

/**
 * What is to be imported of a file.
 *
 * @param instrument whose trades it holds, as a person said; null when the file says it
 * @param only the instruments wanted of a venue's file; empty for all swaps
 */
public record ImportRequest(String instrument, Set<String> only) {

  public ImportRequest {
    only = Set.copyOf(only);
  }

  boolean wants(String name) {
    return only.isEmpty() ? name.endsWith("-SWAP") : only.contains(name);
  }
}
