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
import io.tapelake.analytics.number.SqlDecimal;
import io.tapelake.jobs.parquet.WrittenFile;
import io.tapelake.jobs.table.LakeSchema;
import io.tapelake.jobs.table.PackedRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Writes the data files of a Delta table, days side by side, and says how they are taken in. */
record DataFiles(Engine engine, Configuration configuration, String uri) {

  /** Writes rows, one file a day; the actions that take the files in. */
  List<Row> write(Transaction transaction, List<org.apache.spark.sql.Row> rows) throws IOException {
    StructType schema = KernelRows.sparkSchema(transaction.getSchema(engine));
    return takeIn(
        transaction,
        days(rows).entrySet().parallelStream()
            .map(day -> write(schema, day.getKey(), day.getValue()))
            .toList());
  }

  /** Rows by their UTC day. */
  static SortedMap<LocalDate, List<org.apache.spark.sql.Row>> days(
      List<org.apache.spark.sql.Row> rows) {
    SortedMap<LocalDate, List<org.apache.spark.sql.Row>> days = new TreeMap<>();
    for (org.apache.spark.sql.Row row : rows) {
      days.computeIfAbsent(LakeSchema.day(row), key -> new ArrayList<>()).add(row);
    }
    return days;
  }

  /** Writes a day's rows, of which there is one at least. */
  WrittenFile write(StructType schema, LocalDate day, List<org.apache.spark.sql.Row> rows) {
    PackedRow.Layout layout = PackedRow.Layout.of(schema);
    try (PartFile file = new PartFile(configuration, uri, schema, day.toEpochDay())) {
      for (org.apache.spark.sql.Row row : rows) {
        file.write(PackedRow.of(layout, row));
      }
      return file.finish().orElseThrow();
    } catch (IOException e) {
      throw cannotWrite(day, e);
    }
  }

  private UncheckedIOException cannotWrite(LocalDate day, IOException e) {
    return new UncheckedIOException("cannot write " + day + " of " + uri, e);
  }

  /**
   * Copies the files of some days, but for the trades of the instruments left out, row by row,
   * since there may be more of them than the driver has room for.
   */
  List<WrittenFile> copy(
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

  private Optional<WrittenFile> copy(
      TableScan scan, LocalDate day, List<TableFile> files, Set<String> leftOut) {
    StructType schema = scan.schema();
    PackedRow.Layout layout = PackedRow.Layout.of(schema);
    int instrument = schema.fieldIndex(TableFile.Names.COLUMN);
    try (PartFile copy = new PartFile(configuration, uri, schema, day.toEpochDay())) {
      for (TableFile file : files) {
        scan.eachRow(
            file,
            row -> {
              if (!leftOut.contains(row.getString(instrument))) {
                copy.write(KernelRows.sparkRow(row, layout));
              }
            });
      }
      return copy.finish();
    } catch (IOException e) {
      throw cannotWrite(day, e);
    }
  }

  /** The actions that take files in which are written already. */
  List<Row> takeIn(Transaction transaction, List<WrittenFile> files) throws IOException {
    Row state = transaction.getTransactionState(engine);
    StructType schema = KernelRows.sparkSchema(transaction.getSchema(engine));
    TreeMap<Long, List<DataFileStatus>> days = new TreeMap<>();
    for (WrittenFile file : files) {
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

  private static DataFileStatus status(WrittenFile file, StructType schema) {
    Map<Column, Literal> least = new HashMap<>();
    Map<Column, Literal> greatest = new HashMap<>();
    Map<Column, Long> nulls = new HashMap<>();
    file.bounds()
        .forEach(
            (name, bounds) -> {
              Column column = new Column(name);
              DataType type = schema.apply(name).dataType();
              nulls.put(column, bounds.nulls());
              if (bounds.least() != null) {
                least.put(column, literal(type, bounds.least()));
                greatest.put(column, literal(type, bounds.greatest()));
              }
            });
    return new DataFileStatus(
        file.path(),
        file.bytes(),
        file.modified(),
        Optional.of(new DataFileStatistics(file.rows(), least, greatest, nulls, Optional.empty())));
  }

  private static Literal literal(DataType type, Object value) {
    if (value instanceof BigDecimal number) {
      return Literal.ofDecimal(number, SqlDecimal.PRECISION, number.scale());
    } else if (value instanceof String text) {
      return Literal.ofString(text);
    }
    return type.equals(DataTypes.TimestampType)
        ? Literal.ofTimestamp((Long) value)
        : Literal.ofLong((Long) value);
  }
}
