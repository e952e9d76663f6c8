package io.tapelake.jobs.publish;

import io.tapelake.jobs.minute.SqlDecimal;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A table's columns, each with where its value comes from.
 *
 * @param <R> what a row is made of
 */
final class Columns<R> {

  static final DataType DECIMAL =
      DataTypes.createDecimalType(SqlDecimal.PRECISION, SqlDecimal.SCALE);

  private final List<Function<R, Object>> values = new ArrayList<>();
  private PackedRow.Layout layout = PackedRow.Layout.of(new StructType());

  /** Columns that begin with the instrument, the minute and its UTC day. */
  static <R> Columns<R> ofMinutes(Function<R, String> instrument, Function<R, Long> minute) {
    return new Columns<R>()
        .text("inst_id", instrument)
        .instant("minute", row -> LakeSchema.instant(minute.apply(row)))
        .date(minute);
  }

  Columns<R> text(String name, Function<R, String> value) {
    return add(name, DataTypes.StringType, value::apply);
  }

  Columns<R> instant(String name, Function<R, Instant> value) {
    return add(name, DataTypes.TimestampType, value::apply);
  }

  /** The partition: the UTC day of a minute. */
  Columns<R> date(Function<R, Long> minute) {
    return add(LakeSchema.PARTITION, DataTypes.DateType, row -> LakeSchema.date(minute.apply(row)));
  }

  Columns<R> count(String name, Function<R, Long> value) {
    return add(name, DataTypes.LongType, value::apply);
  }

  Columns<R> flag(String name, Function<R, Boolean> value) {
    return add(name, DataTypes.BooleanType, value::apply);
  }

  /** A number as DECIMAL(38,18). */
  Columns<R> decimal(String name, Function<R, BigDecimal> value) {
    return add(name, DECIMAL, row -> SqlDecimal.fit(value.apply(row)));
  }

  /** A number as DECIMAL(38,18), and as text that has all its digits. */
  Columns<R> exact(String name, Function<R, BigDecimal> value) {
    return decimal(name, value).number(name + "_exact", value);
  }

  /** A number as text that has all its digits. */
  Columns<R> number(String name, Function<R, BigDecimal> value) {
    return text(name, row -> SqlDecimal.text(value.apply(row)));
  }

  private Columns<R> add(String name, DataType type, Function<R, Object> value) {
    layout = PackedRow.Layout.of(layout.schema().add(name, type));
    values.add(value);
    return this;
  }

  StructType schema() {
    return layout.schema();
  }

  Row row(R from) {
    Object[] row = new Object[values.size()];
    for (int i = 0; i < row.length; i++) {
      row[i] = values.get(i).apply(from);
    }
    return PackedRow.of(layout, row);
  }
}
