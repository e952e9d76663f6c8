package io.tapelake.collector.write;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tapelake.collector.cover.IdRanges;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.TradeFields;
import io.tapelake.vault.TradeLine;
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
  private final ParsedTrade trade = new ParsedTrade();
  private final CountTable counts;
  private final IdRanges ids;
  private byte[] buffer = new byte[CHUNK];

  /**
   * @param counts how many ids the aggregates among the trades stand for
   * @param ids where the ids are added
   */
  RawIds(DayFile day, CountTable counts, IdRanges ids) {
    this.fields = new TradeFields(day);
    this.counts = counts;
    this.ids = ids;
  }

  /** Reads lines to the stream's end; returns the number of bytes up to the last LF. */
  long read(InputStream stream) throws IOException {
    long complete = 0;
    int filled = 0;
    boolean tooLong = false;
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
      int lineStart = 0;
      int end = filled + count;
      for (int at = filled; at < end; at++) {
        if (buffer[at] == '\n') {
          if (!tooLong) {
            line(lineStart, at);
          }
          tooLong = false;
          lineStart = at + 1;
        }
      }
      complete += lineStart;
      filled = end - lineStart;
      System.arraycopy(buffer, lineStart, buffer, 0, filled);
    }
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
    int count = counts.count(trade.id());
    ids.add(Math.max(0, trade.id() - count + 1), trade.id());
  }
}
