package io.tapelake.jobs.read;

import io.tapelake.analytics.number.SqlDecimal;
import io.tapelake.jobs.plan.Slice;
import io.tapelake.vault.Contract;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.TradeLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/** The trades of some slices as rows of the table of trades, read as they are asked for. */
final class TradeRows implements Iterator<Row> {

  static final DataType DECIMAL =
      DataTypes.createDecimalType(SqlDecimal.PRECISION, SqlDecimal.SCALE);

  static final StructType SCHEMA =
      new StructType()
          .add("exchange", DataTypes.StringType)
          .add("inst_id", DataTypes.StringType)
          .add("trade_id", DataTypes.LongType)
          .add("ts", DataTypes.TimestampType)
          .add("date", DataTypes.DateType)
          .add("side", DataTypes.StringType)
          .add("price", DECIMAL)
          .add("contracts", DECIMAL)
          .add("base_volume", DECIMAL)
          .add("notional", DECIMAL);

  private static final int NANOS_A_MICRO = 1000;

  private final Iterator<Slice> slices;
  private final String root;
  private final SerializableConfiguration configuration;
  private SliceScan scan;
  private Slice slice;
  private Row next;

  TradeRows(List<Slice> slices, String root, SerializableConfiguration configuration) {
    this.slices = slices.iterator();
    this.root = root;
    this.configuration = configuration;
  }

  @Override
  public boolean hasNext() {
    try {
      while (next == null) {
        if (scan != null && scan.next()) {
          next = row(scan.trade());
        } else if (!openNext()) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + slice.path(), e);
    }
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Row row = next;
    next = null;
    return row;
  }

  private boolean openNext() throws IOException {
    if (scan != null) {
      scan.close();
      scan = null;
    }
    if (!slices.hasNext()) {
      return false;
    }
    slice = slices.next();
    scan = new SliceScan(slice, SliceTasks.bytes(slice, root, configuration));
    return true;
  }

  private Row row(ParsedTrade trade) {
    BigDecimal price = trade.price();
    BigDecimal contracts = trade.contracts();
    Contract contract = trade.contract();
    return RowFactory.create(
        TradeLine.EXCHANGE_NAME,
        slice.instrument(),
        trade.id(),
        Instant.ofEpochSecond(
            trade.epochSecond(), trade.nano() / NANOS_A_MICRO * (long) NANOS_A_MICRO),
        LocalDate.ofEpochDay(slice.epochDay()),
        trade.side().text(),
        price,
        contracts,
        SqlDecimal.fit(contract.baseVolume(contracts, price)),
        SqlDecimal.fit(contract.notional(contracts, price)));
  }
}
