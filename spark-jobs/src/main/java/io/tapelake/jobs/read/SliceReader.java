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
   * Writes the trades of closed minutes that the slices hold into the folder of a table, as Parquet
   * files of which it does not know yet: one a day, more where a day is large.
   */
  List<WrittenFile> writeTrades(List<Slice> slices, String table) throws IOException;
}
