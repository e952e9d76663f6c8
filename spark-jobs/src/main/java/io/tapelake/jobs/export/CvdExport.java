package io.tapelake.jobs.export;

import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.table.LakeSchema;
import io.tapelake.vault.VaultLayout;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * The export {@code cvd_1m.jsonl}: one line a closed minute, ascending, with signed volume in base
 * volume, notional and contracts: the minute's own with its highest and lowest value inside the
 * minute, that of each window, and since the session's start. The keys are those of {@code
 * flow_1m}, the values its decimals.
 */
public final class CvdExport extends MinuteExport<Row> {

  private static final List<String> MEASURES = List.of("base", "notional", "contracts");

  private final RowKeys keys;

  public CvdExport(VaultStore store, OutputSettings settings) {
    super(store);
    List<String> spans = settings.spans().names().subList(0, settings.spans().withoutAnchors());
    List<RowKeys.Key> each = new ArrayList<>();
    for (String measure : MEASURES) {
      each.add(key("delta_" + measure));
      each.add(key("delta_" + measure + "_high"));
      each.add(key("delta_" + measure + "_low"));
      spans.forEach(span -> each.add(key("cvd_" + span + "_" + measure)));
    }
    keys = new RowKeys(each);
  }

  private static RowKeys.Key key(String name) {
    return RowKeys.Key.text(name, name);
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
  void add(Row row, LineBytes out) {
    keys.addLine(row, out);
  }
}
