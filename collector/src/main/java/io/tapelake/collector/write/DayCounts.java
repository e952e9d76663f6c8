package io.tapelake.collector.write;

import io.tapelake.vault.DayFile;
import java.io.IOException;
import java.nio.file.Path;

/** Which trades of a day are aggregates, as far as anybody counted. */
public final class DayCounts {

  private final CountTable counts;

  private DayCounts(CountTable counts) {
    this.counts = counts;
  }

  /** What is known of a day. */
  public static DayCounts read(Path vault, DayFile day) throws IOException {
    try (AggregateCounts counts = new AggregateCounts(vault, day)) {
      return new DayCounts(counts.load(0));
    }
  }

  /** The lowest of the ids that a trade stands for. */
  public long first(long id) {
    return Math.max(0, id - counts.count(id) + 1);
  }
}
