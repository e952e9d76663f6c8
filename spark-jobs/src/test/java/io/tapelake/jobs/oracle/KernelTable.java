package io.tapelake.jobs.oracle;

import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.Table;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** A Delta table as Delta Kernel reads it, which shares nothing with Spark's reader. */
public final class KernelTable {

  private final Engine engine = DefaultEngine.create(new Configuration());
  private final Snapshot snapshot;

  public KernelTable(Path vault, String name) {
    this(vault.resolve("lake").resolve(name));
  }

  public KernelTable(Path folder) {
    snapshot = Table.forPath(engine, folder.toString()).getLatestSnapshot(engine);
  }

  public Snapshot snapshot() {
    return snapshot;
  }

  /** Columns with their types, such as {@code close decimal(38,18)}, sorted. */
  List<String> columns() {
    return snapshot.getSchema().fields().stream()
        .map(field -> field.getName() + " " + field.getDataType().toString().toLowerCase())
        .sorted()
        .toList();
  }

  /** The rows of a table of a vault as text, in no order; none when there is no such table. */
  public static List<String> rows(Path vault, String name) throws IOException {
    return tableRows(vault, name).stream().map(TableRow::toString).toList();
  }

  static List<TableRow> tableRows(Path vault, String name) throws IOException {
    return Files.isDirectory(vault.resolve("lake").resolve(name).resolve("_delta_log"))
        ? new KernelTable(vault, name).tableRows()
        : List.of();
  }

  /** The rows as text, in no order. */
  public List<String> rows() throws IOException {
    return tableRows().stream().map(TableRow::toString).toList();
  }

  private List<TableRow> tableRows() throws IOException {
    List<TableRow> rows = new ArrayList<>();
    Scan scan = snapshot.getScanBuilder().build();
    Row state = scan.getScanState(engine);
    for (Row file : files(scan)) {
      addRows(state, file, rows);
    }
    return rows;
  }

  /** Where its files lie, sorted. */
  public List<String> files() throws IOException {
    return files(snapshot.getScanBuilder().build()).stream()
        .map(file -> InternalScanFileUtils.getAddFileStatus(file).getPath())
        .sorted()
        .toList();
  }

  private List<Row> files(Scan scan) throws IOException {
    List<Row> found = new ArrayList<>();
    try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> files = batches.next().getRows()) {
          while (files.hasNext()) {
            found.add(files.next());
          }
        }
      }
    }
    return found;
  }

  private void addRows(Row state, Row file, List<TableRow> rows) throws IOException {
    StructType schema = ScanStateRow.getPhysicalDataReadSchema(state);
    CloseableIterator<ColumnarBatch> physical =
        engine
            .getParquetHandler()
            .readParquetFiles(
                Utils.singletonCloseableIterator(InternalScanFileUtils.getAddFileStatus(file)),
                schema,
                Optional.empty())
            .map(FileReadResult::getData);
    try (CloseableIterator<FilteredColumnarBatch> logical =
        Scan.transformPhysicalData(engine, state, file, physical)) {
      while (logical.hasNext()) {
        try (CloseableIterator<Row> batch = logical.next().getRows()) {
          while (batch.hasNext()) {
            rows.add(text(batch.next()));
          }
        }
      }
    }
  }

  private static TableRow text(Row row) {
    TableRow text = new TableRow();
    StructType schema = row.getSchema();
    for (int i = 0; i < schema.length(); i++) {
      text.with(schema.at(i).getName(), row.isNullAt(i) ? null : value(row, i));
    }
    return text;
  }

  private static Object value(Row row, int column) {
    DataType type = row.getSchema().at(column).getDataType();
    if (type instanceof StringType) {
      return row.getString(column);
    }
    if (type instanceof LongType) {
      return row.getLong(column);
    }
    if (type instanceof DoubleType) {
      return row.getDouble(column);
    }
    if (type instanceof BooleanType) {
      return row.getBoolean(column);
    }
    if (type instanceof DecimalType) {
      return row.getDecimal(column);
    }
    if (type instanceof DateType) {
      return LocalDate.ofEpochDay(row.getInt(column));
    }
    if (type instanceof TimestampType) {
      return Instant.EPOCH.plus(row.getLong(column), ChronoUnit.MICROS);
    }
    throw new IllegalArgumentException("no column holds a " + type);
  }
}
