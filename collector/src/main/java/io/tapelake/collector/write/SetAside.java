package io.tapelake.collector.write;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.collector.decode.TradeRow;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.TradeLine;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;

/**
 * Names trades that cannot be written to the day files, or not yet, in the collector's quarantine.
 * What a line says may be written to the day file later on, when it is settled that it is true. Not
 * thread-safe.
 */
public final class SetAside {

  /** What one instrument may keep in memory while the quarantine cannot be written. */
  private static final int MOST_CHARACTERS = 1 << 18;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final Map<LocalDate, StringBuilder> pending = new TreeMap<>();
  private int characters;

  public SetAside(Path vault, String instrument) {
    folder =
        vault
            .resolve(VaultLayout.COLLECTOR_QUARANTINE)
            .resolve("okx/trades_perps/" + DayFile.checkInstrument(instrument));
  }

  /** Takes a trade; it is written by the next {@link #flush}. False when there is no room. */
  public boolean add(TradeRow row, String reason, Instant now) {
    if (characters > MOST_CHARACTERS) {
      return false;
    }
    LocalDate day = row.day();
    String line = line(row, day, reason, now);
    pending.computeIfAbsent(day, each -> new StringBuilder()).append(line).append('\n');
    characters += line.length();
    return true;
  }

  private static String line(TradeRow row, LocalDate day, String reason, Instant now) {
    ObjectNode entry = JSON.createObjectNode();
    entry.put("time_utc", TradeLine.formatTime(now));
    entry.put("file", day + ".jsonl");
    entry.put("reason", reason);
    entry.put(TradeLine.TIMESTAMP, TradeLine.formatTime(row.time()));
    entry.put(TradeLine.TRADE_ID, Long.toString(row.id()));
    if (row.count() > 1) {
      entry.put("count", Integer.toString(row.count()));
    }
    entry.put(TradeLine.SIDE, row.side().text());
    entry.put(TradeLine.PRICE, row.price().toPlainString());
    entry.put(TradeLine.QTY_CONTRACTS, row.contracts().toPlainString());
    try {
      return JSON.writeValueAsString(entry);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether something waits to be written. */
  public boolean isPending() {
    return !pending.isEmpty();
  }

  /** Writes what was taken; what could not be written is kept. */
  public void flush() throws IOException {
    for (LocalDate day : java.util.List.copyOf(pending.keySet())) {
      String lines = pending.get(day).toString();
      VaultFiles.appendHint(folder.resolve(day + ".jsonl"), lines.stripTrailing());
      pending.remove(day);
      characters -= Math.min(characters, lines.length());
    }
  }
}
