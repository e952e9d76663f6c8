package io.tapelake.jobs.parquet;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.RecordConsumer;
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

/**
 * How records of a table get into a Parquet file: straight from what the program has, column by
 * column, as Spark and Delta expect to find them.
 *
 * @param <T> a record
 */
public abstract class ParquetRecords<T> extends WriteSupport<T> {

  private static final long ROW_GROUP_BYTES = 64L << 20;

  /** How the names of columns end that hold a number as text. */
  private static final String EXACT = "_exact";

  private final MessageType schema;
  private RecordConsumer record;

  /**
   * Records of a table.
   *
   * @param columns the table's
   * @param partition the column that is not in the files, as Delta has it
   */
  protected ParquetRecords(StructType columns, String partition) {
    schema = schema(columns, partition);
  }

  /**
   * Opens a file for them.
   *
   * @param distinct columns in which nearly every value is a new one: a dictionary would be in vain
   */
  public final ParquetWriter<T> open(
      OutputFile file, Configuration configuration, Collection<String> distinct)
      throws IOException {
    Builder<T> builder =
        new Builder<>(file, this)
            .withConf(configuration)
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .withRowGroupSize(ROW_GROUP_BYTES)
            .withSizeStatisticsEnabled(false);
    distinct.forEach(column -> builder.withDictionaryEncoding(column, false));
    // The bounds of texts of numbers let nobody skip anything.
    schema.getFields().stream()
        .map(org.apache.parquet.schema.Type::getName)
        .filter(name -> name.endsWith(EXACT))
        .forEach(name -> builder.withStatisticsEnabled(name, false));
    return builder.build();
  }

  private static final class Builder<T> extends ParquetWriter.Builder<T, Builder<T>> {

    private final ParquetRecords<T> records;

    Builder(OutputFile file, ParquetRecords<T> records) {
      super(file);
      this.records = records;
    }

    @Override
    protected Builder<T> self() {
      return this;
    }

    @Override
    protected WriteSupport<T> getWriteSupport(Configuration configuration) {
      return records;
    }
  }

  @Override
  public final String getName() {
    return "tapelake";
  }

  @Override
  public final WriteContext init(Configuration configuration) {
    return new WriteContext(schema, Map.of());
  }

  @Override
  public final void prepareForWrite(RecordConsumer consumer) {
    record = consumer;
  }

  /** Where the record's values go. */
  protected final RecordConsumer record() {
    return record;
  }

  private static MessageType schema(StructType columns, String partition) {
    Types.MessageTypeBuilder message = Types.buildMessage();
    for (StructField column : columns.fields()) {
      if (!column.name().equals(partition)) {
        message.addField(type(column.dataType()).named(column.name()));
      }
    }
    return message.named("spark_schema");
  }

  private static Types.PrimitiveBuilder<PrimitiveType> type(DataType type) {
    if (type.equals(DataTypes.StringType)) {
      return Types.optional(PrimitiveTypeName.BINARY).as(LogicalTypeAnnotation.stringType());
    } else if (type.equals(DataTypes.LongType)) {
      return Types.optional(PrimitiveTypeName.INT64);
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
