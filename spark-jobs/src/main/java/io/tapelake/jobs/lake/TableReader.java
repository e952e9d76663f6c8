package io.tapelake.jobs.lake;

import io.delta.kernel.Snapshot;
import io.delta.kernel.SnapshotBuilder;
import io.delta.kernel.TableManager;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.snapshot.LogSegment;
import io.delta.kernel.internal.util.FileNames;
import io.delta.kernel.utils.FileStatus;
import io.tapelake.analytics.bar.DayBars;
import io.tapelake.analytics.window.MinuteRange;
import io.tapelake.jobs.plan.DayRange;
import io.tapelake.jobs.published.DamagedException;
import io.tapelake.jobs.published.Published.TableState;
import io.tapelake.jobs.table.LakeSchema;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** What the newest version of a Delta table has, read by the driver with Delta Kernel. */
final class TableReader {

  private final Engine engine;
  private final Configuration configuration;
  private final String uri;
  private Snapshot found;
  private long pinned = LakeTable.ABSENT;
  private TableState counts;

  TableReader(Engine engine, Configuration configuration, String uri) {
    this.engine = engine;
    this.configuration = configuration;
    this.uri = uri;
  }

  /** The newest version: the one that was found last, unless the table has gone on. */
  Snapshot snapshot() throws IOException {
    if (pinned != LakeTable.ABSENT) {
      return snapshot(pinned);
    }
    Path log = new Path(uri, "_delta_log");
    FileSystem files = log.getFileSystem(configuration);
    if (found == null
        || !files.exists(new Path(log, commit(found.getVersion())))
        || files.exists(new Path(log, commit(found.getVersion() + 1)))) {
      found = load(TableManager.loadSnapshot(uri));
    }
    return found;
  }

  private Snapshot load(SnapshotBuilder builder) throws IOException {
    try {
      Snapshot snapshot = builder.build(engine);
      checkLog(((SnapshotImpl) snapshot).getLogSegment());
      return snapshot;
    } catch (RuntimeException e) {
      throw DamagedException.whileReading(uri, e);
    }
  }

  /**
   * Kernel takes an entry without any actions for a commit of nothing, and one that is cut off at a
   * line's end for a smaller one.
   */
  private void checkLog(LogSegment log) throws IOException {
    boolean isAll = counts != null && log.getCheckpointVersionOpt().orElse(-1L) < counts.from();
    long bytes = 0;
    for (FileStatus commit : log.getDeltas()) {
      if (commit.getSize() == 0) {
        throw new DamagedException(commit.getPath() + " has 0 bytes", null);
      }
      long version = FileNames.deltaVersion(commit.getPath());
      if (isAll && version >= counts.from() && version <= counts.version()) {
        bytes += commit.getSize();
      }
    }
    if (isAll && bytes != counts.logBytes()) {
      throw new DamagedException(
          "%s: entries %d to %d of its log have %d bytes, not %d"
              .formatted(uri, counts.from(), counts.version(), bytes, counts.logBytes()),
          null);
    }
  }

  /** The state of the table that counts, or null: its log is compared with it. */
  void expect(TableState published) {
    counts = published;
  }

  /** A version, whatever came after it. */
  private Snapshot snapshot(long version) throws IOException {
    if (found == null || found.getVersion() != version) {
      found = load(TableManager.loadSnapshot(uri).atVersion(version));
    }
    return found;
  }

  /** Reads a version from now on. */
  void pin(long version) {
    pinned = version;
  }

  /** The version that was just written, or null when it has to be looked at. */
  void wrote(Snapshot snapshot) {
    found = snapshot;
  }

  /** What the table is known by. */
  String id() throws IOException {
    return snapshot().getMetadata().getId();
  }

  /** Files of a version that are gone or do not have the length that the log says. */
  List<String> damagedFiles(long version) throws IOException {
    List<String> damaged = new ArrayList<>();
    TableScan.all(engine, snapshot(version))
        .each(
            file -> {
              String damage = damage(file);
              if (damage != null) {
                damaged.add(damage);
              }
            });
    return damaged;
  }

  /** Makes sure that files are there, with all their bytes. */
  void checkThere(Collection<TableFile> files) throws IOException {
    for (TableFile file : files) {
      String damage = damage(file);
      if (damage != null) {
        throw new FileNotFoundException(damage);
      }
    }
  }

  private String damage(TableFile file) throws IOException {
    FileStatus logged = InternalScanFileUtils.getAddFileStatus(file.scanned());
    Path path = new Path(logged.getPath());
    try {
      long length = path.getFileSystem(configuration).getFileStatus(path).getLen();
      return length == logged.getSize()
          ? null
          : "%s has %d bytes, not %d".formatted(path.getName(), length, logged.getSize());
    } catch (FileNotFoundException e) {
      return path.getName() + " is gone";
    }
  }

  /** The name of a version in a log. */
  static String commit(long version) {
    return "%020d.json".formatted(version);
  }

  /** The rows that a filter holds, in no order. */
  List<org.apache.spark.sql.Row> read(MinuteFilter filter) throws IOException {
    List<org.apache.spark.sql.Row> rows = new ArrayList<>();
    if (!filter.isEmpty()) {
      TableScan scan = TableScan.of(engine, snapshot(), filter);
      scan.each(
          file -> {
            if (filter.touches(file.day())) {
              scan.read(file, row -> TableScan.isHeld(filter, row), rows);
            }
          });
    }
    return rows;
  }

  /**
   * How many rows an instrument has from one day to another. Files that are one instrument's alone
   * are not opened: their statistics tell.
   */
  long count(String instrument, DayRange days) throws IOException {
    Snapshot snapshot = snapshot();
    TableScan scan = TableScan.ofColumn(engine, snapshot, TableFile.Names.COLUMN);
    long[] count = {0};
    scan.each(
        file -> {
          TableFile.Names names = file.names(snapshot.getSchema());
          if (days.contains(file.day()) && names.mayHold(instrument)) {
            Optional<Long> rows = file.added().getNumRecords();
            boolean isTold =
                names.isAll(instrument)
                    && rows.isPresent()
                    && file.added().getDeletionVector().isEmpty();
            count[0] += isTold ? rows.get() : count(scan, file, instrument);
          }
        });
    return count[0];
  }

  private static long count(TableScan scan, TableFile file, String instrument) throws IOException {
    long[] count = {0};
    scan.eachRow(file, row -> count[0] += row.getString(0).equals(instrument) ? 1 : 0);
    return count[0];
  }

  /** The newest row of an instrument that is older than a minute, or null. */
  org.apache.spark.sql.Row newestBefore(String instrument, long minute) throws IOException {
    List<MinuteRange> justBefore = List.of(new MinuteRange(minute - 1, minute - 1));
    List<org.apache.spark.sql.Row> found = read(new MinuteFilter(Map.of(instrument, justBefore)));
    return found.isEmpty() ? searchBefore(instrument, minute) : found.get(0);
  }

  /** Goes through the days, the newest first. */
  private org.apache.spark.sql.Row searchBefore(String instrument, long minute) throws IOException {
    LocalDate last = LocalDate.ofEpochDay(Math.floorDiv(minute, (long) DayBars.MINUTES_A_DAY));
    TableScan scan = TableScan.ofDays(engine, snapshot(), null, last);
    NavigableMap<LocalDate, List<TableFile>> days = scan.byDay();
    for (List<TableFile> files : days.descendingMap().values()) {
      List<org.apache.spark.sql.Row> older = new ArrayList<>();
      for (TableFile file : files) {
        scan.read(
            file,
            row ->
                row.getString(LakeSchema.INSTRUMENT).equals(instrument)
                    && LakeSchema.minute(row) < minute,
            older);
      }
      if (!older.isEmpty()) {
        return Collections.max(older, TableScan::byInstrumentAndMinute);
      }
    }
    return null;
  }
}
