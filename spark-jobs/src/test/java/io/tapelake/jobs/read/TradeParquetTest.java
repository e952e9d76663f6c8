package io.tapelake.jobs.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.parquet.Int128Decimal;
import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.TakerSide;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TradeParquetTest {

  private static final int FILES = 20;
  private static final int TRADES = 500;
  private static final Contract CONTRACT =
      new Contract(new BigDecimal("0.01"), BigDecimal.ONE, ContractType.LINEAR);

  @TempDir private java.nio.file.Path folder;

  private final Configuration configuration = new Configuration();

  /** What several files have in common must not have a state of its own. */
  @Test
  void filesThatAreWrittenAtTheSameTimeDoNotDisturbEachOther() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Path>> files = new ArrayList<>();
      for (int file = 0; file < FILES; file++) {
        int first = file * TRADES;
        files.add(threads.submit(() -> write(first)));
      }
      for (int file = 0; file < FILES; file++) {
        assertIsWhole(files.get(file).get(), file * TRADES);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void numbersAreThoseOfTheTradeAndNullWhereAColumnHasNoRoomForThem() throws Exception {
    String[][] numbers = {
      {"101250.5", "3", "0.03", "3037.515"},
      {"0.000000001234", "1.000000000001", "0.01000000000001", "0.000000000012340000"},
      {"99999999999.5", "999999999999", "9999999999.99", null},
    };
    Path file;
    try (TradeParquet out = new TradeParquet(configuration, folder.toString(), 0)) {
      out.of("A");
      for (String[] each : numbers) {
        ParsedTrade trade = new ParsedTrade();
        trade.setContract(CONTRACT);
        trade.setId(1);
        trade.setTime(-1, 999_999_999);
        trade.setSide(TakerSide.BUY);
        trade.setPrice(new BigDecimal(each[0]));
        trade.setContracts(new BigDecimal(each[1]));
        out.write(trade);
      }
      file = new Path(out.finish().orElseThrow().path());
    }
    try (ParquetReader<Group> rows =
        ParquetReader.builder(new GroupReadSupport(), file).withConf(configuration).build()) {
      for (String[] each : numbers) {
        Group row = rows.read();
        assertThat(row.getLong("ts", 0)).isEqualTo(-1);
        assertThat(number(row, "price")).isEqualByComparingTo(each[0]);
        assertThat(number(row, "contracts")).isEqualByComparingTo(each[1]);
        assertThat(number(row, "base_volume")).isEqualByComparingTo(each[2]);
        if (each[3] == null) {
          assertThat(row.getFieldRepetitionCount("notional")).isZero();
        } else {
          assertThat(number(row, "notional")).isEqualByComparingTo(each[3]);
        }
      }
    }
  }

  private static BigDecimal number(Group row, String column) {
    return Int128Decimal.number(row.getBinary(column, 0).getBytes(), 0);
  }

  private Path write(int first) throws Exception {
    try (TradeParquet out = new TradeParquet(configuration, folder.toString(), 0)) {
      out.of("A-" + first);
      ParsedTrade trade = new ParsedTrade();
      trade.setContract(CONTRACT);
      for (int id = first; id < first + TRADES; id++) {
        trade.setId(id);
        trade.setTime(id, 0);
        trade.setSide(side(id));
        trade.setPrice(id, 1);
        trade.setContracts(1, 0);
        out.write(trade);
      }
      return new Path(out.finish().orElseThrow().path());
    }
  }

  private void assertIsWhole(Path file, int first) throws Exception {
    try (ParquetReader<Group> rows =
        ParquetReader.builder(new GroupReadSupport(), file).withConf(configuration).build()) {
      for (int id = first; id < first + TRADES; id++) {
        Group row = rows.read();
        assertThat(row.getString("exchange", 0)).isEqualTo("okx");
        assertThat(row.getString("inst_id", 0)).isEqualTo("A-" + first);
        assertThat(row.getLong("trade_id", 0)).isEqualTo(id);
        assertThat(row.getString("side", 0)).isEqualTo(side(id).text());
      }
      assertThat(rows.read()).isNull();
    }
  }

  private static TakerSide side(int id) {
    return id % 3 == 0 ? TakerSide.BUY : TakerSide.SELL;
  }
}
