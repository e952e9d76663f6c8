package io.tapelake.jobs.lake;

import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import io.tapelake.jobs.table.PackedRow;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;

/** Delta Kernel's rows and columns as Spark has them. Holds the types that the tables have. */
final class KernelRows {

  private KernelRows() {}

  /** Spark's schema in Kernel's words. */
  static StructType kernelSchema(org.apache.spark.sql.types.StructType schema) {
    List<StructField> fields = new ArrayList<>();
    for (org.apache.spark.sql.types.StructField field : schema.fields()) {
      fields.add(new StructField(field.name(), kernelType(field.dataType()), field.nullable()));
    }
    return new StructType(fields);
  }

  /** Kernel's schema in Spark's words. */
  static org.apache.spark.sql.types.StructType sparkSchema(StructType schema) {
    org.apache.spark.sql.types.StructType spark = new org.apache.spark.sql.types.StructType();
    for (StructField field : schema.fields()) {
      spark = spark.add(field.getName(), sparkType(field.getDataType()), field.isNullable());
    }
    return spark;
  }

  /** A row as Spark has it. */
  static PackedRow sparkRow(io.delta.kernel.data.Row row, PackedRow.Layout layout) {
    Object[] values = new Object[row.getSchema().length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.isNullAt(i) ? null : value(row, i);
    }
    return PackedRow.of(layout, values);
  }

  private static Object value(io.delta.kernel.data.Row row, int column) {
    DataType type = row.getSchema().at(column).getDataType();
    if (type instanceof StringType) {
      return row.getString(column);
    } else if (type instanceof LongType) {
      return row.getLong(column);
    } else if (type instanceof DoubleType) {
      return row.getDouble(column);
    } else if (type instanceof DecimalType) {
      return row.getDecimal(column);
    } else if (type instanceof BooleanType) {
      return row.getBoolean(column);
    } else if (type instanceof DateType) {
      return LocalDate.ofEpochDay(row.getInt(column));
    } else {
      return Instant.EPOCH.plus(row.getLong(column), ChronoUnit.MICROS);
    }
  }

  private static DataType kernelType(org.apache.spark.sql.types.DataType type) {
    if (type.equals(DataTypes.StringType)) {
      return StringType.STRING;
    } else if (type.equals(DataTypes.LongType)) {
      return LongType.LONG;
    } else if (type.equals(DataTypes.DoubleType)) {
      return DoubleType.DOUBLE;
    } else if (type.equals(DataTypes.BooleanType)) {
      return BooleanType.BOOLEAN;
    } else if (type.equals(DataTypes.DateType)) {
      return DateType.DATE;
    } else if (type.equals(DataTypes.TimestampType)) {
      return TimestampType.TIMESTAMP;
    } else if (type instanceof org.apache.spark.sql.types.DecimalType decimal) {
      return new DecimalType(decimal.precision(), decimal.scale());
    }
    throw new IllegalArgumentException("no table has a column of " + type);
  }

  private static org.apache.spark.sql.types.DataType sparkType(DataType type) {
    if (type instanceof StringType) {
      return DataTypes.StringType;
    } else if (type instanceof LongType) {
      return DataTypes.LongType;
    } else if (type instanceof DoubleType) {
      return DataTypes.DoubleType;
    } else if (type instanceof BooleanType) {
      return DataTypes.BooleanType;
    } else if (type instanceof DateType) {
      return DataTypes.DateType;
    } else if (type instanceof TimestampType) {
      return DataTypes.TimestampType;
    } else if (type instanceof DecimalType decimal) {
      return DataTypes.createDecimalType(decimal.getPrecision(), decimal.getScale());
    }
    throw new IllegalArgumentException("no table has a column of " + type);
  }
}
