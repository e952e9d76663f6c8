package io.tapelake.jobs.publish;

import io.tapelake.analytics.signal.Signal;
import io.tapelake.analytics.window.MinuteFigures;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.spark.sql.Row;

/**
 * What some minutes' figures come to, by instrument and minute, in the room of packed rows. It is
 * given the minutes of one instrument at a time.
 */
public final class DerivedBlock implements Consumer<List<MinuteFigures>> {

  private final DerivedColumns columns;

  /** By table and instrument. */
  private final Map<Derived, NavigableMap<String, List<Row>>> rows = new EnumMap<>(Derived.class);

  private final List<Signal> signals = new ArrayList<>();

  public DerivedBlock(DerivedColumns columns) {
    this.columns = columns;
    columns.rows(List.of()).keySet().forEach(table -> rows.put(table, new TreeMap<>()));
  }

  /** Puts later minutes, or minutes of other instruments, behind these. */
  public void add(DerivedBlock other) {
    other.rows.forEach((table, each) -> each.forEach((name, some) -> add(table, name, some)));
    signals.addAll(other.signals);
  }

  @Override
  public void accept(List<MinuteFigures> figures) {
    String instrument = figures.get(0).instrument();
    columns.rows(figures).forEach((table, each) -> add(table, instrument, each));
    for (MinuteFigures each : figures) {
      signals.addAll(each.signals());
    }
  }

  private void add(Derived table, String instrument, List<Row> some) {
    rows.get(table).computeIfAbsent(instrument, key -> new ArrayList<>()).addAll(some);
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

  /** What happened in the minutes. */
  public List<Signal> signals() {
    return signals;
  }
}
