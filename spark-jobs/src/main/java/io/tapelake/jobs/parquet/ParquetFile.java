package io.tapelake.jobs.parquet;

import java.io.Closeable;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.types.StructType;

/**
 * A data file of a table in the making. Each value goes straight to its column: Parquet's own way
 * for records looks up every field and asks at its end which ones were missing, which took as long
 * as a third of writing.
 *
 * <p>A row is a value, or {@link #putNull}, for every column but the partition's, in any order, and
 * {@link #endRow}; behind the last one comes {@link #finish}. Not thread-safe.
 */
public final class ParquetFile implements Closeable {

  private static final long ROW_GROUP_BYTES = 64L << 20;

  /** It is not asked after every row how large they have become. */
  private static final int ROWS_BETWEEN_CHECKS = 1000;

  private final Path path;
  private final FileSystem files;
  private final long epochDay;
  private final long groupBytes;

  /** How long the next row group may be: up to the end of the file system's block. */
  private long room;

  private final MessageType schema;
  private final ParquetProperties properties;
  private final ParquetFileWriter file;
  private final CodecFactory codecs;

  /** By column of the table where it is in the file; null for the partition's. */
  private final ColumnDescriptor[] places;

  private final ColumnSink[] columns;

  /** Those whose values come again, which Parquet's own writers take. */
  private final MessageType repeated;

  private ColumnChunkPageWriteStore pages;
  private ColumnWriteStore rows;
  private long rowsInGroup;
  private boolean finished;
  private boolean closed;

  /**
   * Opens a file of one day.
   *
   * @param tableUri the table's folder
   * @param columns the table's
   * @param partition the column that is not in the files, as Delta has it
   * @param distinct columns in which nearly every value is a new one: a dictionary would be in vain
   */
  public ParquetFile(
      Configuration configuration,
      String tableUri,
      long epochDay,
      StructType columns,
      String partition,
      Collection<String> distinct)
      throws IOException {
    this(configuration, tableUri, epochDay, columns, partition, distinct, ROW_GROUP_BYTES);
  }

  ParquetFile(
      Configuration configuration,
      String tableUri,
      long epochDay,
      StructType columns,
      String partition,
      Collection<String> distinct,
      long groupBytes)
      throws IOException {
    path =
        new Path(
            "%s/%s=%s/part-%s.snappy.parquet"
                .formatted(tableUri, partition, LocalDate.ofEpochDay(epochDay), UUID.randomUUID()));
    files = path.getFileSystem(configuration);
    this.epochDay = epochDay;
    this.groupBytes = groupBytes;
    room = groupBytes;
    schema = ParquetColumns.schema(columns, partition);
    properties = ParquetColumns.properties(schema, distinct);
    places = ParquetColumns.places(schema, columns);
    this.columns = new ColumnSink[places.length];
    List<Type> others = new ArrayList<>();
    for (int i = 0; i < places.length; i++) {
      if (places[i] != null && isPlain(places[i], distinct)) {
        this.columns[i] = new PlainColumn(places[i], properties.getStatisticsEnabled(places[i]));
      } else if (places[i] != null) {
        others.add(places[i].getPrimitiveType());
      }
    }
    repeated = new MessageType(schema.getName(), others);
    codecs = new CodecFactory(configuration, properties.getPageSizeThreshold());
    file =
        new ParquetFileWriter(
            HadoopOutputFile.fromPath(path, configuration),
            schema,
            ParquetFileWriter.Mode.CREATE,
            groupBytes,
            ParquetWriter.MAX_PADDING_SIZE_DEFAULT,
            null,
            properties);
    file.start();
    startGroup();
  }

  private static boolean isPlain(ColumnDescriptor column, Collection<String> distinct) {
    return distinct.contains(column.getPath()[0]) && PlainColumn.takes(column);
  }

  /** Puts a text in UTF-8, or a number as {@link Int128Decimal} has it. */
  public void put(int column, byte[] bytes, int offset, int length) {
    columns[column].put(bytes, offset, length);
  }

  /** Puts a count, or microseconds since 1970. */
  public void put(int column, long value) {
    columns[column].put(value);
  }

  /** Puts a statistic. */
  public void put(int column, double value) {
    columns[column].put(value);
  }

  public void put(int column, boolean value) {
    columns[column].put(value);
  }

  public void putNull(int column) {
    columns[column].putNull();
  }

  /** Ends a row that has got all its values. */
  public void endRow() throws IOException {
    rows.endRecord();
    rowsInGroup++;
    if (rowsInGroup % ROWS_BETWEEN_CHECKS == 0 && size() > room) {
      endGroup();
      startGroup();
    }
  }

  private long size() {
    long size = 0;
    for (ColumnSink column : columns) {
      size += column == null ? 0 : column.size();
    }
    return size;
  }

  /** Writes what is left: the file is whole then. One without rows is removed. */
  public Optional<WrittenFile> finish() throws IOException {
    endGroup();
    file.end(Map.of());
    finished = true;
    close();
    if (file.getFooter().getBlocks().isEmpty()) {
      files.delete(path, false);
      return Optional.empty();
    }
    return Optional.of(WrittenFile.of(files.getFileStatus(path), epochDay, file.getFooter()));
  }

  /** Closes the file; one that is not finished has no footer, so that nobody takes it for whole. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (file;
        ColumnChunkPageWriteStore ended = pages;
        ColumnWriteStore values = rows) {
      if (!finished) {
        file.abort();
      }
    } finally {
      codecs.release();
    }
  }

  private void startGroup() {
    pages =
        new ColumnChunkPageWriteStore(
            codecs.getCompressor(CompressionCodecName.SNAPPY),
            schema,
            properties.getAllocator(),
            properties.getColumnIndexTruncateLength(),
            properties.getPageWriteChecksumEnabled());
    rows = properties.newColumnWriteStore(repeated, pages);
    for (int i = 0; i < columns.length; i++) {
      if (columns[i] instanceof PlainColumn plain) {
        plain.begin(pages.getPageWriter(places[i]));
      } else if (places[i] != null) {
        columns[i] = new DictionaryColumn(rows.getColumnWriter(places[i]));
      }
    }
    rowsInGroup = 0;
  }

  private void endGroup() throws IOException {
    try (ColumnChunkPageWriteStore ended = pages;
        ColumnWriteStore values = rows) {
      pages = null;
      rows = null;
      if (rowsInGroup > 0) {
        file.startBlock(rowsInGroup);
        values.flush();
        for (ColumnSink column : columns) {
          if (column instanceof PlainColumn plain) {
            plain.flush();
          }
        }
        ended.flushToFileWriter(file);
        file.endBlock();
        room = Math.min(file.getNextRowGroupSize(), groupBytes);
      }
    }
  }
}
