package io.tapelake.jobs.read;

import io.tapelake.analytics.number.SqlDecimal;
import io.tapelake.jobs.parquet.Int128Decimal;
import io.tapelake.jobs.parquet.ParquetFile;
import io.tapelake.jobs.parquet.WrittenFile;
import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.TradeLine;
import java.io.Closeable;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * Writes trades as Parquet records of the table of trades, without making rows of them first: that
 * took most of the time of a backfill. Its partition column {@code date} is not among them, as
 * Delta has it.
 */
public final class TradeParquet implements Closeable {

  /** The column of trade ids. */
  public static final String ID_COLUMN = "trade_id";

  /** The column of event times. */
  public static final String TIME_COLUMN = "ts";

  /** Columns in which nearly every value is a new one. */
  public static final List<String> DISTINCT = List.of(ID_COLUMN, TIME_COLUMN, "notional");

  // Columns of the table; the day, which is not in the file, is the fifth.
  private static final int EXCHANGE = 0;
  private static final int INSTRUMENT = 1;
  private static final int ID = 2;
  private static final int TIME = 3;
  private static final int SIDE = 5;
  private static final int PRICE = 6;
  private static final int CONTRACTS = 7;
  private static final int BASE_VOLUME = 8;
  private static final int NOTIONAL = 9;

  private static final byte[] OKX = constant(TradeLine.EXCHANGE_NAME);
  private static final byte[] BUY = constant(TakerSide.BUY.text());
  private static final byte[] SELL = constant(TakerSide.SELL.text());

  private static final long MICROS_A_SECOND = 1_000_000;
  private static final int NANOS_A_MICRO = 1000;

  private final ParquetFile file;
  private final Int128Decimal decimal = new Int128Decimal();
  private byte[] instrument;
  private Contract contract;
  private long unscaledSize;
  private int sizeScale;

  /**
   * An empty file of a day.
   *
   * @param tableUri the folder of the table of trades
   */
  public TradeParquet(Configuration configuration, String tableUri, long epochDay)
      throws IOException {
    file = new ParquetFile(configuration, tableUri, epochDay, TradeRows.SCHEMA, "date", DISTINCT);
  }

  /** Sets whose trades come next. */
  public void of(String name) {
    instrument = constant(name);
  }

  public void write(ParsedTrade trade) throws IOException {
    putText(EXCHANGE, OKX);
    putText(INSTRUMENT, instrument);
    file.put(ID, trade.id());
    file.put(TIME, micros(trade));
    putText(SIDE, trade.side() == TakerSide.BUY ? BUY : SELL);
    if (!writeFast(trade)) {
      writeExact(trade);
    }
    file.endRow();
  }

  /** Writes what is left; the whole file, or none when there were no trades. */
  public Optional<WrittenFile> finish() throws IOException {
    return file.finish();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private static byte[] constant(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Microseconds since 1970, what is finer cut off. */
  private static long micros(ParsedTrade trade) {
    return trade.epochSecond() * MICROS_A_SECOND + trade.nano() / NANOS_A_MICRO;
  }

  /** In machine integers, where all four numbers are exact in them; false when they are not. */
  private boolean writeFast(ParsedTrade trade) {
    noteContract(trade.contract());
    long ticks = trade.unscaledPrice();
    long lots = trade.unscaledContracts();
    int baseScale = trade.contractsScale() + sizeScale;
    int notionalScale = baseScale + trade.priceScale();
    if (contract.type() != ContractType.LINEAR
        || ticks < 0
        || lots < 0
        || unscaledSize < 0
        || notionalScale > SqlDecimal.SCALE
        || bits(ticks) + bits(lots) + bits(unscaledSize) >= Long.SIZE) {
      return false;
    }
    long base = lots * unscaledSize;
    decimal.put(ticks, trade.priceScale());
    putDecimal(PRICE);
    decimal.put(lots, trade.contractsScale());
    putDecimal(CONTRACTS);
    decimal.put(base, baseScale);
    putDecimal(BASE_VOLUME);
    decimal.put(base * ticks, notionalScale);
    putDecimal(NOTIONAL);
    return true;
  }

  private void writeExact(ParsedTrade trade) {
    BigDecimal price = trade.price();
    BigDecimal contracts = trade.contracts();
    putDecimal(PRICE, price);
    putDecimal(CONTRACTS, contracts);
    putDecimal(BASE_VOLUME, trade.contract().baseVolume(contracts, price));
    putDecimal(NOTIONAL, trade.contract().notional(contracts, price));
  }

  private void noteContract(Contract terms) {
    if (terms != contract) {
      contract = terms;
      BigDecimal size = terms.size();
      boolean fits = size.unscaledValue().bitLength() < Long.SIZE && size.scale() >= 0;
      unscaledSize = fits ? size.unscaledValue().longValue() : -1;
      sizeScale = size.scale();
    }
  }

  private static int bits(long number) {
    return Long.SIZE - Long.numberOfLeadingZeros(number);
  }

  /** A number that does not fit is NULL. */
  private void putDecimal(int column, BigDecimal number) {
    if (decimal.put(number)) {
      putDecimal(column);
    } else {
      file.putNull(column);
    }
  }

  private void putText(int column, byte[] text) {
    file.put(column, text, 0, text.length);
  }

  private void putDecimal(int column) {
    file.put(column, decimal.bytes(), 0, Int128Decimal.BYTES);
  }
}
