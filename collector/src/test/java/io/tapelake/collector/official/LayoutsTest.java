package io.tapelake.collector.official;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same trades in every layout that the exchange's files have or had. */
class LayoutsTest {

  private static final String BTC = "BTC-USDT-SWAP";
  private static final List<String> TRADES =
      List.of(
          "BTC-USDT-SWAP 101 buy 42219.9 x 100 @1704729600011",
          "BTC-USDT-SWAP 102 sell 42219.8 x 0.05 @1704729600011",
          "BTC-USDT-SWAP 103 buy 42220 x 14.07 @1704729601500");

  private static final String TODAY =
      "instrument_name,trade_id,side,price,size,created_time\n"
          + "BTC-USDT-SWAP,101,buy,42219.9,100,1704729600011\n"
          + "BTC-USDT-SWAP,102,sell,42219.8,0.05,1704729600011\n"
          + "BTC-USDT-SWAP,103,buy,42220,14.07,1704729601500\n";

  @TempDir private Path folder;

  @Test
  void todaysColumns() throws Exception {
    String csv =
        "instrument_name,trade_id,side,price,size,created_time\n"
            + "BTC-USDT-SWAP,101,buy,42219.9,100,1704729600011\n"
            + "BTC-USDT-SWAP,102,sell,42219.80,0.05,1704729600011\n"
            + "BTC-USDT-SWAP,103,buy,42220.0,14.07,1704729601500\n";
    assertThat(trades("BTC-USDT-SWAP-trades-2024-01-09.zip", csv.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(TRADES);
  }

  @Test
  void todaysColumnsWithTheSource() throws Exception {
    String csv =
        "instrument_name,trade_id,side,price,size,created_time,source\r\n"
            + "BTC-USDT-SWAP,101,buy,42219.9,100,1704729600011,0\r\n"
            + "BTC-USDT-SWAP,102,sell,42219.8,0.05,1704729600011,1\r\n"
            + "BTC-USDT-SWAP,103,buy,42220,14.07,1704729601500,0";
    assertThat(trades("BTC-USDT-SWAP-trades-2024-01-09.csv", csv.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(TRADES);
  }

  @Test
  void theLegacyHeaderInTwoLanguages() throws Exception {
    String csv =
        "trade_id/撮合id,side/交易方向,size/数量,price/价格,created_time/成交时间\n"
            + "101,buy,1.0E+2,42219.9,1704729600011\n"
            + "102,sell,5E-2,42219.8,1704729600011\n"
            + "103,buy,14.07,4.222E4,1704729601500\n";
    for (String charset : List.of("GBK", "UTF-8")) {
      assertThat(
              trades("BTC-USDT-SWAP-trades-2021-10-02.zip", csv.getBytes(Charset.forName(charset))))
          .as(charset)
          .isEqualTo(TRADES);
    }
  }

  @Test
  void theOldAggregatesWithoutAHeader() throws Exception {
    String csv =
        "101,BUY,100,42219.9,1704729600011\n"
            + "102,SELL,0.05,42219.8,1704729600011\n"
            + "103,BUY,14.07,42220,1704729601500\n";
    byte[] bytes = csv.getBytes(StandardCharsets.US_ASCII);
    assertThat(trades("BTC-USDT-SWAP-aggtrades-2021-10-02.zip", bytes)).isEqualTo(TRADES);
    try (CsvTrades rows = open("BTC-USDT-SWAP-aggtrades-2021-10-02.zip", bytes, null)) {
      assertThat(rows.isAggregated()).isTrue();
    }
  }

  @Test
  void aWholeVenueNamesTheInstrumentInEveryRow() throws Exception {
    String csv =
        "\u00ef\u00bb\u00bfinstrument_name,trade_id,side,price,size,created_time\n"
            + "BTC-USDT-SWAP,101,buy,42219.9,100,1704729600011\n"
            + "ETH-USDT-SWAP,7,sell,2200.1,3,1704729600012\n"
            + "BTC-USDT-SWAP,102,sell,42219.8,0.05,1704729600011\n";
    assertThat(trades("allswap-trades-2024-01-09.zip", csv.getBytes(StandardCharsets.ISO_8859_1)))
        .containsExactly(
            TRADES.get(0), "ETH-USDT-SWAP 7 sell 2200.1 x 3 @1704729600012", TRADES.get(1));
  }

  @Test
  void aFileWithoutTheInstrumentNeedsANameOrAWord() throws Exception {
    byte[] csv = "101,buy,100,42219.9,1704729600011\n".getBytes(StandardCharsets.US_ASCII);
    assertThatThrownBy(() -> open("download.zip", csv, null))
        .isInstanceOf(BadFileException.class)
        .hasMessageContaining("download.zip does not say whose trades it holds")
        .hasMessageContaining("--instrument");
    try (CsvTrades rows = open("download.zip", csv, BTC)) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.instrument()).isEqualTo(BTC);
    }
  }

  @Test
  void whatIsNotRecognisedIsRefusedWithWhatWasFoundAndExpected() {
    for (String first :
        List.of(
            "timestamp,open,high,low,close",
            "instrument_name,trade_id,side,price,created_time",
            "instrument_name,instrument_name,trade_id,side,price,size,created_time",
            "trade_id,trade_id,side,price,size,created_time",
            "1704729600011,101,buy,100,42219.9",
            "<html>",
            "PK")) {
      byte[] csv = (first + "\n1,2,3\n").getBytes(StandardCharsets.UTF_8);
      assertThatThrownBy(() -> open("BTC-USDT-SWAP-trades-2024-01-09.csv", csv, null))
          .as(first)
          .isInstanceOf(BadFileException.class)
          .hasMessageContaining("begins with '" + first + "'")
          .hasMessageContaining(
              "expected the header instrument_name,trade_id,side,price,size,created_time");
    }
  }

  @Test
  void everyFlawIsNamedAfterItsColumn() throws Exception {
    String csv =
        "instrument_name,trade_id,side,price,size,created_time\n"
            + "BTC/USDT,1,buy,1,1,1704729600011\n"
            + "BTC-USDT-SWAP,x,buy,1,1,1704729600011\n"
            + "BTC-USDT-SWAP,1234567890123456789,buy,1,1,1704729600011\n"
            + "BTC-USDT-SWAP,1,hold,1,1,1704729600011\n"
            + "BTC-USDT-SWAP,1,buy,0,1,1704729600011\n"
            + "BTC-USDT-SWAP,1,buy,1,-1,1704729600011\n"
            + "BTC-USDT-SWAP,1,buy,1,1e99,1704729600011\n"
            + "BTC-USDT-SWAP,1,buy,1,1,1704729600\n"
            + "BTC-USDT-SWAP,1,buy,1,1,99999999999999\n"
            + "BTC-USDT-SWAP,1,buy,1,1\n"
            + "BTC-USDT-SWAP,1,buy,1,1,1704729600011,0\n"
            + "\n"
            + "BTC-USDT-SWAP,1,buy,1,1,1704729600011\n";
    List<String> flaws = new ArrayList<>();
    try (CsvTrades rows =
        open("allswap-trades-2024-01-09.csv", csv.getBytes(StandardCharsets.UTF_8), null)) {
      while (rows.next()) {
        flaws.add(rows.flaw());
      }
      assertThat(rows.lineNumber()).isEqualTo(14);
    }
    assertThat(flaws)
        .containsExactly(
            "instrument_name",
            "trade_id",
            "trade_id",
            "side",
            "price",
            "size",
            "size",
            "created_time",
            "created_time",
            "columns",
            "columns",
            null);
  }

  @Test
  void columnsNobodyKnowsAreIgnoredWhereverTheyStand() throws Exception {
    String csv =
        "is_block,Created_Time,size,price,note,side,trade_id,instrument_name,is_block\n"
            + "false,1704729600011,100,42219.9,\"a, b\",buy,101,BTC-USDT-SWAP,\n"
            + "true,1704729600011,0.05,42219.8,\u00e9,sell,102,BTC-USDT-SWAP,x\n"
            + ",1704729601500,14.07,42220,,buy,103,BTC-USDT-SWAP,\n";
    assertThat(trades("BTC-USDT-SWAP-trades-2024-01-09.csv", csv.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(TRADES);
  }

  @Test
  void quotationMarksByteOrderMarksAndLineEndsOfEveryKind() throws Exception {
    String plain = TODAY.replace("\n", "\r\n");
    String quoted = TODAY.replaceAll("([^,\n]+)", "\"$1\"");
    String someQuoted = TODAY.replace("buy", "\"buy\"").replace("101", "\"101\"");
    String marked = "\ufeff" + quoted.replace("\n", "\r\n");
    for (String csv :
        List.of(
            plain,
            quoted,
            someQuoted,
            marked,
            TODAY.replace('\n', '\r'),
            TODAY + "\n\r\n",
            "\n \n" + TODAY.replace("\n", "\n\n") + "  \n,,,,,\n\t\n ")) {
      assertThat(
              trades("BTC-USDT-SWAP-trades-2024-01-09.csv", csv.getBytes(StandardCharsets.UTF_8)))
          .as(csv)
          .isEqualTo(TRADES);
    }
    byte[] wide = ("\ufeff" + TODAY).getBytes(StandardCharsets.UTF_16LE);
    assertThat(trades("BTC-USDT-SWAP-trades-2024-01-09.csv", wide)).isEqualTo(TRADES);
  }

  @Test
  void filesThatWerePutTogetherRepeatTheirHeader() throws Exception {
    String other =
        "\ufeffinstrument_name,trade_id,side,price,size,created_time,source\n"
            + "BTC-USDT-SWAP,104,buy,42220,1,1704729601500,0\n";
    byte[] csv = (TODAY + TODAY + other).getBytes(StandardCharsets.UTF_8);
    List<String> expected = new ArrayList<>(TRADES);
    expected.addAll(TRADES);
    expected.add("BTC-USDT-SWAP 104 buy 42220 x 1 @1704729601500");
    assertThat(trades("BTC-USDT-SWAP-trades-2024-01.csv", csv)).isEqualTo(expected);
    String onlyHeader = "instrument_name,trade_id,side,price,size,created_time";
    assertThat(trades("BTC-USDT-SWAP-trades-2024-01-10.csv", onlyHeader.getBytes())).isEmpty();
  }

  @Test
  void lowerCaseMeansTheSameInstrument() throws Exception {
    byte[] csv = TODAY.toLowerCase(java.util.Locale.ROOT).getBytes(StandardCharsets.UTF_8);
    assertThat(trades("btc-usdt-swap-trades-2024-01-09.csv", csv)).isEqualTo(TRADES);
    assertThat(trades("BTC-USDT-SWAP-TRADES-2024-01-09.CSV", csv)).isEqualTo(TRADES);
    assertThat(trades("download.csv", csv)).isEqualTo(TRADES);
    byte[] spot = "101,buy,100,42219.9,1704729600011\n".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> open("btc-usdt-trades-2024-01-09.csv", spot, BTC))
        .isInstanceOf(BadFileException.class)
        .hasMessageContaining("is not of BTC-USDT-SWAP by its name");
  }

  @Test
  void aFileThatWasCompressedWithGzip() throws Exception {
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    for (String piece : List.of(TODAY.substring(0, 60), TODAY.substring(60))) {
      try (OutputStream gzip = new GZIPOutputStream(bytes)) {
        gzip.write(piece.getBytes(StandardCharsets.UTF_8));
      }
    }
    assertThat(trades("BTC-USDT-SWAP-trades-2024-01-09.csv.gz", bytes.toByteArray()))
        .isEqualTo(TRADES);
  }

  @Test
  void aQuotationMarkThatIsNotClosedIsNoLongerThanARow() {
    String csv = TODAY + "BTC-USDT-SWAP,104,buy,\"42220,1,1704729601500\n" + TODAY.repeat(10);
    assertThatThrownBy(
            () ->
                trades("BTC-USDT-SWAP-trades-2024-01-09.csv", csv.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(BadFileException.class)
        .hasMessageContaining("line 5 that is longer than 512 bytes")
        .hasMessageContaining("a quotation mark is not closed");
  }

  private List<String> trades(String name, byte[] csv) throws Exception {
    List<String> trades = new ArrayList<>();
    try (CsvTrades rows = open(name, csv, null)) {
      while (rows.next()) {
        assertThat(rows.flaw()).as(rows.text()).isNull();
        trades.add(
            "%s %d %s %s x %s @%d"
                .formatted(
                    rows.instrument(),
                    rows.id(),
                    rows.side().text(),
                    rows.price().value().toPlainString(),
                    rows.size().value().toPlainString(),
                    rows.millis()));
      }
    }
    return trades;
  }

  private CsvTrades open(String name, byte[] csv, String instrument)
      throws IOException, BadFileException {
    Path file = folder.resolve(name);
    if (name.endsWith(".zip")) {
      Zips.zip(file, name.replace(".zip", ".csv"), csv);
    } else {
      Files.write(file, csv);
    }
    return CsvTrades.open(new OfficialFile(file), instrument);
  }
}
