package io.tapelake.collector.write;

import io.tapelake.tape.JsonLineParser;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.RefusalReason;
import io.tapelake.vault.TradeLine;
import io.tapelake.vault.TradeLineScanner;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads the lines of a day file: valid trades, and why others are none. Not thread-safe. */
public final class RawLines {

  private static final int CHUNK = 1 << 16;

  private final JsonLineParser json;
  private final TradeLineScanner scanner;
  private final Taker taker;
  private final ParsedTrade trade = new ParsedTrade();
  private byte[] buffer = new byte[CHUNK];
  private boolean tooLong;

  /** Takes what the lines hold, in their order. */
  @FunctionalInterface
  public interface Taker {

    /**
     * Takes a valid trade, a repeated one as well.
     *
     * @param trade only good until this returns
     */
    void trade(ParsedTrade trade);

    /** Takes note of a line that is no trade. */
    default void refused(RefusalReason reason) {}
  }

  public RawLines(DayFile day, Taker taker) {
    this.json = new JsonLineParser(day);
    this.scanner = new TradeLineScanner(day);
    this.taker = taker;
  }

  /** Reads lines to the stream's end; returns the number of bytes up to the last LF. */
  public long read(InputStream stream) throws IOException {
    long complete = 0;
    int filled = 0;
    while (true) {
      if (filled == buffer.length) {
        if (filled <= TradeLine.MAX_BYTES) {
          buffer = Arrays.copyOf(buffer, buffer.length * 2);
        } else {
          // The line is refused whatever else it holds; only its length matters from here on.
          complete += filled;
          filled = 0;
          tooLong = true;
        }
      }
      int count = stream.read(buffer, filled, buffer.length - filled);
      if (count < 0) {
        return complete;
      }
      int end = filled + count;
      int lineStart = lines(filled, end);
      complete += lineStart;
      filled = end - lineStart;
      System.arraycopy(buffer, lineStart, buffer, 0, filled);
    }
  }

  /** Reads the lines that are at hand; returns where the first incomplete one begins. */
  private int lines(int scanned, int end) {
    int lineStart = 0;
    int from = scanned;
    while (true) {
      if (!tooLong && lineStart >= from) {
        int lineEnd = scanner.scanToLineFeed(buffer, lineStart, end, trade);
        if (lineEnd >= 0) {
          taker.trade(trade);
          lineStart = lineEnd + 1;
          from = lineStart;
          continue;
        }
      }
      int lineEnd = lineFeed(from, end);
      if (lineEnd < 0) {
        return lineStart;
      }
      RefusalReason reason = tooLong ? RefusalReason.LINE_TOO_LONG : refusal(lineStart, lineEnd);
      if (reason != null) {
        taker.refused(reason);
      }
      tooLong = false;
      lineStart = lineEnd + 1;
      from = lineStart;
    }
  }

  private int lineFeed(int from, int end) {
    for (int at = from; at < end; at++) {
      if (buffer[at] == '\n') {
        return at;
      }
    }
    return -1;
  }

  /** Hands on the trade of a line and returns null, or says why there is none. */
  private RefusalReason refusal(int from, int to) {
    if (to - from > TradeLine.MAX_BYTES) {
      return RefusalReason.LINE_TOO_LONG;
    }
    if (isBlank(from, to)) {
      return null;
    }
    RefusalReason reason = json.parse(buffer, from, to, trade);
    if (reason == null) {
      taker.trade(trade);
    }
    return reason;
  }

  private boolean isBlank(int from, int to) {
    for (int at = from; at < to; at++) {
      if (buffer[at] != ' ' && buffer[at] != '\t' && buffer[at] != '\r') {
        return false;
      }
    }
    return true;
  }
}
