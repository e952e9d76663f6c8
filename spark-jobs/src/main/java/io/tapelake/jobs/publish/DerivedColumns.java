package io.tapelake.jobs.publish;

import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.analytics.window.MinuteFigures;
import io.tapelake.analytics.window.ProfileBucket;
import io.tapelake.jobs.window.VwapRow;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** The columns of the {@link Derived} tables that some settings make, and the rows in them. */
public final class DerivedColumns {

  private final Columns<VwapRow> vwap;
  private final Map<Derived, Columns<MinuteFigures>> minutes = new EnumMap<>(Derived.class);
  private final Columns<ProfileBucket> profile = ProfileTable.columns();
  private final Columns<StoredSignal> signals = SignalsTable.columns();

  public DerivedColumns(OutputSettings settings) {
    vwap = LakeSchema.vwap(settings.spans());
    if (settings.hasAnalytics()) {
      minutes.put(Derived.BANDS, BandsTable.columns(settings));
      minutes.put(Derived.FLOW, FlowTable.columns(settings));
    }
  }

  /** The columns of a table; null when these settings do not make it. */
  StructType schema(Derived table) {
    return switch (table) {
      case VWAP -> vwap.schema();
      case BANDS, FLOW -> minutes.containsKey(table) ? minutes.get(table).schema() : null;
      case PROFILE -> profile.schema();
      case SIGNALS -> signals.schema();
    };
  }

  /** The rows of {@code volume_profile}. */
  public List<Row> profileRows(List<ProfileBucket> buckets) {
    return buckets.stream().map(profile::row).toList();
  }

  /** The rows of {@code signals}. */
  public List<Row> signalRows(List<StoredSignal> each) {
    return each.stream().map(signals::row).toList();
  }

  /** The rows of every table of minutes. */
  public Map<Derived, List<Row>> rows(List<MinuteFigures> figures) {
    Map<Derived, List<Row>> rows = new EnumMap<>(Derived.class);
    // Without analytics every core packs rows of its own already.
    Stream<MinuteFigures> each = minutes.isEmpty() ? figures.stream() : figures.parallelStream();
    rows.put(Derived.VWAP, each.map(minute -> vwap.row(minute.vwap())).toList());
    minutes.forEach(
        (table, columns) -> rows.put(table, figures.parallelStream().map(columns::row).toList()));
    return rows;
  }
}
