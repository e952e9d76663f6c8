package io.tapelake.jobs.publish;

import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.VaultLayout;
import java.time.Instant;
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

  private static final int SECONDS_A_MINUTE = 60;
  private static final List<String> MEASURES = List.of("base", "notional", "contracts");

  private final List<String> keys = new ArrayList<>();

  public CvdExport(VaultStore store, OutputSettings settings) {
    super(store);
    List<String> spans =
        new ArrayList<>(settings.spans().subList(0, settings.windows().size() + 1));
    spans.add("total");
    for (String measure : MEASURES) {
      keys.add("delta_" + measure);
      keys.add("delta_" + measure + "_high");
      keys.add("delta_" + measure + "_low");
      spans.forEach(span -> keys.add("cvd_" + span + "_" + measure));
    }
  }

  @Override
  public String path(String instrument) {
    return VaultLayout.cvdExport(instrument);
  }

  @Override
  long minute(Row row) {
    return Math.floorDiv(row.<Instant>getAs("minute").getEpochSecond(), (long) SECONDS_A_MINUTE);
  }

  @Override
  public String line(Row row) {
    StringBuilder line =
        new StringBuilder(1024).append(lineStart(minute(row), row.<String>getAs("inst_id")));
    for (String key : keys) {
      line.append(",\"")
          .append(key)
          .append("\":\"")
          .append(row.<String>getAs(key + "_exact"))
          .append('"');
    }
    return line.append('}').toString();
  }
}
