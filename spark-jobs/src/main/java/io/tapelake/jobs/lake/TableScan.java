package io.tapelake.jobs.lake;

import io.delta.kernel.Scan;
import io.delta.kernel.ScanBuilder;
import io.delta.kernel.Snapshot;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.expressions.And;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.ScanImpl;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.tapelake.jobs.published.DamagedException;
import io.tapelake.jobs.table.LakeSchema;
import io.tapelake.jobs.table.PackedRow;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Some data files of a version of a table, and the rows in them. */
final class TableScan {

  private static final int SECONDS_A_MINUTE = 60;
  private static final long MICROS_A_SECOND = 1_000_000L;

  private final Engine engine;
  private final String path;
  private final Scan scan;
  private final io.delta.kernel.data.Row state;
  private StructType schema;

  private TableScan(Engine engine, Snapshot snapshot, ScanBuilder builder) {
    this.engine = engine;
    path = snapshot.getPath();
    scan = builder.build();
    state = scan.getScanState(engine);
  }

  /** All files. */
  static TableScan all(Engine engine, Snapshot snapshot) {
    return new TableScan(engine, snapshot, snapshot.getScanBuilder());
  }

  /** All files, of which only one column is read. */
  static TableScan ofColumn(Engine engine, Snapshot snapshot, String column) {
    io.delta.kernel.types.StructType schema =
        new io.delta.kernel.types.StructType().add(snapshot.getSchema().get(column));
    return new TableScan(engine, snapshot, snapshot.getScanBuilder().withReadSchema(schema));
  }

  /** The files of some days; a bound that is null is none. */
  static TableScan ofDays(Engine engine, Snapshot snapshot, LocalDate from, LocalDate to) {
    Predicate since = from == null ? null : day(">=", from);
    Predicate until = to == null ? null : day("<=", to);
    Predicate both = since == null ? until : until == null ? since : new And(since, until);
    return new TableScan(engine, snapshot, snapshot.getScanBuilder().withFilter(both));
  }

  /** The files that may have minutes which a filter holds. */
  static TableScan of(Engine engine, Snapshot snapshot, MinuteFilter filter) {
    Predicate days = new And(day(">=", filter.firstDay()), day("<=", filter.lastDay()));
    Predicate minutes =
        new And(
            minute(snapshot, ">=", filter.firstMinute()),
            minute(snapshot, "<=", filter.lastMinute()));
    return new TableScan(
        engine, snapshot, snapshot.getScanBuilder().withFilter(new And(days, minutes)));
  }

  private static Predicate day(String operator, LocalDate day) {
    return new Predicate(
        operator, new Column(LakeSchema.PARTITION), Literal.ofDate((int) day.toEpochDay()));
  }

  /** Kernel leaves out files whose statistics say that they have no such minute. */
  private static Predicate minute(Snapshot snapshot, String operator, long minute) {
    String time = snapshot.getSchema().at(LakeSchema.TIME).getName();
    return new Predicate(
        operator,
        new Column(time),
        Literal.ofTimestamp(minute * SECONDS_A_MINUTE * MICROS_A_SECOND));
  }

  /** The columns that are read. */
  StructType schema() {
    if (schema == null) {
      schema = KernelRows.sparkSchema(ScanStateRow.getLogicalSchema(state));
    }
    return schema;
  }

  /** What is done with each file. */
  interface FileUse {
    void take(TableFile file) throws IOException;
  }

  /** Goes through the files. */
  void each(FileUse use) throws IOException {
    try (CloseableIterator<FilteredColumnarBatch> batches =
        ((ScanImpl) scan).getScanFiles(engine, true)) {
      while (batches.hasNext()) {
        try (CloseableIterator<io.delta.kernel.data.Row> rows = batches.next().getRows()) {
          while (rows.hasNext()) {
            use.take(new TableFile(rows.next()));
          }
        }
      }
    } catch (RuntimeException e) {
      throw DamagedException.whileReading(path, e);
    }
  }

  /** The files, ascending by day. */
  NavigableMap<LocalDate, List<TableFile>> byDay() throws IOException {
    NavigableMap<LocalDate, List<TableFile>> days = new TreeMap<>();
    each(file -> days.computeIfAbsent(file.day(), key -> new ArrayList<>()).add(file));
    return days;
  }

  interface Choice {
    boolean takes(Row row);
  }

  /** Adds the chosen rows of a file to a list; how many were not chosen. */
  int read(TableFile file, Choice choice, List<Row> rows) throws IOException {
    int[] left = {0};
    PackedRow.Layout layout = PackedRow.Layout.of(schema());
    eachRow(
        file,
        logical -> {
          Row row = KernelRows.sparkRow(logical, layout);
          if (choice.takes(row)) {
            rows.add(row);
          } else {
            left[0]++;
          }
        });
    return left[0];
  }

  /** What is done with each row. */
  interface RowUse {
    void take(io.delta.kernel.data.Row row) throws IOException;
  }

  /** Goes through what a file holds, its day among it. */
  void eachRow(TableFile file, RowUse use) throws IOException {
    FileStatus status = InternalScanFileUtils.getAddFileStatus(file.scanned());
    try {
      CloseableIterator<ColumnarBatch> physical =
          engine
              .getParquetHandler()
              .readParquetFiles(
                  Utils.singletonCloseableIterator(status),
                  ScanStateRow.getPhysicalDataReadSchema(state),
                  Optional.empty())
              .map(FileReadResult::getData);
      try (CloseableIterator<io.delta.kernel.data.Row> rows =
          Utils.intoRows(Scan.transformPhysicalData(engine, state, file.scanned(), physical))) {
        while (rows.hasNext()) {
          use.take(rows.next());
        }
      }
    } catch (IOException | RuntimeException e) {
      throw DamagedException.whileReading(status.getPath(), e);
    }
  }

  static boolean isHeld(MinuteFilter filter, Row row) {
    return filter.holds(row.getString(LakeSchema.INSTRUMENT), LakeSchema.minute(row));
  }

  static int byInstrumentAndMinute(Row one, Row other) {
    int byInstrument =
        one.getString(LakeSchema.INSTRUMENT).compareTo(other.getString(LakeSchema.INSTRUMENT));
    return byInstrument != 0
        ? byInstrument
        : one.<Instant>getAs(LakeSchema.TIME).compareTo(other.<Instant>getAs(LakeSchema.TIME));
  }
}
