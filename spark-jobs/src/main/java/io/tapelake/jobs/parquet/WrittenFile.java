package io.tapelake.jobs.parquet;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;

/**
 * A Parquet file of one day's rows that no table knows yet.
 *
 * @param path the whole path
 * @param bytes its length
 * @param modified when it was finished, in milliseconds since 1970
 * @param epochDay the UTC day of its rows, in days since 1970-01-01
 * @param rows how many they are
 * @param bounds of columns that a reader may skip it by
 */
public record WrittenFile(
    String path, long bytes, long modified, long epochDay, long rows, Map<String, Bounds> bounds)
    implements Serializable {

  /**
   * What a column holds.
   *
   * @param nulls how many values are null
   * @param least the smallest value: text, a count or microseconds since 1970, or a decimal; null
   *     where all are null
   * @param greatest the largest
   */
  public record Bounds(long nulls, Serializable least, Serializable greatest)
      implements Serializable {}

  /** What a footer tells of its file. */
  static WrittenFile of(FileStatus file, long epochDay, ParquetMetadata footer) {
    long rows = 0;
    Map<String, Statistics<?>> columns = new HashMap<>();
    for (BlockMetaData block : footer.getBlocks()) {
      rows += block.getRowCount();
      for (ColumnChunkMetaData column : block.getColumns()) {
        Statistics<?> statistics = column.getStatistics();
        if (isComparable(column.getPrimitiveType()) && !statistics.isEmpty()) {
          columns.merge(column.getPath().toDotString(), statistics.copy(), WrittenFile::merge);
        }
      }
    }
    Map<String, Bounds> bounds = new HashMap<>();
    columns.forEach((name, statistics) -> bounds.put(name, bounds(statistics)));
    return new WrittenFile(
        file.getPath().toString(),
        file.getLen(),
        file.getModificationTime(),
        epochDay,
        rows,
        bounds);
  }

  private static Statistics<?> merge(Statistics<?> one, Statistics<?> other) {
    one.mergeStatistics(other);
    return one;
  }

  /** A switch has nothing between its values, and a statistic may have no order. */
  private static boolean isComparable(PrimitiveType type) {
    return switch (type.getPrimitiveTypeName()) {
      case BINARY, INT64, FIXED_LEN_BYTE_ARRAY -> true;
      default -> false;
    };
  }

  private static Bounds bounds(Statistics<?> of) {
    boolean hasValues = of.hasNonNullValue();
    return new Bounds(
        of.getNumNulls(),
        hasValues ? value(of.type(), of.genericGetMin()) : null,
        hasValues ? value(of.type(), of.genericGetMax()) : null);
  }

  private static Serializable value(PrimitiveType type, Object value) {
    if (!(value instanceof Binary bytes)) {
      return (Long) value;
    }
    return type.getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation decimal
        ? new BigDecimal(new BigInteger(bytes.getBytes()), decimal.getScale())
        : bytes.toStringUsingUTF8();
  }
}
