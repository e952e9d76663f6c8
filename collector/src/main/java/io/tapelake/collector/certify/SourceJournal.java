package io.tapelake.collector.certify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.write.VaultFiles;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.TradeLine;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the trades of past days came from: a line for each piece that was added, {@code
 * {"time_utc":…,"day":"2026-09-01","source":"import","from":"…zip","trades":2373050,
 * "ids":[["2885385355","2887758404"]]}}. For people and certificates: what is in is decided by the
 * raw files alone.
 */
public final class SourceJournal {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Ranges of ids a line. */
  private static final int MOST_RANGES = 500;

  private SourceJournal() {}

  /** Ids that were added to a day's raw file. */
  record Added(String source, String from, List<IdRange> ids) {}

  private static Path file(Path vault, String instrument) {
    return vault.resolve(VaultLayout.collectorFile(instrument, ".sources.jsonl"));
  }

  /** Notes what was added to a day. */
  public static void record(
      Path vault,
      DayFile day,
      String source,
      String from,
      long trades,
      List<IdRange> ids,
      Instant now)
      throws IOException {
    for (int at = 0; at == 0 || at < ids.size(); at += MOST_RANGES) {
      ObjectNode entry = JSON.createObjectNode();
      entry.put("time_utc", TradeLine.formatTime(now));
      entry.put("day", day.day().toString());
      entry.put("source", source);
      entry.put("from", from);
      entry.put("trades", at == 0 ? trades : 0);
      ArrayNode ranges = entry.putArray("ids");
      for (IdRange range : ids.subList(at, Math.min(ids.size(), at + MOST_RANGES))) {
        ranges.addArray().add(Long.toString(range.from())).add(Long.toString(range.to()));
      }
      VaultFiles.appendLine(file(vault, day.instrument()), JSON.writeValueAsString(entry));
    }
  }

  /** How many trades of each day came from each source. */
  public static Map<LocalDate, Map<String, Long>> read(Path vault, String instrument)
      throws IOException {
    Map<LocalDate, Map<String, Long>> days = new TreeMap<>();
    JsonLines.read(
        file(vault, instrument),
        entry -> {
          LocalDate day = JsonLines.day(entry);
          if (day != null) {
            days.computeIfAbsent(day, each -> new TreeMap<>())
                .merge(entry.path("source").asText(), entry.path("trades").asLong(), Long::sum);
          }
        });
    return days;
  }

  /** What was added to a day, in the order in which it was; lines without ids say nothing. */
  static List<Added> added(Path vault, DayFile day) throws IOException {
    List<Added> added = new ArrayList<>();
    JsonLines.read(
        file(vault, day.instrument()),
        entry -> {
          if (day.day().equals(JsonLines.day(entry))) {
            added.add(
                new Added(
                    entry.path("source").asText(),
                    entry.path("from").asText(),
                    JsonLines.ranges(entry.path("ids"))));
          }
        });
    return added;
  }
}
