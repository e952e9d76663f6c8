package io.tapelake.jobs.read;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.jobs.parquet.WrittenFile;
import io.tapelake.jobs.plan.Slice;
import java.io.IOException;
import java.util.List;

/** Goes through slices of raw files, side by side. */
public interface SliceReader {

  /** What each slice holds, or why it cannot be read, in the order of the slices. */
  List<SliceRead> scan(List<Slice> slices) throws IOException;

  /** The minutes of each portion, summed in the order of their trades; in the portions' order. */
  List<List<MinuteBar>> sort(List<UnsortedMinutes> portions) throws IOException;

  /**
   * Writes the trades of closed minutes that the slices hold as Parquet files, of which the table
   * does not know yet: one a day, more where a day is large.
   *
   * @param table the table's folder below the vault
   */
  List<WrittenFile> writeTrades(List<Slice> slices, String table) throws IOException;
}
