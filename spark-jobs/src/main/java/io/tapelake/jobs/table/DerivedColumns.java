package io.tapelake.jobs.table;

import io.tapelake.analytics.window.ProfileBucket;
import io.tapelake.analytics.window.Spans;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** The columns of the {@link Derived} tables that some spans make, and the rows in them. */
public final class DerivedColumns {

  private final Map<Derived, Columns<FigureRow>> minutes = new EnumMap<>(Derived.class);
  private final Columns<SessionsTable.Session> sessions = SessionsTable.columns();
  private final Columns<ProfileBucket> profile = ProfileTable.columns();
  private final Columns<StoredSignal> signals = SignalsTable.columns();

  public DerivedColumns(Spans spans) {
    minutes.put(Derived.VWAP, LakeSchema.vwap(spans.names()));
    if (spans.analytics()) {
      minutes.put(Derived.BANDS, BandsTable.columns(spans.names()));
      minutes.put(Derived.FLOW, FlowTable.columns(spans));
    }
  }

  /** The columns of a table; null when these spans do not make it. */
  public StructType schema(Derived table) {
    return switch (table) {
      case VWAP, BANDS, FLOW -> minutes.containsKey(table) ? minutes.get(table).schema() : null;
      case SESSIONS -> sessions.schema();
      case PROFILE -> profile.schema();
      case SIGNALS -> signals.schema();
    };
  }

  /** The rows of {@code sessions_1d}. */
  public List<Row> sessionRows(List<SessionsTable.Session> days) {
    return days.stream().map(sessions::row).toList();
  }

  /** The rows of {@code volume_profile}. */
  public List<Row> profileRows(List<ProfileBucket> buckets) {
    return buckets.stream().map(profile::row).toList();
  }

  /** The rows of {@code signals}. */
  public List<Row> signalRows(List<StoredSignal> each) {
    return each.stream().map(signals::row).toList();
  }

  /** The row of a minute in every table of minutes. */
  public Map<Derived, Row> rows(FigureRow minute) {
    Map<Derived, Row> rows = new EnumMap<>(Derived.class);
    minutes.forEach((table, columns) -> rows.put(table, columns.row(minute)));
    return rows;
  }
}
