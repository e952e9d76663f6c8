package io.tapelake.jobs.read;

import io.tapelake.jobs.minute.MinuteBar;
import io.tapelake.jobs.plan.Slice;
import java.io.IOException;
import java.util.List;

/** Reads slices of raw files, side by side. */
public interface SliceReader {

  /** What each slice holds, in the order of the slices. */
  List<SliceResult> scan(List<Slice> slices) throws IOException;

  /** The minutes of each portion, summed in the order of their trades; in the portions' order. */
  List<List<MinuteBar>> sort(List<UnsortedMinutes> portions) throws IOException;
}
