package io.tapelake.jobs.publish;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataTypes;

/** Spark's rows as Delta Kernel's columns, and back. Holds the types that the tables have. */
final class KernelRows implements ColumnarBatch {

  private static final int NANOS_A_MICRO = 1000;
  private static final long MICROS_A_SECOND = 1_000_000L;

  private final StructType schema;
  private final List<Row> rows;

  /** By column of the batch, which value of a row it holds. */
  private final int[] places;

  KernelRows(StructType schema, List<Row> rows) {
    this(schema, rows, places(schema.length()));
  }

  private KernelRows(StructType schema, List<Row> rows, int[] places) {
    this.schema = schema;
    this.rows = rows;
    this.places = places;
  }

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
  static Row sparkRow(
      io.delta.kernel.data.Row row, org.apache.spark.sql.types.StructType sparkSchema) {
    Object[] values = new Object[row.getSchema().length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.isNullAt(i) ? null : value(row, i);
    }
    return new GenericRowWithSchema(values, sparkSchema);
  }

  private static Object value(io.delta.kernel.data.Row row, int column) {
    DataType type = row.getSchema().at(column).getDataType();
    if (type instanceof StringType) {
      return row.getString(column);
    } else if (type instanceof LongType) {
      return row.getLong(column);
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

  @Override
  public StructType getSchema() {
    return schema;
  }

  @Override
  public int getSize() {
    return rows.size();
  }

  @Override
  public ColumnVector getColumnVector(int ordinal) {
    return new Column(schema.at(ordinal).getDataType(), places[ordinal]);
  }

  @Override
  public ColumnarBatch withDeletedColumnAt(int ordinal) {
    List<StructField> fields = new ArrayList<>(schema.fields());
    fields.remove(ordinal);
    int[] left = new int[places.length - 1];
    System.arraycopy(places, 0, left, 0, ordinal);
    System.arraycopy(places, ordinal + 1, left, ordinal, left.length - ordinal);
    return new KernelRows(new StructType(fields), rows, left);
  }

  @Override
  public ColumnarBatch withNewSchema(StructType other) {
    return new KernelRows(other, rows, places);
  }

  private static int[] places(int count) {
    int[] places = new int[count];
    for (int i = 0; i < count; i++) {
      places[i] = i;
    }
    return places;
  }

  /** One column of the rows. */
  private final class Column implements ColumnVector {

    private final DataType type;
    private final int place;

    Column(DataType type, int place) {
      this.type = type;
      this.place = place;
    }

    @Override
    public DataType getDataType() {
      return type;
    }

    @Override
    public int getSize() {
      return rows.size();
    }

    @Override
    public boolean isNullAt(int row) {
      return rows.get(row).isNullAt(place);
    }

    @Override
    public String getString(int row) {
      return rows.get(row).getString(place);
    }

    @Override
    public boolean getBoolean(int row) {
      return rows.get(row).getBoolean(place);
    }

    /** A count, or a timestamp in microseconds. */
    @Override
    public long getLong(int row) {
      return rows.get(row).get(place) instanceof Instant instant
          ? instant.getEpochSecond() * MICROS_A_SECOND + instant.getNano() / NANOS_A_MICRO
          : rows.get(row).getLong(place);
    }

    @Override
    public int getInt(int row) {
      return (int) rows.get(row).<LocalDate>getAs(place).toEpochDay();
    }

    @Override
    public BigDecimal getDecimal(int row) {
      return rows.get(row).getDecimal(place).setScale(((DecimalType) type).getScale());
    }

    @Override
    public void close() {
      // Holds nothing.
    }
  }
}
