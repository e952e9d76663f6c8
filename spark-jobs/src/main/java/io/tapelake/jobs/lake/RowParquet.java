package io.tapelake.jobs.lake;

import io.tapelake.jobs.parquet.ParquetFile;
import io.tapelake.jobs.table.PackedRow;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.io.OutputFile;
import org.apache.spark.sql.types.StructType;

/** Writes packed rows to a Parquet file; their bytes go in as they are. */
final class RowParquet implements Closeable {

  private final ParquetFile file;

  /** The column that is not in the file. */
  private final int partition;

  private final int columns;

  /**
   * Opens a file for rows of these columns.
   *
   * @param distinct columns in which nearly every value is a new one
   */
  RowParquet(
      OutputFile out,
      Configuration configuration,
      StructType schema,
      String partition,
      List<String> distinct)
      throws IOException {
    this.partition = schema.fieldIndex(partition);
    columns = schema.size();
    file = new ParquetFile(out, configuration, schema, partition, distinct);
  }

  /** Writes a file of rows of these columns. */
  static void write(
      OutputFile file,
      Configuration configuration,
      StructType schema,
      String partition,
      List<PackedRow> rows)
      throws IOException {
    // Nearly every number of a minute is a new one.
    List<String> distinct = List.of(schema.fieldNames());
    try (RowParquet out = new RowParquet(file, configuration, schema, partition, distinct)) {
      for (PackedRow row : rows) {
        out.write(row);
      }
      out.finish();
    }
  }

  void write(PackedRow row) throws IOException {
    if (row.size() != columns) {
      throw new IllegalArgumentException(row.size() + " values for " + columns + " columns");
    }
    for (int i = 0; i < row.size(); i++) {
      if (i == partition) {
        continue;
      }
      if (row.isNullAt(i)) {
        file.putNull(i);
      } else {
        put(row, i);
      }
    }
    file.endRow();
  }

  private void put(PackedRow row, int column) {
    switch (row.kind(column)) {
      case TEXT, DECIMAL -> file.put(column, row.bytes(), row.from(column), row.length(column));
      case FLAG -> file.put(column, row.number(column) == 1);
      case REAL -> file.put(column, Double.longBitsToDouble(row.number(column)));
      default -> file.put(column, row.number(column));
    }
  }

  void finish() throws IOException {
    file.finish();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
