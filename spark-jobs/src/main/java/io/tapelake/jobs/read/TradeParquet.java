package io.tapelake.jobs.read;

import io.tapelake.jobs.minute.SqlDecimal;
import io.tapelake.jobs.parquet.Int128Decimal;
import io.tapelake.jobs.parquet.ParquetRecords;
import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.TradeLine;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;

/**
 * Writes trades as Parquet records of the table of trades, without making rows of them first: that
 * took most of the time of a backfill. Its partition column {@code date} is not among them, as
 * Delta has it.
 */
final class TradeParquet extends ParquetRecords<ParsedTrade> {

  private static final String[] DECIMALS = {"price", "contracts", "base_volume", "notional"};

  private static final Binary EXCHANGE = constant(TradeLine.EXCHANGE_NAME);
  private static final Binary BUY = constant(TakerSide.BUY.text());
  private static final Binary SELL = constant(TakerSide.SELL.text());

  private static final long MICROS_A_SECOND = 1_000_000;
  private static final int NANOS_A_MICRO = 1000;

  private final Int128Decimal decimal = new Int128Decimal();
  private Binary instrument;
  private Contract contract;
  private long unscaledSize;
  private int sizeScale;

  private TradeParquet() {
    super(TradeRows.SCHEMA, "date");
  }

  /** Sets whose trades come next. */
  private void of(String name) {
    instrument = constant(name);
  }

  /** An open file. */
  static final class Writer implements AutoCloseable {

    private final TradeParquet trades = new TradeParquet();
    private final ParquetWriter<ParsedTrade> parquet;

    Writer(OutputFile file, Configuration configuration) throws IOException {
      parquet = trades.open(file, configuration, List.of("trade_id", "ts", "notional"));
    }

    void of(String instrument) {
      trades.of(instrument);
    }

    void write(ParsedTrade trade) throws IOException {
      parquet.write(trade);
    }

    @Override
    public void close() throws IOException {
      parquet.close();
    }
  }

  @Override
  public void write(ParsedTrade trade) {
    RecordConsumer record = record();
    record.startMessage();
    text(0, "exchange", EXCHANGE);
    text(1, "inst_id", instrument);
    number(2, "trade_id", trade.id());
    number(3, "ts", micros(trade));
    text(4, "side", side(trade.side()));
    if (!writeFast(trade)) {
      writeExact(trade);
    }
    record.endMessage();
  }

  static Binary side(TakerSide side) {
    return side == TakerSide.BUY ? BUY : SELL;
  }

  /**
   * A text that files have in common. Parquet's own for strings moves the ends of a buffer while it
   * is read, so that two files written at the same time would get each other's bytes.
   */
  private static Binary constant(String text) {
    return Binary.fromConstantByteArray(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Microseconds since 1970, what is finer cut off. */
  static long micros(ParsedTrade trade) {
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
    decimal(5);
    decimal.put(lots, trade.contractsScale());
    decimal(6);
    decimal.put(base, baseScale);
    decimal(7);
    decimal.put(base * ticks, notionalScale);
    decimal(8);
    return true;
  }

  private void writeExact(ParsedTrade trade) {
    BigDecimal price = trade.price();
    BigDecimal contracts = trade.contracts();
    decimal(5, SqlDecimal.fit(price));
    decimal(6, SqlDecimal.fit(contracts));
    decimal(7, SqlDecimal.fit(trade.contract().baseVolume(contracts, price)));
    decimal(8, SqlDecimal.fit(trade.contract().notional(contracts, price)));
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

  private void text(int index, String column, Binary value) {
    record().startField(column, index);
    record().addBinary(value);
    record().endField(column, index);
  }

  private void number(int index, String column, long value) {
    record().startField(column, index);
    record().addLong(value);
    record().endField(column, index);
  }

  /** A number that does not fit stays out, which is NULL. */
  private void decimal(int index, BigDecimal number) {
    if (number != null) {
      decimal.put(number);
      decimal(index);
    }
  }

  private void decimal(int index) {
    String column = DECIMALS[index - 5];
    record().startField(column, index);
    record().addBinary(Binary.fromReusedByteArray(decimal.bytes()));
    record().endField(column, index);
  }
}
