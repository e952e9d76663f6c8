package io.tapelake.vault;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Writes raw trade lines of one instrument at the speed of their bytes: what {@link
 * TradeLine#format} gives, and an LF, without making objects. Not thread-safe.
 */
public final class TradeLineWriter {

  private static final int LONGEST = 1 << 10;
  private static final long MILLIS_A_MINUTE = 60_000;
  private static final int MINUTE_LENGTH = "2025-12-14T21:34".length();

  private final byte[] afterTime;
  private final byte[] afterId = bytes("\",\"" + TradeLine.SIDE + "\":\"");
  private final byte[] afterSide = bytes("\",\"" + TradeLine.PRICE + "\":\"");
  private final byte[] afterPrice = bytes("\",\"" + TradeLine.QTY_CONTRACTS + "\":\"");
  private final byte[] start = bytes("{\"" + TradeLine.TIMESTAMP + "\":\"");
  private final byte[] buy = bytes(TakerSide.BUY.text());
  private final byte[] sell = bytes(TakerSide.SELL.text());

  private Contract contract;
  private byte[] afterContracts;
  private long minute = Long.MIN_VALUE;
  private byte[] minuteText;

  public TradeLineWriter(String instrument) {
    afterTime =
        bytes(
            "\",\""
                + TradeLine.EXCHANGE
                + "\":\""
                + TradeLine.EXCHANGE_NAME
                + "\",\""
                + TradeLine.MARKET
                + "\":\""
                + TradeLine.MARKET_NAME
                + "\",\""
                + TradeLine.INST_ID
                + "\":\""
                + DayFile.checkInstrument(instrument)
                + "\",\""
                + TradeLine.SYMBOL
                + "\":\""
                + TradeLine.canonicalSymbol(instrument)
                + "\",\""
                + TradeLine.TRADE_ID
                + "\":\"");
  }

  /** How many bytes a line may need, at most. */
  public static int longest() {
    return LONGEST;
  }

  /**
   * Writes a line and its LF at {@code at}; returns where it ends.
   *
   * @param buffer with room for {@link #longest} bytes
   * @param millis event time in milliseconds since 1970
   * @param price plain digits with at most one point, no needless zeros, such as 61800.3
   * @param contracts likewise
   */
  public int write(
      byte[] buffer,
      int at,
      long millis,
      long id,
      TakerSide side,
      NumberText price,
      NumberText contracts,
      Contract terms) {
    int end = put(buffer, at, start);
    end = putTime(buffer, end, millis);
    end = put(buffer, end, afterTime);
    end = putNumber(buffer, end, id);
    end = put(buffer, end, afterId);
    end = put(buffer, end, side == TakerSide.BUY ? buy : sell);
    end = put(buffer, end, afterSide);
    end = price.copyTo(buffer, end);
    end = put(buffer, end, afterPrice);
    end = contracts.copyTo(buffer, end);
    return put(buffer, end, ending(terms));
  }

  private byte[] ending(Contract terms) {
    if (terms != contract) {
      contract = terms;
      afterContracts =
          bytes(
              "\",\""
                  + TradeLine.CT_VAL
                  + "\":\""
                  + terms.value().toPlainString()
                  + "\",\""
                  + TradeLine.CT_MULT
                  + "\":\""
                  + terms.multiplier().toPlainString()
                  + "\",\""
                  + TradeLine.CT_TYPE
                  + "\":\""
                  + terms.type().text()
                  + "\"}\n");
    }
    return afterContracts;
  }

  private int putTime(byte[] buffer, int at, long millis) {
    long wanted = Math.floorDiv(millis, MILLIS_A_MINUTE);
    if (wanted != minute) {
      minute = wanted;
      String text = TradeLine.formatTime(Instant.ofEpochMilli(wanted * MILLIS_A_MINUTE));
      minuteText = bytes(text.substring(0, MINUTE_LENGTH));
    }
    int end = put(buffer, at, minuteText);
    int rest = (int) Math.floorMod(millis, MILLIS_A_MINUTE);
    int second = rest / 1000;
    int milli = rest % 1000;
    buffer[end] = ':';
    buffer[end + 1] = (byte) ('0' + second / 10);
    buffer[end + 2] = (byte) ('0' + second % 10);
    buffer[end + 3] = '.';
    buffer[end + 4] = (byte) ('0' + milli / 100);
    buffer[end + 5] = (byte) ('0' + milli / 10 % 10);
    buffer[end + 6] = (byte) ('0' + milli % 10);
    buffer[end + 7] = 'Z';
    return end + 8;
  }

  private static int putNumber(byte[] buffer, int at, long number) {
    int digits = 1;
    for (long rest = number; rest > 9; rest /= 10) {
      digits++;
    }
    long rest = number;
    for (int place = at + digits - 1; place >= at; place--) {
      buffer[place] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return at + digits;
  }

  private static int put(byte[] buffer, int at, byte[] bytes) {
    System.arraycopy(bytes, 0, buffer, at, bytes.length);
    return at + bytes.length;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
