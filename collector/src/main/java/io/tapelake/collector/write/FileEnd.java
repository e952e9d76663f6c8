package io.tapelake.collector.write;

import io.tapelake.collector.decode.TradeRow;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.TradeLineScanner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads the last trades of a day file. */
final class FileEnd {

  private static final int BYTES = 1 << 16;

  private FileEnd() {}

  /** The trades among the last lines of a file of that many plain bytes, oldest first. */
  static List<TradeRow> trades(Path vault, DayFile day, long length) throws IOException {
    List<TradeRow> trades = new ArrayList<>();
    if (length == 0) {
      return trades;
    }
    byte[] end;
    try (InputStream in = new RawDay(vault, day).open(Math.max(0, length - BYTES))) {
      end = in.readNBytes((int) Math.min(length, BYTES));
    }
    TradeLineScanner scanner = new TradeLineScanner(day);
    ParsedTrade trade = new ParsedTrade();
    int start = 0;
    for (int at = 0; at < end.length; at++) {
      if (end[at] == '\n') {
        if (scanner.scan(end, start, at, trade)) {
          trades.add(row(day.instrument(), trade));
        }
        start = at + 1;
      }
    }
    return trades;
  }

  private static TradeRow row(String instrument, ParsedTrade trade) {
    return new TradeRow(
        instrument,
        trade.id(),
        1,
        Instant.ofEpochSecond(trade.epochSecond(), trade.nano()),
        trade.side(),
        trade.price(),
        trade.contracts());
  }
}
