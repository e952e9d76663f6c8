package io.tapelake.jobs.publish;

import io.tapelake.jobs.signal.Signal;
import io.tapelake.jobs.window.MinuteFigures;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.sql.Row;

/** What some minutes' figures come to, by instrument and minute, in the room of packed rows. */
public final class DerivedBlock implements Consumer<List<MinuteFigures>> {

  private final DerivedColumns columns;
  private final Map<Derived, List<Row>> rows = new EnumMap<>(Derived.class);
  private final List<Signal> signals = new ArrayList<>();

  public DerivedBlock(DerivedColumns columns) {
    this.columns = columns;
    rows.putAll(columns.rows(List.of()));
    rows.replaceAll((table, none) -> new ArrayList<>());
  }

  /** Puts the minutes of other instruments behind these. */
  public void add(DerivedBlock other) {
    other.rows.forEach((table, each) -> rows.get(table).addAll(each));
    signals.addAll(other.signals);
  }

  @Override
  public void accept(List<MinuteFigures> figures) {
    columns.rows(figures).forEach((table, each) -> rows.get(table).addAll(each));
    for (MinuteFigures each : figures) {
      signals.addAll(each.signals());
    }
  }

  /** By table of minutes its rows. */
  public Map<Derived, List<Row>> rows() {
    return rows;
  }

  /** The rows of {@code flow_1m}; none without analytics. */
  public List<Row> flows() {
    return rows.getOrDefault(Derived.FLOW, List.of());
  }

  /** The rows of {@code vwap_1m}. */
  public List<Row> vwaps() {
    return rows.get(Derived.VWAP);
  }

  /** What happened in the minutes. */
  public List<Signal> signals() {
    return signals;
  }
}
