package io.tapelake.jobs.outcome;

import java.util.Map;
import java.util.TreeMap;

/** What a run did for one instrument. Filled in while it runs. */
public final class InstrumentSummary {

  public long bytesRead;
  public long trades;
  public long duplicates;
  public long late;
  public long minutesWritten;
  public long minutesRevised;
  public final Map<String, Long> refused = new TreeMap<>();

  long refusedCount() {
    return refused.values().stream().mapToLong(Long::longValue).sum();
  }
}
