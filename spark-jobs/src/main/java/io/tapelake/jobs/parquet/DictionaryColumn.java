package io.tapelake.jobs.parquet;

import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;

/**
 * A column whose values come again, or are flags: Parquet keeps each once, as long as that is
 * shorter.
 *
 * @param column of one row group
 */
record DictionaryColumn(ColumnWriter column) implements ColumnSink {

  @Override
  public void put(long value) {
    column.write(value, 0, 1);
  }

  @Override
  public void put(double value) {
    column.write(value, 0, 1);
  }

  @Override
  public void put(boolean value) {
    column.write(value, 0, 1);
  }

  @Override
  public void put(byte[] from, int offset, int count) {
    column.write(Binary.fromReusedByteArray(from, offset, count), 0, 1);
  }

  @Override
  public void putNull() {
    column.writeNull(0, 0);
  }

  @Override
  public long size() {
    return column.getBufferedSizeInMemory();
  }
}
