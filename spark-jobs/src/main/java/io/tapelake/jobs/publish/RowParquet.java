package io.tapelake.jobs.publish;

import io.tapelake.jobs.parquet.ParquetRecords;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.spark.sql.types.StructType;

/** Writes packed rows as Parquet records; their bytes go in as they are. */
final class RowParquet extends ParquetRecords<PackedRow> {

  private final String[] columns;

  /** By column its place in the file, or -1 for the partition's. */
  private final int[] places;

  private RowParquet(StructType schema, String partition) {
    super(schema, partition);
    columns = schema.fieldNames();
    places = new int[columns.length];
    int next = 0;
    for (int i = 0; i < columns.length; i++) {
      places[i] = columns[i].equals(partition) ? -1 : next++;
    }
  }

  /**
   * Opens a file for rows of these columns.
   *
   * @param distinct columns in which nearly every value is a new one
   */
  static ParquetWriter<PackedRow> open(
      OutputFile file,
      Configuration configuration,
      StructType schema,
      String partition,
      List<String> distinct)
      throws IOException {
    return new RowParquet(schema, partition).open(file, configuration, distinct);
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
    try (ParquetWriter<PackedRow> out = open(file, configuration, schema, partition, distinct)) {
      for (PackedRow row : rows) {
        out.write(row);
      }
    }
  }

  @Override
  public void write(PackedRow row) {
    RecordConsumer record = record();
    record.startMessage();
    for (int i = 0; i < places.length; i++) {
      if (places[i] >= 0 && !row.isNullAt(i)) {
        record.startField(columns[i], places[i]);
        add(record, row, i);
        record.endField(columns[i], places[i]);
      }
    }
    record.endMessage();
  }

  private static void add(RecordConsumer record, PackedRow row, int column) {
    switch (row.kind(column)) {
      case TEXT, DECIMAL ->
          record.addBinary(
              Binary.fromConstantByteArray(row.bytes(), row.from(column), row.length(column)));
      case FLAG -> record.addBoolean(row.number(column) == 1);
      default -> record.addLong(row.number(column));
    }
  }
}
