package io.tapelake.jobs.table;

import io.tapelake.analytics.number.Quotient;
import io.tapelake.analytics.number.SqlDecimal;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A table's columns, each with where its value comes from.
 *
 * @param <R> what a row is made of
 */
public final class Columns<R> {

  static final DataType DECIMAL =
      DataTypes.createDecimalType(SqlDecimal.PRECISION, SqlDecimal.SCALE);

  /** How each value gets into a row. */
  private final List<BiConsumer<RowPacking, R>> values = new ArrayList<>();

  private PackedRow.Layout layout = PackedRow.Layout.of(new StructType());

  /** Columns that begin with the instrument, the minute and its UTC day. */
  static <R> Columns<R> ofMinutes(Function<R, String> instrument, ToLongFunction<R> minute) {
    return new Columns<R>().text("inst_id", instrument).minute("minute", minute).date(minute);
  }

  Columns<R> text(String name, Function<R, String> value) {
    return add(name, DataTypes.StringType, (row, from) -> row.add(value.apply(from)));
  }

  Columns<R> instant(String name, Function<R, Instant> value) {
    return add(name, DataTypes.TimestampType, (row, from) -> row.add(value.apply(from)));
  }

  /** The instant at which a minute begins. */
  Columns<R> minute(String name, ToLongFunction<R> minute) {
    return add(
        name,
        DataTypes.TimestampType,
        (row, from) -> row.add(minute.applyAsLong(from) * LakeSchema.MICROS_A_MINUTE));
  }

  /** The partition: the UTC day of a minute. */
  Columns<R> date(ToLongFunction<R> minute) {
    return add(
        LakeSchema.PARTITION,
        DataTypes.DateType,
        (row, from) -> row.add(LakeSchema.epochDay(minute.applyAsLong(from))));
  }

  Columns<R> count(String name, Function<R, Long> value) {
    return add(name, DataTypes.LongType, (row, from) -> row.add(value.apply(from)));
  }

  /** A statistic, which is NULL where it is NaN. */
  Columns<R> real(String name, ToDoubleFunction<R> value) {
    return add(name, DataTypes.DoubleType, (row, from) -> row.addReal(value.applyAsDouble(from)));
  }

  Columns<R> flag(String name, Function<R, Boolean> value) {
    return add(name, DataTypes.BooleanType, (row, from) -> row.add(value.apply(from)));
  }

  /** A number as DECIMAL(38,18). */
  Columns<R> decimal(String name, Function<R, BigDecimal> value) {
    return add(name, DECIMAL, (row, from) -> row.addDecimal(value.apply(from)));
  }

  /** A number as DECIMAL(38,18), and as text that has all its digits. */
  Columns<R> exact(String name, Function<R, BigDecimal> value) {
    return decimal(name, value).number(name + "_exact", value);
  }

  /** A quotient as DECIMAL(38,18), and as text that has all its digits. */
  Columns<R> quotient(String name, Function<R, Quotient> value) {
    return add(name, DECIMAL, (row, from) -> row.addDecimal(value.apply(from)))
        .add(
            name + "_exact", DataTypes.StringType, (row, from) -> row.addDigits(value.apply(from)));
  }

  /** A number as text that has all its digits. */
  Columns<R> number(String name, Function<R, BigDecimal> value) {
    return add(name, DataTypes.StringType, (row, from) -> row.addDigits(value.apply(from)));
  }

  private Columns<R> add(String name, DataType type, BiConsumer<RowPacking, R> value) {
    layout = PackedRow.Layout.of(layout.schema().add(name, type));
    values.add(value);
    return this;
  }

  StructType schema() {
    return layout.schema();
  }

  public Row row(R from) {
    RowPacking row = RowPacking.begin();
    for (BiConsumer<RowPacking, R> value : values) {
      value.accept(row, from);
    }
    return row.end(layout);
  }
}
