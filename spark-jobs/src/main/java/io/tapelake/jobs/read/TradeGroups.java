package io.tapelake.jobs.read;

import io.tapelake.jobs.parquet.WrittenFile;
import io.tapelake.jobs.plan.Slice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** Which slices' trades share a file of the table of trades: those of a day, up to a size. */
final class TradeGroups {

  /** Raw bytes whose trades make one file. */
  private static final long BYTES_A_FILE = 512L << 20;

  private TradeGroups() {}

  /** The slices of each file, days ascending, and within a day in their order. */
  static List<ArrayList<Slice>> of(List<Slice> slices) {
    Map<Long, List<Slice>> days = new TreeMap<>();
    slices.forEach(
        slice -> days.computeIfAbsent(slice.epochDay(), day -> new ArrayList<>()).add(slice));
    List<ArrayList<Slice>> groups = new ArrayList<>();
    for (List<Slice> day : days.values()) {
      ArrayList<Slice> group = new ArrayList<>();
      long bytes = 0;
      for (Slice slice : day) {
        // A compressed file's length may be unknown, which counts as endless.
        long length = Math.min(BYTES_A_FILE, slice.length());
        if (!group.isEmpty() && bytes + length > BYTES_A_FILE) {
          groups.add(group);
          group = new ArrayList<>();
          bytes = 0;
        }
        group.add(slice);
        bytes += length;
      }
      groups.add(group);
    }
    return groups;
  }

  /**
   * Writes the trades of closed minutes that a group's slices hold into a file in the folder of a
   * table, unless there are none.
   */
  static Optional<WrittenFile> write(
      List<Slice> group, String vaultUri, String table, Configuration configuration)
      throws IOException {
    try (TradeParquet out =
        new TradeParquet(configuration, vaultUri + "/" + table, group.get(0).epochDay())) {
      for (Slice slice : group) {
        out.of(slice.instrument());
        RawFileBytes bytes = new RawFileBytes(vaultUri + "/" + slice.path(), configuration);
        try (SliceScan scan = new SliceScan(slice, bytes)) {
          while (scan.next()) {
            out.write(scan.trade());
          }
        }
      }
      return out.finish();
    }
  }
}
