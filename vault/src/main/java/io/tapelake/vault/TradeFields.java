package io.tapelake.vault;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;

/**
 * The values of one raw line's keys, as text, and the rules that make a trade of them. A parser
 * clears it, sets the values it found (null where a key is absent or not a string), and asks for
 * the verdict. One instance is reused for all lines of a file. Not thread-safe.
 */
public final class TradeFields {

  private static final int MAX_ID_DIGITS = 18;
  private static final int MAX_FRACTION_DIGITS = 9;

  /** Length of {@code 2025-12-14T21:34:56}. */
  private static final int SECONDS_LENGTH = 19;

  private static final int SECONDS_A_DAY = 86_400;

  private final String instrument;
  private final long epochDay;

  private String timestamp;
  private String exchange;
  private String instId;
  private String tradeId;
  private String side;
  private String price;
  private String contracts;
  private String contractValue;
  private String multiplier;
  private String contractType;

  /** The terms of the line before: they change once in years, so they are hardly ever parsed. */
  private Contract lastContract;

  private String lastContractValue;
  private String lastMultiplier;
  private String lastContractType;

  public TradeFields(DayFile file) {
    instrument = file.instrument();
    epochDay = file.day().toEpochDay();
  }

  /** Forgets the line before. */
  public void clear() {
    timestamp = null;
    exchange = null;
    instId = null;
    tradeId = null;
    side = null;
    price = null;
    contracts = null;
    contractValue = null;
    multiplier = null;
    contractType = null;
  }

  /** Takes the value of a key; null for one that is not a string. Other keys are ignored. */
  public void set(String key, String value) {
    switch (key) {
      case TradeLine.TIMESTAMP -> timestamp = value;
      case TradeLine.EXCHANGE -> exchange = value;
      case TradeLine.INST_ID -> instId = value;
      case TradeLine.TRADE_ID -> tradeId = value;
      case TradeLine.SIDE -> side = value;
      case TradeLine.PRICE -> price = value;
      case TradeLine.QTY_CONTRACTS -> contracts = value;
      case TradeLine.CT_VAL -> contractValue = value;
      case TradeLine.CT_MULT -> multiplier = value;
      case TradeLine.CT_TYPE -> contractType = value;
      default -> {}
    }
  }

  /**
   * Fills {@code trade} and returns null, or returns the first reason, in the order of {@link
   * RefusalReason}, why these values are not a trade of this file; {@code trade} is then undefined.
   */
  public RefusalReason validate(ParsedTrade trade) {
    if (timestamp == null
        || exchange == null
        || instId == null
        || tradeId == null
        || side == null
        || price == null
        || contracts == null
        || contractValue == null
        || multiplier == null
        || contractType == null) {
      return RefusalReason.MISSING_FIELD;
    }
    if (!parseTime(timestamp, trade)) {
      return RefusalReason.BAD_TIMESTAMP;
    }
    if (Math.floorDiv(trade.epochSecond(), SECONDS_A_DAY) != epochDay) {
      return RefusalReason.WRONG_DAY;
    }
    if (!exchange.equals(TradeLine.EXCHANGE_NAME)) {
      return RefusalReason.WRONG_EXCHANGE;
    }
    if (!instId.equals(instrument)) {
      return RefusalReason.WRONG_INSTRUMENT;
    }
    if (!isDigits(tradeId, 0, tradeId.length()) || tradeId.length() > MAX_ID_DIGITS) {
      return RefusalReason.BAD_TRADE_ID;
    }
    trade.setId(Long.parseLong(tradeId));
    TakerSide takerSide = TakerSide.parse(side);
    if (takerSide == null) {
      return RefusalReason.BAD_SIDE;
    }
    trade.setSide(takerSide);
    ContractType type = ContractType.parse(contractType);
    if (type == null) {
      return RefusalReason.BAD_CT_TYPE;
    }
    return parseNumbers(type, trade) ? null : RefusalReason.BAD_NUMBER;
  }

  private boolean parseNumbers(ContractType type, ParsedTrade trade) {
    BigDecimal parsedPrice = DecimalText.parse(price);
    BigDecimal parsedContracts = DecimalText.parse(contracts);
    if (parsedPrice == null || parsedContracts == null) {
      return false;
    }
    trade.setPrice(parsedPrice);
    trade.setContracts(parsedContracts);
    if (lastContract == null
        || !contractValue.equals(lastContractValue)
        || !multiplier.equals(lastMultiplier)
        || !contractType.equals(lastContractType)) {
      BigDecimal value = DecimalText.parse(contractValue);
      BigDecimal factor = DecimalText.parse(multiplier);
      if (value == null || factor == null) {
        return false;
      }
      lastContract = new Contract(value, factor, type);
      lastContractValue = contractValue;
      lastMultiplier = multiplier;
      lastContractType = contractType;
    }
    trade.setContract(lastContract);
    return true;
  }

  /** Reads {@code YYYY-MM-DDTHH:MM:SS[.f]Z}; false when the text is anything else or no instant. */
  private static boolean parseTime(String text, ParsedTrade trade) {
    int length = text.length();
    if (length <= SECONDS_LENGTH
        || text.charAt(length - 1) != 'Z'
        || text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || text.charAt(10) != 'T'
        || text.charAt(13) != ':'
        || text.charAt(16) != ':'
        || !isDigits(text, 0, 4)
        || !isDigits(text, 5, 7)
        || !isDigits(text, 8, 10)
        || !isDigits(text, 11, 13)
        || !isDigits(text, 14, 16)
        || !isDigits(text, 17, 19)) {
      return false;
    }
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, 19);
    int nano = fraction(text, length);
    if (hour > 23 || minute > 59 || second > 59 || nano < 0) {
      return false;
    }
    try {
      long day =
          LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10)).toEpochDay();
      trade.setTime(day * SECONDS_A_DAY + hour * 3600L + minute * 60L + second, nano);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  /**
   * Nanoseconds of the part between the seconds and the Z; -1 when it is not {@code .f} or empty.
   */
  private static int fraction(String text, int length) {
    int digits = length - 1 - (SECONDS_LENGTH + 1);
    if (digits == -1) {
      return 0;
    }
    if (digits < 1
        || digits > MAX_FRACTION_DIGITS
        || text.charAt(SECONDS_LENGTH) != '.'
        || !isDigits(text, SECONDS_LENGTH + 1, length - 1)) {
      return -1;
    }
    int nano = number(text, SECONDS_LENGTH + 1, length - 1);
    for (int i = digits; i < MAX_FRACTION_DIGITS; i++) {
      nano *= 10;
    }
    return nano;
  }

  private static boolean isDigits(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return from < to;
  }

  private static int number(String text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      value = value * 10 + (text.charAt(i) - '0');
    }
    return value;
  }
}
