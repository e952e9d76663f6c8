package io.tapelake.jobs.parquet;

/** What takes a column's values: one, or {@link #putNull}, a row. */
interface ColumnSink {

  void put(long value);

  void put(double value);

  void put(boolean value);

  /** Puts a text in UTF-8, or a number as {@link Int128Decimal} has it. */
  void put(byte[] from, int offset, int count);

  void putNull();

  /** About how many bytes of the row group wait in memory. */
  long size();
}
