package io.tapelake.vault;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/**
 * The text around the values of a day file's lines, for one way of separating them. What hardly
 * ever changes, the symbol and the contract's terms, is remembered as a part of that text. Not
 * thread-safe.
 */
final class LineLayout {

  /** Longer values are left to the general parser. */
  private static final int MAX_VALUE_LENGTH = 64;

  /** The lowest bit of {@code b} and of {@code s} tells a buyer from a seller. */
  private static final int SIDE_BIT = 1;

  private static final TakerSide[] SIDES = {TakerSide.BUY, TakerSide.SELL};

  private final FixedText toTime;
  private final FixedText toSymbol;
  private final FixedText toId;
  private final int toSide;
  private final FixedText[] toPrice;
  private final FixedText toContracts;
  private final FixedText toValue;
  private final FixedText toMultiplier;
  private final FixedText toType;

  private FixedText lastTimeToId;
  private FixedText lastTerms;
  private Contract lastContract;

  private LineLayout(DayFile file, String comma, String colon) {
    String next = "\"" + comma + "\"";
    String is = "\"" + colon + "\"";
    toTime = FixedText.of("{\"" + TradeLine.TIMESTAMP + is + file.day() + "T");
    toSymbol =
        FixedText.of(
            next
                + (TradeLine.EXCHANGE + is + TradeLine.EXCHANGE_NAME + next)
                + (TradeLine.MARKET + is + TradeLine.MARKET_NAME + next)
                + (TradeLine.INST_ID + is + file.instrument() + next)
                + (TradeLine.SYMBOL + is));
    toId = FixedText.of(next + TradeLine.TRADE_ID + is);
    String side = next + TradeLine.SIDE + is;
    String price = next + TradeLine.PRICE + is;
    toSide = side.length();
    toPrice = new FixedText[SIDES.length];
    for (int i = 0; i < SIDES.length; i++) {
      toPrice[i] = FixedText.of(side + SIDES[i].text() + price);
    }
    toContracts = FixedText.of(next + TradeLine.QTY_CONTRACTS + is);
    toValue = FixedText.of(next + TradeLine.CT_VAL + is);
    toMultiplier = FixedText.of(next + TradeLine.CT_MULT + is);
    toType = FixedText.of(next + TradeLine.CT_TYPE + is);
  }

  /** As {@link TradeLine#format} writes it. */
  static LineLayout compact(DayFile file) {
    return new LineLayout(file, ",", ":");
  }

  /** As Python's {@code json.dumps} writes it. */
  static LineLayout spaced(DayFile file) {
    return new LineLayout(file, ", ", ": ");
  }

  /** Steps over the line's beginning up to the hour; -1 when it is another. */
  int toTime(byte[] buffer, int at, int limit) {
    return step(toTime, buffer, at, limit);
  }

  /** Steps from the quote behind the time to the trade id; -1 when this is not what lies there. */
  int timeToId(byte[] buffer, int at, int limit) {
    if (at >= 0 && lastTimeToId != null && lastTimeToId.isAt(buffer, at, limit)) {
      return at + lastTimeToId.length();
    }
    int symbol = step(toSymbol, buffer, at, limit);
    int id = step(toId, buffer, endOfValue(buffer, symbol, limit), limit);
    if (id >= 0) {
      lastTimeToId = FixedText.copyOf(buffer, at, id);
    }
    return id;
  }

  /** Steps from the quote behind the trade id over the side to the price; or -1. */
  int idToPrice(byte[] buffer, int at, int limit, ParsedTrade trade) {
    if (at < 0 || limit - at <= toSide) {
      return -1;
    }
    int side = buffer[at + toSide] & SIDE_BIT;
    trade.setSide(SIDES[side]);
    return step(toPrice[side], buffer, at, limit);
  }

  /** Steps from the quote behind the price to the quantity; or -1. */
  int priceToContracts(byte[] buffer, int at, int limit) {
    return step(toContracts, buffer, at, limit);
  }

  /** Steps from the quote behind the quantity over the terms to the line's end; or -1. */
  int contractsToEnd(byte[] buffer, int at, int limit, ParsedTrade trade) {
    int end =
        at >= 0 && lastTerms != null && lastTerms.isAt(buffer, at, limit)
            ? at + lastTerms.length()
            : learnTerms(buffer, at, limit);
    trade.setContract(lastContract);
    return end;
  }

  private int learnTerms(byte[] buffer, int at, int limit) {
    int value = step(toValue, buffer, at, limit);
    int valueEnd = endOfValue(buffer, value, limit);
    int multiplier = step(toMultiplier, buffer, valueEnd, limit);
    int multiplierEnd = endOfValue(buffer, multiplier, limit);
    int type = step(toType, buffer, multiplierEnd, limit);
    int typeEnd = endOfValue(buffer, type, limit);
    int end = typeEnd + 2;
    if (typeEnd < 0 || end > limit || buffer[typeEnd + 1] != '}') {
      return -1;
    }
    BigDecimal size = DecimalText.parse(text(buffer, value, valueEnd));
    BigDecimal factor = DecimalText.parse(text(buffer, multiplier, multiplierEnd));
    ContractType contractType = ContractType.parse(text(buffer, type, typeEnd));
    if (size == null || factor == null || contractType == null) {
      return -1;
    }
    lastContract = new Contract(size, factor, contractType);
    lastTerms = FixedText.copyOf(buffer, at, end);
    return end;
  }

  private static int step(FixedText text, byte[] buffer, int at, int limit) {
    return at >= 0 && text.isAt(buffer, at, limit) ? at + text.length() : -1;
  }

  /** The quote behind a value of printable ASCII without escapes; -1 when there is none near. */
  private static int endOfValue(byte[] buffer, int from, int limit) {
    if (from < 0) {
      return -1;
    }
    int end = Math.min(limit, from + MAX_VALUE_LENGTH + 1);
    for (int at = from; at < end; at++) {
      byte b = buffer[at];
      if (b == '"') {
        return at;
      }
      if (b < ' ' || b > '~' || b == '\\') {
        return -1;
      }
    }
    return -1;
  }

  private static String text(byte[] buffer, int from, int to) {
    return new String(buffer, from, to - from, StandardCharsets.US_ASCII);
  }
}
