package io.tapelake.jobs.export;

import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.store.VaultStore;
import java.util.ArrayList;
import java.util.List;

/**
 * The export {@code cvd_1m.jsonl}: one line a closed minute, ascending, with signed volume in base
 * volume, notional and contracts: the minute's own with its highest and lowest value inside the
 * minute, that of each window, and since the session's start. The keys are those of {@code
 * flow_1m}, the values its decimals.
 */
public final class CvdExport extends RowExport {

  private static final List<String> MEASURES = List.of("base", "notional", "contracts");

  public CvdExport(VaultStore store, OutputSettings settings) {
    super(Export.CVD, store, keys(settings));
  }

  private static List<Key> keys(OutputSettings settings) {
    List<String> spans = settings.spans().names().subList(0, settings.spans().withoutAnchors());
    List<Key> keys = new ArrayList<>();
    for (String measure : MEASURES) {
      keys.add(key("delta_" + measure));
      keys.add(key("delta_" + measure + "_high"));
      keys.add(key("delta_" + measure + "_low"));
      spans.forEach(span -> keys.add(key("cvd_" + span + "_" + measure)));
    }
    return keys;
  }

  private static Key key(String name) {
    return Key.text(name, name);
  }
}
