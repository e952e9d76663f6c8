package io.tapelake.collector.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.collector.write.VaultFiles;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.TradeLine;
import io.tapelake.vault.VaultLayout;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the trades of past days came from: a line for each piece that was added, {@code
 * {"time_utc":…,"day":"2026-09-01","source":"import","from":"…zip","trades":2373050}}. For people:
 * what is in is decided by the raw files alone.
 */
final class SourceJournal {

  private static final ObjectMapper JSON = new ObjectMapper();

  private SourceJournal() {}

  private static Path file(Path vault, String instrument) {
    return vault
        .resolve(VaultLayout.COLLECTOR_STATE)
        .resolve("okx/perps/" + DayFile.checkInstrument(instrument) + ".sources.jsonl");
  }

  static void record(Path vault, DayFile day, String source, String from, long trades, Instant now)
      throws IOException {
    ObjectNode entry = JSON.createObjectNode();
    entry.put("time_utc", TradeLine.formatTime(now));
    entry.put("day", day.day().toString());
    entry.put("source", source);
    entry.put("from", from);
    entry.put("trades", trades);
    VaultFiles.appendLine(file(vault, day.instrument()), JSON.writeValueAsString(entry));
  }

  /** How many trades of each day came from each source. */
  static Map<LocalDate, Map<String, Long>> read(Path vault, String instrument) throws IOException {
    Map<LocalDate, Map<String, Long>> days = new TreeMap<>();
    Path file = file(vault, instrument);
    if (!Files.exists(file)) {
      return days;
    }
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        try {
          JsonNode entry = JSON.readTree(line.isEmpty() ? "{}" : line);
          days.computeIfAbsent(LocalDate.parse(entry.path("day").asText()), each -> new TreeMap<>())
              .merge(entry.path("source").asText(), entry.path("trades").asLong(), Long::sum);
        } catch (JsonProcessingException | DateTimeException e) {
          // A line that a crash cut short says nothing.
          continue;
        }
      }
    }
    return days;
  }
}
