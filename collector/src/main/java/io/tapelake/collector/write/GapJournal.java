package io.tapelake.collector.write;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.collector.cover.GapEvent;
import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.cover.IdRanges;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.TradeLine;
import io.tapelake.vault.VaultLayout;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of missing trades, a line each: {@code
 * {"time_utc":…,"event":"found","ids":[["7","9"]],"cause":"reconnect"}}. A record for people and
 * checks; the collector itself never relies on it.
 */
public final class GapJournal {

  private static final Logger LOG = LoggerFactory.getLogger(GapJournal.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;

  public GapJournal(Path vault, String instrument) {
    this.file = file(vault, instrument);
  }

  private static Path file(Path vault, String instrument) {
    return vault
        .resolve(VaultLayout.COLLECTOR_STATE)
        .resolve("okx/perps/" + DayFile.checkInstrument(instrument) + ".gaps.jsonl");
  }

  /** Records an event; a failure to do so is logged and changes nothing. */
  public void record(GapEvent event, Instant now) {
    ObjectNode entry = JSON.createObjectNode();
    entry.put("time_utc", TradeLine.formatTime(now));
    entry.put("event", event.kind().name().toLowerCase(Locale.ROOT));
    InstrumentMemory.write(entry.putArray("ids"), event.ids());
    entry.put("cause", event.cause());
    try {
      VaultFiles.appendHint(file, JSON.writeValueAsString(entry));
    } catch (IOException e) {
      LOG.warn("{} cannot be written: {}", file, VaultFiles.reason(e));
    }
  }

  /** The ids that the journal leaves missing: found, and not filled since. */
  public static List<IdRange> missing(Path vault, String instrument) throws IOException {
    Path file = file(vault, instrument);
    IdRanges missing = new IdRanges();
    if (!Files.exists(file)) {
      return missing.ranges();
    }
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode entry = entry(line);
        for (JsonNode ids : entry.path("ids")) {
          IdRange range =
              new IdRange(Long.parseLong(ids.get(0).asText()), Long.parseLong(ids.get(1).asText()));
          if (entry.path("event").asText().equals("filled")) {
            missing = without(missing, range);
          } else {
            missing.add(range.from(), range.to());
          }
        }
      }
    }
    return missing.ranges();
  }

  /** A line of the journal; one that a crash cut short says nothing. */
  private static JsonNode entry(String line) {
    try {
      return JSON.readTree(line.isEmpty() ? "{}" : line);
    } catch (JsonProcessingException e) {
      return JSON.createObjectNode();
    }
  }

  private static IdRanges without(IdRanges ids, IdRange gone) {
    IdRanges rest = new IdRanges();
    List<IdRange> kept = new ArrayList<>();
    for (IdRange range : ids.ranges()) {
      if (range.from() < gone.from()) {
        kept.add(new IdRange(range.from(), Math.min(range.to(), gone.from() - 1)));
      }
      if (range.to() > gone.to()) {
        kept.add(new IdRange(Math.max(range.from(), gone.to() + 1), range.to()));
      }
    }
    kept.forEach(range -> rest.add(range.from(), range.to()));
    return rest;
  }
}
