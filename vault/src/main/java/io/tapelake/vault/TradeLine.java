package io.tapelake.vault;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * One trade as one line of a raw day file: the names of its keys, and how a writer writes it.
 *
 * <pre>{@code
 * {"timestamp_utc":"2025-12-14T21:34:56.123Z","exchange":"okx","market":"perp","instId":"BTC-USDT-SWAP",…}
 * }</pre>
 */
public final class TradeLine {

  public static final String TIMESTAMP = "timestamp_utc";
  public static final String EXCHANGE = "exchange";
  public static final String MARKET = "market";
  public static final String INST_ID = "instId";
  public static final String SYMBOL = "symbol_canon";
  public static final String TRADE_ID = "trade_id";
  public static final String SIDE = "side";
  public static final String PRICE = "price";
  public static final String QTY_CONTRACTS = "qty_contracts";
  public static final String CT_VAL = "ctVal";
  public static final String CT_MULT = "ctMult";
  public static final String CT_TYPE = "ctType";

  /** The one exchange there is. */
  public static final String EXCHANGE_NAME = "okx";

  /** The one market there is. */
  public static final String MARKET_NAME = "perp";

  /** The longest line that can be a trade, in bytes without its LF. */
  public static final int MAX_BYTES = 1 << 20;

  private static final DateTimeFormatter MILLIS = utc("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'");
  private static final DateTimeFormatter MICROS = utc("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'");
  private static final DateTimeFormatter NANOS = utc("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'");

  private TradeLine() {}

  /** The line of a trade, compact, without its LF. Holds nothing that JSON would have to escape. */
  public static String format(Trade trade) {
    StringBuilder line = new StringBuilder(288).append('{');
    append(line, TIMESTAMP, formatTime(trade.time()));
    append(line, EXCHANGE, EXCHANGE_NAME);
    append(line, MARKET, MARKET_NAME);
    append(line, INST_ID, trade.instrument());
    append(line, SYMBOL, canonicalSymbol(trade.instrument()));
    append(line, TRADE_ID, Long.toString(trade.id()));
    append(line, SIDE, trade.side().text());
    append(line, PRICE, trade.price().toPlainString());
    append(line, QTY_CONTRACTS, trade.contracts().toPlainString());
    append(line, CT_VAL, trade.contract().value().toPlainString());
    append(line, CT_MULT, trade.contract().multiplier().toPlainString());
    append(line, CT_TYPE, trade.contract().type().text());
    line.setCharAt(line.length() - 1, '}');
    return line.toString();
  }

  /** An instant with 3 fractional digits, or 6 or 9 where it has more: 2025-12-14T21:34:56.123Z. */
  public static String formatTime(Instant time) {
    int nano = time.getNano();
    DateTimeFormatter format = nano % 1_000_000 == 0 ? MILLIS : nano % 1_000 == 0 ? MICROS : NANOS;
    return format.format(time);
  }

  /** The symbol as other programs call it: BTC/USDT for BTC-USDT-SWAP. */
  public static String canonicalSymbol(String instrument) {
    int first = instrument.indexOf('-');
    if (first < 0) {
      return instrument;
    }
    int second = instrument.indexOf('-', first + 1);
    String quote = instrument.substring(first + 1, second < 0 ? instrument.length() : second);
    return instrument.substring(0, first) + "/" + quote;
  }

  private static void append(StringBuilder line, String key, String value) {
    line.append('"').append(key).append("\":\"").append(value).append("\",");
  }

  private static DateTimeFormatter utc(String pattern) {
    return DateTimeFormatter.ofPattern(pattern).withZone(ZoneOffset.UTC);
  }
}
