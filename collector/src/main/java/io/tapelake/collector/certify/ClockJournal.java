package io.tapelake.collector.certify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.collector.write.VaultFiles;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;

/**
 * Remembers how far the exchange's clock was ahead of the collector's when a day was closed, in
 * {@code state/collector/clock.jsonl}.
 */
final class ClockJournal {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ClockJournal() {}

  private static Path file(Path vault) {
    return vault.resolve(VaultLayout.COLLECTOR_STATE).resolve("clock.jsonl");
  }

  /** The offset of a day in milliseconds, or null; the first one that was noted counts. */
  static Long offsetMillis(Path vault, LocalDate day) throws IOException {
    Long[] offset = new Long[1];
    JsonLines.read(
        file(vault),
        entry -> {
          if (offset[0] == null && day.equals(JsonLines.day(entry))) {
            offset[0] = entry.path("offset_ms").asLong();
          }
        });
    return offset[0];
  }

  static void record(Path vault, LocalDate day, Duration offset) throws IOException {
    if (offsetMillis(vault, day) == null) {
      ObjectNode entry = JSON.createObjectNode();
      entry.put("day", day.toString()).put("offset_ms", offset.toMillis());
      VaultFiles.appendLine(file(vault), JSON.writeValueAsString(entry));
    }
  }
}
