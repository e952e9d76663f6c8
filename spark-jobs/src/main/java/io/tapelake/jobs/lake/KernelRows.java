package io.tapelake.jobs.lake;

import io.delta.kernel.internal.types.DataTypeJsonSerDe;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.tapelake.jobs.table.PackedRow;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/** Delta Kernel's rows and columns as Spark has them. Holds the types that the tables have. */
final class KernelRows {

  private KernelRows() {}

  /** Spark's schema in Kernel's words: both have it in the log's JSON. */
  static StructType kernelSchema(org.apache.spark.sql.types.StructType schema) {
    return DataTypeJsonSerDe.deserializeStructType(schema.json());
  }

  /** Kernel's schema in Spark's words. */
  static org.apache.spark.sql.types.StructType sparkSchema(StructType schema) {
    return (org.apache.spark.sql.types.StructType)
        org.apache.spark.sql.types.DataType.fromJson(DataTypeJsonSerDe.serializeStructType(schema));
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
}
