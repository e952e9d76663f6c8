package io.tapelake.jobs.table;

import io.tapelake.analytics.window.Spans;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/** Rows of some minutes by table, instrument and minute, in the room of packed rows. */
public final class DerivedBlock {

  private final DerivedColumns columns;
  private final Map<Derived, NavigableMap<String, List<Row>>> rows = new EnumMap<>(Derived.class);

  public DerivedBlock(DerivedColumns columns, Spans spans) {
    this.columns = columns;
    rows.put(Derived.VWAP, new TreeMap<>());
    if (spans.analytics()) {
      rows.put(Derived.BANDS, new TreeMap<>());
      rows.put(Derived.FLOW, new TreeMap<>());
    }
  }

  /** Puts a minute behind those of its instrument. */
  public void add(FigureRow minute) {
    columns
        .rows(minute)
        .forEach(
            (table, row) ->
                rows.get(table)
                    .computeIfAbsent(minute.instrument(), key -> new ArrayList<>())
                    .add(row));
  }

  /** Puts later minutes, or minutes of other instruments, behind these. */
  public void add(DerivedBlock other) {
    other.rows.forEach(
        (table, each) ->
            each.forEach(
                (instrument, some) ->
                    rows.get(table)
                        .computeIfAbsent(instrument, key -> new ArrayList<>())
                        .addAll(some)));
  }

  /** By table of minutes its rows. */
  public Map<Derived, List<Row>> rows() {
    Map<Derived, List<Row>> all = new EnumMap<>(Derived.class);
    rows.forEach(
        (table, each) -> all.put(table, each.values().stream().flatMap(List::stream).toList()));
    return all;
  }

  /** An instrument's rows of a table of minutes, ascending; none of a table that is not made. */
  public List<Row> rows(Derived table, String instrument) {
    return rows.getOrDefault(table, Collections.emptyNavigableMap())
        .getOrDefault(instrument, List.of());
  }
}
