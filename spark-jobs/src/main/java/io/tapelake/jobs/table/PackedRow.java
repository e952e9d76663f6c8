package io.tapelake.jobs.table;

import io.tapelake.jobs.parquet.Int128Decimal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A row whose values lie one behind the other in an array of bytes, each as Parquet has it. A
 * minute has some three hundred numbers; as objects they take five times the room, and the heap of
 * a backfill is mostly such rows.
 */
public final class PackedRow extends GenericRow {

  private static final long serialVersionUID = 1;

  static final long MICROS_A_SECOND = 1_000_000L;
  static final int NANOS_A_MICRO = 1000;

  /** How numbers that are no decimals lie in the bytes. */
  static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** What a column holds. */
  public enum Kind {
    TEXT,
    COUNT,
    REAL,
    FLAG,
    DATE,
    INSTANT,
    DECIMAL
  }

  /**
   * The columns of packed rows.
   *
   * @param schema their names and types
   * @param kinds how their values are packed
   */
  public record Layout(StructType schema, List<Kind> kinds) {

    public static Layout of(StructType schema) {
      return new Layout(
          schema, Arrays.stream(schema.fields()).map(field -> kind(field.dataType())).toList());
    }

    private static Kind kind(DataType type) {
      if (type.equals(DataTypes.StringType)) {
        return Kind.TEXT;
      } else if (type.equals(DataTypes.LongType)) {
        return Kind.COUNT;
      } else if (type.equals(DataTypes.DoubleType)) {
        return Kind.REAL;
      } else if (type.equals(DataTypes.BooleanType)) {
        return Kind.FLAG;
      } else if (type.equals(DataTypes.DateType)) {
        return Kind.DATE;
      } else if (type.equals(DataTypes.TimestampType)) {
        return Kind.INSTANT;
      } else if (type instanceof DecimalType) {
        return Kind.DECIMAL;
      }
      throw new IllegalArgumentException("no table has a column of " + type);
    }
  }

  private final Layout layout;
  private final byte[] bytes;

  /** Where each value ends; the complement of that where it is NULL. */
  private final int[] ends;

  /** A row as the table has it, packed. */
  public static PackedRow of(Layout layout, Row row) {
    if (row instanceof PackedRow packed) {
      return packed;
    }
    Object[] values = new Object[row.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(i);
    }
    return of(layout, values);
  }

  /** A row of these values, of the columns' types or null. */
  public static PackedRow of(Layout layout, Object... values) {
    if (values.length != layout.kinds().size()) {
      throw new IllegalArgumentException(
          values.length + " values for " + layout.kinds().size() + " columns");
    }
    RowPacking row = RowPacking.begin();
    for (int i = 0; i < values.length; i++) {
      switch (layout.kinds().get(i)) {
        case TEXT -> row.add((String) values[i]);
        case COUNT -> row.add((Long) values[i]);
        case REAL -> row.addReal(values[i] == null ? Double.NaN : (Double) values[i]);
        case FLAG -> row.add((Boolean) values[i]);
        case DATE -> row.add((LocalDate) values[i]);
        case INSTANT -> row.add((Instant) values[i]);
        case DECIMAL -> row.addDecimal((BigDecimal) values[i]);
      }
    }
    return row.end(layout);
  }

  PackedRow(Layout layout, byte[] bytes, int[] ends) {
    super(null);
    this.layout = layout;
    this.bytes = bytes;
    this.ends = ends;
  }

  public Kind kind(int column) {
    return layout.kinds().get(column);
  }

  /** All values, one behind the other. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where a value begins in {@link #bytes}. */
  public int from(int column) {
    return column == 0 ? 0 : end(column - 1);
  }

  /** How many bytes a value has. */
  public int length(int column) {
    return end(column) - from(column);
  }

  private int end(int column) {
    int end = ends[column];
    return end < 0 ? ~end : end;
  }

  /**
   * A count, a flag, a day since 1970, microseconds since then, or the upper half of a decimal in
   * units of 10^-18.
   */
  public long number(int column) {
    return (long) LONGS.get(bytes, from(column));
  }

  /** The lower half of a decimal. */
  public long lowNumber(int column) {
    return (long) LONGS.get(bytes, from(column) + Long.BYTES);
  }

  @Override
  public boolean isNullAt(int column) {
    return ends[column] < 0;
  }

  @Override
  public Object get(int column) {
    if (isNullAt(column)) {
      return null;
    }
    return switch (kind(column)) {
      case TEXT -> new String(bytes, from(column), length(column), StandardCharsets.UTF_8);
      case COUNT -> number(column);
      case REAL -> Double.longBitsToDouble(number(column));
      case FLAG -> number(column) == 1;
      case DATE -> LocalDate.ofEpochDay(number(column));
      case INSTANT ->
          Instant.ofEpochSecond(
              Math.floorDiv(number(column), MICROS_A_SECOND),
              Math.floorMod(number(column), MICROS_A_SECOND) * NANOS_A_MICRO);
      case DECIMAL -> Int128Decimal.number(bytes, from(column));
    };
  }

  @Override
  public int length() {
    return ends.length;
  }

  @Override
  public int size() {
    return ends.length;
  }

  @Override
  public StructType schema() {
    return layout.schema();
  }

  @Override
  public int fieldIndex(String name) {
    return layout.schema().fieldIndex(name);
  }

  @Override
  public Seq<Object> toSeq() {
    Object[] values = new Object[ends.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = get(i);
    }
    return CollectionConverters.asScala(Arrays.asList(values)).toSeq();
  }

  @Override
  public GenericRow copy() {
    return this;
  }
}
