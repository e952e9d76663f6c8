package io.tapelake.tape;

import io.tapelake.vault.DayFile;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.RefusalReason;
import io.tapelake.vault.TradeLineScanner;

/** Reads the lines that programs write at the speed of their bytes, and any other as JSON. */
public final class FastLineParser implements LineParser {

  private final TradeLineScanner scanner;
  private final JsonLineParser json;

  public FastLineParser(DayFile file) {
    scanner = new TradeLineScanner(file);
    json = new JsonLineParser(file);
  }

  /**
   * Reads the line that begins at {@code from} when it is as programs write it.
   *
   * @return where its LF stands, or -1 when the line was not read, whatever it is
   */
  public int scan(byte[] buffer, int from, int limit, ParsedTrade trade) {
    return scanner.scanToLineFeed(buffer, from, limit, trade);
  }

  @Override
  public RefusalReason parse(byte[] buffer, int from, int to, ParsedTrade trade) {
    return scanner.scan(buffer, from, to, trade) ? null : json.parse(buffer, from, to, trade);
  }
}
