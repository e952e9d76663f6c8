package io.tapelake.collector.write;

import io.tapelake.collector.cover.IdRanges;
import io.tapelake.vault.DayFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * What a day's raw file holds, plain or archived.
 *
 * @param trades valid lines, repeated ones among them
 * @param ids the trade ids they stand for
 */
public record DayContent(long trades, IdRanges ids) {

  /** Reads a day; others may be writing to it. */
  public static DayContent read(Path vault, DayFile day) throws IOException {
    IdRanges ids = new IdRanges();
    try (AggregateCounts counts = new AggregateCounts(vault, day);
        InputStream lines = new RawDay(vault, day).open(0)) {
      RawIds reader = new RawIds(day, counts.load(0), ids, null);
      reader.read(lines);
      return new DayContent(reader.trades(), ids);
    }
  }

  /**
   * Adds the ids of the lines from an offset on, where one begins; returns where the last one ends.
   */
  public static long readOn(Path vault, DayFile day, long offset, IdRanges ids) throws IOException {
    try (AggregateCounts counts = new AggregateCounts(vault, day);
        InputStream lines = new RawDay(vault, day).open(offset)) {
      return offset + new RawIds(day, counts.load(0), ids, null).read(lines);
    }
  }

  /** Bytes of what is known of the day's aggregates; changes when more becomes known. */
  public static long countBytes(Path vault, DayFile day) throws IOException {
    try (AggregateCounts counts = new AggregateCounts(vault, day)) {
      return counts.length();
    }
  }
}
