package io.tapelake.collector.write;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tapelake.collector.cover.IdRanges;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.TradeFields;
import io.tapelake.vault.TradeLine;
import io.tapelake.vault.TradeLineScanner;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads which trade ids a day file holds. Only what a reader takes for a valid trade counts: a line
 * that readers refuse does not cover its id.
 */
final class RawIds {

  private static final JsonFactory JSON = new JsonFactory();
  private static final int CHUNK = 1 << 16;

  private final TradeFields fields;
  private final TradeLineScanner scanner;
  private final ParsedTrade trade = new ParsedTrade();
  private final CountTable counts;
  private final IdRanges ids;
  private final LoneTrades lone;
  private byte[] buffer = new byte[CHUNK];
  private boolean tooLong;
  private long trades;
  private long runFrom = -1;
  private long runTo = -1;

  /**
   * @param counts how many ids the aggregates among the trades stand for
   * @param ids where the ids are added
   * @param lone told of trades that may be aggregates nobody counted; null when nobody asks
   */
  RawIds(DayFile day, CountTable counts, IdRanges ids, LoneTrades lone) {
    this.fields = new TradeFields(day);
    this.scanner = new TradeLineScanner(day);
    this.counts = counts;
    this.ids = ids;
    this.lone = lone;
  }

  /** How many valid trades were read, repeated ones among them. */
  long trades() {
    return trades;
  }

  /** Reads lines to the stream's end; returns the number of bytes up to the last LF. */
  long read(InputStream stream) throws IOException {
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
        endRun();
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
          take();
          lineStart = lineEnd + 1;
          from = lineStart;
          continue;
        }
      }
      int lineEnd = lineFeed(from, end);
      if (lineEnd < 0) {
        return lineStart;
      }
      if (!tooLong) {
        line(lineStart, lineEnd);
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

  private void line(int from, int to) {
    if (to - from > TradeLine.MAX_BYTES || to - from < 2) {
      return;
    }
    fields.clear();
    try (JsonParser parser = JSON.createParser(buffer, from, to - from)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        if (parser.nextToken() == JsonToken.VALUE_STRING) {
          fields.set(key, parser.getText());
        } else {
          fields.set(key, null);
          parser.skipChildren();
        }
      }
      if (parser.nextToken() != null || fields.validate(trade) != null) {
        return;
      }
    } catch (IOException e) {
      return;
    }
    take();
  }

  /** Ids mostly come one behind the other: the set is told of whole runs. */
  private void take() {
    trades++;
    int count = counts.count(trade.id());
    long first = Math.max(0, trade.id() - count + 1);
    if (runTo >= 0 && first == runTo + 1) {
      runTo = trade.id();
      return;
    }
    endRun();
    runFrom = first;
    runTo = trade.id();
    if (lone != null) {
      lone.found(trade, count);
    }
  }

  private void endRun() {
    if (runTo >= 0) {
      ids.add(runFrom, runTo);
      runTo = -1;
    }
  }
}
