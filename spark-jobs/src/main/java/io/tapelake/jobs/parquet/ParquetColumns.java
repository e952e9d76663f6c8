package io.tapelake.jobs.parquet;

import java.util.Collection;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** A table's columns in a Parquet file, as Spark and Delta expect to find them. */
final class ParquetColumns {

  /** How the names of columns end that hold a number as text. */
  private static final String EXACT = "_exact";

  /** How the names of sums and quantities begin. */
  private static final List<String> VOLUMES =
      List.of(
          "contracts",
          "base_volume",
          "notional",
          "buy_contracts",
          "buy_base_volume",
          "buy_notional",
          "delta_",
          "cvd_",
          "stddev_",
          "deviation_bps_",
          "z_",
          "imbalance_",
          "amihud",
          "kyle_",
          "sweep",
          "start_",
          "largest_notional");

  private ParquetColumns() {}

  static MessageType schema(StructType columns, String partition) {
    Types.MessageTypeBuilder message = Types.buildMessage();
    for (StructField column : columns.fields()) {
      if (!column.name().equals(partition)) {
        message.addField(type(column.dataType()).named(column.name()));
      }
    }
    return message.named("spark_schema");
  }

  /** By column of the table where it is in the file; null for the partition's. */
  static ColumnDescriptor[] places(MessageType schema, StructType columns) {
    ColumnDescriptor[] places = new ColumnDescriptor[columns.size()];
    for (int i = 0; i < places.length; i++) {
      String name = columns.fields()[i].name();
      places[i] =
          schema.containsField(name) ? schema.getColumnDescription(new String[] {name}) : null;
    }
    return places;
  }

  static ParquetProperties properties(MessageType schema, Collection<String> distinct) {
    ParquetProperties.Builder builder =
        ParquetProperties.builder().withSizeStatisticsEnabled(false);
    distinct.stream()
        .filter(schema::containsField)
        .forEach(column -> builder.withDictionaryEncoding(column, false));
    for (ColumnDescriptor column : schema.getColumns()) {
      String name = column.getPath()[0];
      builder.withStatisticsEnabled(name, hasBounds(name));
    }
    return builder.build();
  }

  /**
   * Whether a reader may skip rows by the least and the greatest value of a column. Those of a
   * volume reach from little to much in any part of a day, and a number's text is not in its order;
   * to compare each of them took a quarter of what writing trades did.
   */
  private static boolean hasBounds(String name) {
    return !name.endsWith(EXACT) && VOLUMES.stream().noneMatch(name::startsWith);
  }

  private static Types.PrimitiveBuilder<PrimitiveType> type(DataType type) {
    if (type.equals(DataTypes.StringType)) {
      return Types.optional(PrimitiveTypeName.BINARY).as(LogicalTypeAnnotation.stringType());
    } else if (type.equals(DataTypes.LongType)) {
      return Types.optional(PrimitiveTypeName.INT64);
    } else if (type.equals(DataTypes.DoubleType)) {
      return Types.optional(PrimitiveTypeName.DOUBLE);
    } else if (type.equals(DataTypes.TimestampType)) {
      return Types.optional(PrimitiveTypeName.INT64)
          .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS));
    } else if (type.equals(DataTypes.BooleanType)) {
      return Types.optional(PrimitiveTypeName.BOOLEAN);
    } else if (type instanceof DecimalType decimal) {
      return Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
          .length(Int128Decimal.BYTES)
          .as(LogicalTypeAnnotation.decimalType(decimal.scale(), decimal.precision()));
    }
    throw new IllegalArgumentException("no table has a column of " + type);
  }
}
