package io.tapelake.jobs.lake;

import io.delta.kernel.DataWriteContext;
import io.delta.kernel.Transaction;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.statistics.DataFileStatistics;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.tapelake.jobs.read.TradeFile;
import io.tapelake.jobs.read.TradeParquet;
import io.tapelake.jobs.table.LakeSchema;
import io.tapelake.jobs.table.PackedRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.spark.sql.types.StructType;

/** Writes the data files of a Delta table, days side by side, and says how they are taken in. */
final class DataFiles {

  private final Engine engine;
  private final Configuration configuration;
  private final String uri;

  DataFiles(Engine engine, Configuration configuration, String uri) {
    this.engine = engine;
    this.configuration = configuration;
    this.uri = uri;
  }

  /** Writes rows, one file a day; the actions that take the files in. */
  List<Row> write(Transaction transaction, List<org.apache.spark.sql.Row> rows) {
    Row state = transaction.getTransactionState(engine);
    StructType schema = KernelRows.sparkSchema(transaction.getSchema(engine));
    PackedRow.Layout layout = PackedRow.Layout.of(schema);
    int date = schema.fieldIndex(LakeSchema.PARTITION);
    TreeMap<Long, List<PackedRow>> days = new TreeMap<>();
    for (org.apache.spark.sql.Row row : rows) {
      PackedRow packed = PackedRow.of(layout, row);
      days.computeIfAbsent(packed.number(date), key -> new ArrayList<>()).add(packed);
    }
    return days.entrySet().parallelStream()
        .flatMap(day -> writeDay(state, schema, day.getKey(), day.getValue()).stream())
        .toList();
  }

  private List<Row> writeDay(Row state, StructType schema, long epochDay, List<PackedRow> rows) {
    DataWriteContext context = context(state, epochDay);
    // Kernel names the folder by its URI, in which a blank is %20.
    Path folder = new Path(URI.create(context.getTargetDirectory()));
    Path path = new Path(folder, "part-%s.parquet".formatted(UUID.randomUUID()));
    try {
      RowParquet.write(
          HadoopOutputFile.fromPath(path, configuration),
          configuration,
          schema,
          LakeSchema.PARTITION,
          rows);
      FileStatus file = path.getFileSystem(configuration).getFileStatus(path);
      DataFileStatus written =
          new DataFileStatus(
              file.getPath().toString(),
              file.getLen(),
              file.getModificationTime(),
              Optional.of(statistics(schema, rows)));
      return takeIn(state, context, List.of(written));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write " + LocalDate.ofEpochDay(epochDay) + " of " + uri, e);
    }
  }

  /** What a reader may skip a file by: whose rows it has, of which minutes. */
  private static DataFileStatistics statistics(StructType schema, List<PackedRow> rows) {
    String firstName = rows.get(0).getString(LakeSchema.INSTRUMENT);
    String lastName = firstName;
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    PackedRow before = null;
    for (PackedRow row : rows) {
      if (before == null || !row.hasSame(LakeSchema.INSTRUMENT, before)) {
        String name = row.getString(LakeSchema.INSTRUMENT);
        firstName = name.compareTo(firstName) < 0 ? name : firstName;
        lastName = name.compareTo(lastName) > 0 ? name : lastName;
        before = row;
      }
      first = Math.min(first, row.number(LakeSchema.TIME));
      last = Math.max(last, row.number(LakeSchema.TIME));
    }
    Column instrument = new Column(schema.fieldNames()[LakeSchema.INSTRUMENT]);
    Column time = new Column(schema.fieldNames()[LakeSchema.TIME]);
    return new DataFileStatistics(
        rows.size(),
        Map.of(instrument, Literal.ofString(firstName), time, Literal.ofTimestamp(first)),
        Map.of(instrument, Literal.ofString(lastName), time, Literal.ofTimestamp(last)),
        Map.of(),
        Optional.empty());
  }

  /**
   * Copies trades of some days, row by row, since there may be more of them than the driver has
   * room for.
   *
   * @param days by day the files that are copied
   * @param leftOut by day the instruments whose trades are not
   */
  List<TradeFile> copy(
      TableScan scan, Map<LocalDate, List<TableFile>> days, Map<LocalDate, Set<String>> leftOut) {
    return days.entrySet().parallelStream()
        .flatMap(
            day ->
                copy(
                    scan,
                    day.getKey(),
                    day.getValue(),
                    leftOut.getOrDefault(day.getKey(), Set.of()))
                    .stream())
        .toList();
  }

  private Optional<TradeFile> copy(
      TableScan scan, LocalDate day, List<TableFile> files, Set<String> leftOut) {
    try (TradeCopy copy = new TradeCopy(configuration, uri, day, scan.schema(), leftOut)) {
      for (TableFile file : files) {
        scan.eachRow(file, copy::add);
      }
      return copy.finish();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + day + " of " + uri, e);
    }
  }

  /** The actions that take files in which are written already. */
  List<Row> takeIn(Transaction transaction, List<TradeFile> files) throws IOException {
    Row state = transaction.getTransactionState(engine);
    StructType schema = KernelRows.sparkSchema(transaction.getSchema(engine));
    TreeMap<Long, List<DataFileStatus>> days = new TreeMap<>();
    for (TradeFile file : files) {
      days.computeIfAbsent(file.epochDay(), day -> new ArrayList<>()).add(status(file, schema));
    }
    List<Row> actions = new ArrayList<>();
    for (Map.Entry<Long, List<DataFileStatus>> day : days.entrySet()) {
      actions.addAll(takeIn(state, context(state, day.getKey()), day.getValue()));
    }
    return actions;
  }

  /** Where the files of a day go. */
  private DataWriteContext context(Row state, long epochDay) {
    return Transaction.getWriteContext(
        engine, state, Map.of(LakeSchema.PARTITION, Literal.ofDate((int) epochDay)));
  }

  private List<Row> takeIn(Row state, DataWriteContext context, List<DataFileStatus> files)
      throws IOException {
    try (CloseableIterator<Row> actions =
        Transaction.generateAppendActions(
            engine, state, Utils.toCloseableIterator(files.iterator()), context)) {
      return actions.toInMemoryList();
    }
  }

  private static DataFileStatus status(TradeFile file, StructType schema) {
    return new DataFileStatus(
        file.path(),
        file.bytes(),
        file.modified(),
        Optional.of(
            new DataFileStatistics(
                file.trades(),
                bound(file.first(), schema),
                bound(file.last(), schema),
                Map.of(),
                Optional.empty())));
  }

  private static Map<Column, Literal> bound(TradeFile.Bound bound, StructType schema) {
    Map<Column, Literal> bounds = new HashMap<>();
    bounds.put(new Column(TableFile.Names.COLUMN), Literal.ofString(bound.instrument()));
    if (schema.getFieldIndex(TradeParquet.ID_COLUMN).isDefined()) {
      bounds.put(new Column(TradeParquet.ID_COLUMN), Literal.ofLong(bound.id()));
      bounds.put(new Column(TradeParquet.TIME_COLUMN), Literal.ofTimestamp(bound.micros()));
    } else {
      bounds.put(
          new Column(schema.fieldNames()[LakeSchema.TIME]), Literal.ofTimestamp(bound.micros()));
    }
    return bounds;
  }
}
