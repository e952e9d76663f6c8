package io.tapelake.tape;

import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.TradeLine;
import java.io.IOException;
import java.io.InputStream;

/** Walks over the valid trades of a stretch of a raw file that is read again. Not thread-safe. */
public final class TradeLines {

  private final LineReader lines;
  private final FastLineParser parser;
  private ParsedTrade trade;

  /**
   * Reads from a stream that stands at a file's {@code offset}, where a line begins.
   *
   * @param limit offset behind the last byte to read
   */
  public TradeLines(InputStream in, long offset, long limit, FastLineParser parser) {
    lines = new LineReader(in, offset, limit);
    this.parser = parser;
  }

  /** Reads the next valid trade into a holder; false when there is none before the limit. */
  public boolean next(ParsedTrade holder) throws IOException {
    trade = holder;
    while (lines.next(this::scan)) {
      if (isTrade()) {
        return true;
      }
    }
    return false;
  }

  /** Offset in the file of the trade's line. */
  public long offset() {
    return lines.offset();
  }

  /** Offset behind the trade's line. */
  public long end() {
    return lines.end();
  }

  private int scan(byte[] buffer, int from, int limit) {
    return parser.scan(buffer, from, limit, trade);
  }

  private boolean isTrade() {
    return lines.isScanned()
        || (lines.length() <= TradeLine.MAX_BYTES
            && parser.parse(lines.buffer(), lines.from(), lines.to(), trade) == null);
  }
}
