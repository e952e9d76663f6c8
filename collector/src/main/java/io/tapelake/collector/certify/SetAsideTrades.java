package io.tapelake.collector.certify;

import com.fasterxml.jackson.databind.JsonNode;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.DecimalText;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.TradeLine;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Trades that the collector set aside because their ids contradict others, see its quarantine. What
 * it took into the raw file later is settled.
 */
final class SetAsideTrades {

  private final Map<Long, Set<Said>> byId = new HashMap<>();

  /** What was said of a trade. */
  private record Said(Instant time, String side, BigDecimal price, BigDecimal contracts) {}

  private SetAsideTrades() {}

  /** Those of a day. */
  static SetAsideTrades read(Path vault, DayFile day) throws IOException {
    SetAsideTrades trades = new SetAsideTrades();
    JsonLines.read(
        file(vault, day),
        entry -> {
          long id = entry.path(TradeLine.TRADE_ID).asLong(-1);
          if (id >= 0) {
            trades.byId.computeIfAbsent(id, each -> new HashSet<>()).add(said(entry));
          }
        });
    return trades;
  }

  private static Path file(Path vault, DayFile day) {
    return vault
        .resolve(VaultLayout.COLLECTOR_QUARANTINE)
        .resolve("okx/trades_perps/" + day.instrument() + "/" + day.fileName());
  }

  /** When anything was set aside last; the epoch when nothing was. */
  static FileTime changed(Path vault, DayFile day) throws IOException {
    Path file = file(vault, day);
    return Files.exists(file) ? Files.getLastModifiedTime(file) : FileTime.fromMillis(0);
  }

  private static Said said(JsonNode entry) {
    Instant time;
    try {
      time = Instant.parse(entry.path(TradeLine.TIMESTAMP).asText());
    } catch (DateTimeException e) {
      // Nothing that stands in a raw file settles it.
      time = null;
    }
    return new Said(
        time,
        entry.path(TradeLine.SIDE).asText(),
        DecimalText.parse(entry.path(TradeLine.PRICE).asText()),
        DecimalText.parse(entry.path(TradeLine.QTY_CONTRACTS).asText()));
  }

  /** Takes a trade of the raw file. */
  void held(ParsedTrade trade) {
    Set<Said> said = byId.isEmpty() ? null : byId.get(trade.id());
    if (said != null) {
      said.remove(
          new Said(
              Instant.ofEpochSecond(trade.epochSecond(), trade.nano()),
              trade.side().text(),
              DecimalText.parse(trade.price().toPlainString()),
              DecimalText.parse(trade.contracts().toPlainString())));
    }
  }

  /** How many are not settled, once all trades of the raw file were taken. */
  long unsettled() {
    return byId.values().stream().mapToLong(Set::size).sum();
  }
}
