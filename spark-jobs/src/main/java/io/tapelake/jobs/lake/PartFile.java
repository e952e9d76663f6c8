package io.tapelake.jobs.lake;

import io.tapelake.jobs.parquet.ParquetFile;
import io.tapelake.jobs.parquet.WrittenFile;
import io.tapelake.jobs.read.TradeParquet;
import io.tapelake.jobs.table.Columns;
import io.tapelake.jobs.table.LakeSchema;
import io.tapelake.jobs.table.PackedRow;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** A file of a table's rows of one day in the making, of which the table does not know yet. */
public final class PartFile implements Closeable {

  private final ParquetFile file;
  private final int partition;
  private final int columns;

  /**
   * An empty file.
   *
   * @param tableUri the table's folder
   * @param schema the columns of the table
   */
  public PartFile(Configuration configuration, String tableUri, StructType schema, long epochDay)
      throws IOException {
    columns = schema.size();
    partition = schema.fieldIndex(LakeSchema.PARTITION);
    List<String> names = List.of(schema.fieldNames());
    // Nearly every number of a minute is a new one.
    boolean isOfTrades = names.contains(TradeParquet.ID_COLUMN);
    List<String> distinct = isOfTrades ? TradeParquet.DISTINCT : names;
    file =
        new ParquetFile(configuration, tableUri, epochDay, schema, LakeSchema.PARTITION, distinct);
  }

  /** Adds a row that {@link Columns} made. */
  public void write(Row row) throws IOException {
    PackedRow packed = (PackedRow) row;
    if (packed.size() != columns) {
      throw new IllegalArgumentException(packed.size() + " values for " + columns + " columns");
    }
    for (int i = 0; i < columns; i++) {
      if (i == partition) {
        continue;
      }
      if (packed.isNullAt(i)) {
        file.putNull(i);
      } else {
        put(packed, i);
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

  /** Writes what is left; the whole file, or none when it has no rows. */
  public Optional<WrittenFile> finish() throws IOException {
    return file.finish();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
