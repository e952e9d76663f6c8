package io.tapelake.jobs.publish;

import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.VaultLayout;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * The export {@code cvd_1m.jsonl}: one line a closed minute, ascending, with signed volume in base
 * volume, notional and contracts: the minute's own with its highest and lowest value inside the
 * minute, that of each window, since the session's start, and since the origin. The keys are those
 * of {@code flow_1m}, the values its exact texts.
 */
public final class CvdExport extends MinuteExport<Row> {

  private static final List<String> MEASURES = List.of("base", "notional", "contracts");

  private final List<Key> keys = new ArrayList<>();

  /**
   * A key of the export.
   *
   * @param start what stands before its value in a line
   * @param column of its value
   */
  private record Key(String start, String column) {
    static Key of(String name) {
      return new Key(",\"" + name + "\":\"", name + "_exact");
    }
  }

  public CvdExport(VaultStore store, OutputSettings settings) {
    super(store);
    List<String> spans =
        new ArrayList<>(settings.spans().subList(0, settings.windows().size() + 1));
    spans.add("total");
    for (String measure : MEASURES) {
      keys.add(Key.of("delta_" + measure));
      keys.add(Key.of("delta_" + measure + "_high"));
      keys.add(Key.of("delta_" + measure + "_low"));
      spans.forEach(span -> keys.add(Key.of("cvd_" + span + "_" + measure)));
    }
  }

  @Override
  public String path(String instrument) {
    return VaultLayout.cvdExport(instrument);
  }

  @Override
  long minute(Row row) {
    return LakeSchema.minute(row);
  }

  @Override
  public String line(Row row) {
    StringBuilder line =
        new StringBuilder(1024).append(lineStart(minute(row), row.<String>getAs("inst_id")));
    for (Key key : keys) {
      line.append(key.start()).append(row.<String>getAs(key.column())).append('"');
    }
    return line.append('}').toString();
  }
}
