package io.tapelake.collector.certify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.collector.write.VaultFiles;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.TradeLine;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Remembers how days compared with the exchange's official files, a line a comparison. */
final class OfficialJournal {

  private static final ObjectMapper JSON = new ObjectMapper();

  private OfficialJournal() {}

  private static Path file(Path vault, String instrument) {
    return vault.resolve(VaultLayout.collectorFile(instrument, ".official.jsonl"));
  }

  static void record(Path vault, DayFile day, OfficialComparison comparison, Instant now)
      throws IOException {
    ObjectNode entry = JSON.createObjectNode();
    entry.put("time_utc", TradeLine.formatTime(now));
    entry.put("day", day.day().toString());
    entry.setAll(CertificateJson.official(comparison));
    VaultFiles.appendLine(file(vault, day.instrument()), JSON.writeValueAsString(entry));
  }

  /** A day's comparisons by the times they cover; of each file the last one counts. */
  static List<OfficialComparison> read(Path vault, DayFile day) throws IOException {
    Map<String, OfficialComparison> byFile = new LinkedHashMap<>();
    JsonLines.read(
        file(vault, day.instrument()),
        entry -> {
          if (day.day().equals(JsonLines.day(entry))) {
            take(entry, byFile);
          }
        });
    List<OfficialComparison> all = new ArrayList<>(byFile.values());
    all.sort(
        Comparator.comparing(OfficialComparison::from).thenComparing(OfficialComparison::file));
    return all;
  }

  private static void take(JsonNode entry, Map<String, OfficialComparison> byFile) {
    try {
      OfficialComparison comparison = CertificateJson.comparison(entry);
      byFile.put(comparison.file(), comparison);
    } catch (IllegalArgumentException | DateTimeException e) {
      // Somebody edited it.
      return;
    }
  }
}
