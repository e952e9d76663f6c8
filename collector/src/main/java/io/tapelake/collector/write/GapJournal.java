package io.tapelake.collector.write;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.collector.cover.GapEvent;
import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.cover.IdRanges;
import io.tapelake.vault.TradeLine;
import io.tapelake.vault.VaultLayout;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of missing trades, a line each: {@code
 * {"time_utc":…,"event":"found","ids":[["7","9"]],"cause":"reconnect"}}. A record for people and
 * certificates; when the collector starts, it watches for what is still missing by it.
 */
public final class GapJournal {

  private static final Logger LOG = LoggerFactory.getLogger(GapJournal.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;

  public GapJournal(Path vault, String instrument) {
    this.file = file(vault, instrument);
  }

  private static Path file(Path vault, String instrument) {
    return vault.resolve(VaultLayout.collectorFile(instrument, ".gaps.jsonl"));
  }

  /** Records an event; a failure to do so is logged and changes nothing. */
  public void record(GapEvent event, Instant now) {
    ObjectNode entry = JSON.createObjectNode();
    entry.put("time_utc", TradeLine.formatTime(now));
    entry.put("event", name(event.kind()));
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
    return read(vault, instrument, false);
  }

  /** The same of the time since the exchange's ids started over. */
  public static List<IdRange> missingOfThisLife(Path vault, String instrument) throws IOException {
    return read(vault, instrument, true);
  }

  private static List<IdRange> read(Path vault, String instrument, boolean thisLife)
      throws IOException {
    Path file = file(vault, instrument);
    IdRanges missing = new IdRanges();
    if (!Files.exists(file)) {
      return missing.ranges();
    }
    // Whatever the bytes are, in this encoding they are text.
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        try {
          take(JSON.readTree(line.isEmpty() ? "{}" : line), missing, thisLife);
        } catch (JsonProcessingException | IllegalArgumentException e) {
          // A line that a crash cut short, or somebody edited, says nothing.
          LOG.warn("{}: a line is not usable and is skipped: {}", file, VaultFiles.reason(e));
        }
      }
    }
    return missing.ranges();
  }

  private static void take(JsonNode entry, IdRanges missing, boolean thisLife) {
    String event = entry.path("event").asText();
    if (event.equals(name(GapEvent.Kind.STARTED_OVER))) {
      if (thisLife) {
        missing.remove(0, Long.MAX_VALUE - 1);
      }
      return;
    }
    for (JsonNode ids : entry.path("ids")) {
      IdRange range =
          new IdRange(Long.parseLong(ids.path(0).asText()), Long.parseLong(ids.path(1).asText()));
      if (event.equals(name(GapEvent.Kind.FILLED))) {
        missing.remove(range.from(), range.to());
      } else {
        missing.add(range.from(), range.to());
      }
    }
  }

  private static String name(GapEvent.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
