package io.tapelake.jobs.export;

import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.table.LakeSchema;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** An export whose lines are made of rows of a table of minutes, a key for each column wanted. */
abstract class RowExport extends MinuteExport<Row> {

  private static final String INSTRUMENT = "inst_id";

  private final List<Key> keys;

  /** Where the rows of one table have the columns; replaced when rows of another one come. */
  private volatile Places places = new Places(null, 0, new int[0]);

  /**
   * A key.
   *
   * @param start what stands before its value in a line
   * @param column of its value
   * @param isText whether the value stands in quotes, unless it is NULL
   */
  record Key(byte[] start, String column, boolean isText) {

    static Key text(String name, String column) {
      return of(name, column, true);
    }

    static Key count(String name) {
      return of(name, name, false);
    }

    private static Key of(String name, String column, boolean isText) {
      return new Key(ascii(",\"" + name + "\":"), column, isText);
    }
  }

  private record Places(StructType schema, int instrument, int[] keys) {}

  RowExport(Export export, VaultStore store, List<Key> keys) {
    super(export, store);
    this.keys = List.copyOf(keys);
  }

  @Override
  final long minute(Row row) {
    return LakeSchema.minute(row);
  }

  @Override
  final void add(Row row, LineBytes out) {
    Places of = places(row.schema());
    out.add(MINUTE_START)
        .addMinute(LakeSchema.minute(row))
        .add(INSTRUMENT_START)
        .add(row, of.instrument())
        .add(EXCHANGE_AND_MARKET);
    for (int i = 0; i < of.keys().length; i++) {
      Key key = keys.get(i);
      int column = of.keys()[i];
      out.add(key.start());
      if (key.isText() && !row.isNullAt(column)) {
        out.add('"').add(row, column).add('"');
      } else {
        out.add(row, column);
      }
    }
    out.add('}');
  }

  private Places places(StructType schema) {
    Places known = places;
    if (known.schema() == schema) {
      return known;
    }
    int[] columns = keys.stream().mapToInt(key -> schema.fieldIndex(key.column())).toArray();
    Places found = new Places(schema, schema.fieldIndex(INSTRUMENT), columns);
    places = found;
    return found;
  }
}
