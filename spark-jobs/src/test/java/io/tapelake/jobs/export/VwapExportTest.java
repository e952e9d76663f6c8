package io.tapelake.jobs.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.analytics.number.Quotient;
import io.tapelake.analytics.window.FlowSums;
import io.tapelake.analytics.window.MinuteFigures;
import io.tapelake.analytics.window.MinuteRange;
import io.tapelake.analytics.window.SpanFigures;
import io.tapelake.analytics.window.SpanSums;
import io.tapelake.analytics.window.VwapSums;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.store.VaultStores;
import io.tapelake.jobs.table.Columns;
import io.tapelake.jobs.table.FigureRow;
import io.tapelake.jobs.table.LakeSchema;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VwapExportTest {

  private static final String BTC = "BTC-USDT-SWAP";
  private static final long MINUTE = Instant.parse("2025-12-14T21:34:00Z").getEpochSecond() / 60;

  @TempDir private Path vault;
  private VaultStore store;
  private VwapExport export;

  @BeforeEach
  void open() throws IOException {
    store = VaultStores.open(vault.toString(), new Configuration(false));
    export = new VwapExport(store, List.of("1h"));
  }

  @Test
  void theLineThatReadersKnow() {
    FigureRow row = row(MINUTE, figures(1250, "101245.75"), figures(4800, "101230.250"));
    String line =
        "{\"window_start_utc\":\"2025-12-14T21:34:00Z\",\"instId\":\"BTC-USDT-SWAP\","
            + "\"exchange\":\"okx\",\"market\":\"perp\",\"vwap_1h\":\"101245.75\","
            + "\"vwap_4h\":\"101230.25\",\"trade_count_1h\":1250,\"trade_count_4h\":4800}";
    assertThat(line("1h,4h", row)).isEqualTo(line);
    assertThat(VwapExport.minute(line)).isEqualTo(MINUTE);
  }

  @Test
  void theKnownWindowsComeFirstInWhateverOrderTheyAreConfigured() {
    FigureRow row = row(MINUTE, figures(4800, "4"), figures(15, "0.5"), figures(1250, "1"));
    assertThat(line("4h,15m,1h", row))
        .endsWith(
            "\"market\":\"perp\",\"vwap_1h\":\"1\",\"vwap_4h\":\"4\",\"trade_count_1h\":1250,"
                + "\"trade_count_4h\":4800,\"vwap_15m\":\"0.5\",\"trade_count_15m\":15}");
  }

  @Test
  void furtherWindowsFollowInConfiguredOrderPairwise() {
    FigureRow row = row(MINUTE, figures(1, "1"), figures(2, "2"), figures(3, "3"));
    assertThat(line("1d,5m,1h", row))
        .endsWith(
            "\"vwap_1h\":\"3\",\"trade_count_1h\":3,\"vwap_1d\":\"1\",\"trade_count_1d\":1,"
                + "\"vwap_5m\":\"2\",\"trade_count_5m\":2}");
  }

  @Test
  void anEmptyWindowIsNullAndZero() {
    FigureRow row =
        row(
            MINUTE,
            new SpanFigures(SpanSums.NONE, null, null, null, null, null, null, Double.NaN, null),
            figures(1, "1E-9"));
    assertThat(line("1h,4h", row))
        .endsWith(
            "\"vwap_1h\":null,\"vwap_4h\":\"0.000000001\",\"trade_count_1h\":0,\"trade_count_4h\":1}");
  }

  @Test
  void numbersArePlainWithoutTrailingZeros() {
    assertThat(line("1h", row(MINUTE, figures(1, "1.2E+7")))).contains("\"vwap_1h\":\"12000000\"");
    assertThat(line("1h", row(MINUTE, figures(1, "100.00")))).contains("\"vwap_1h\":\"100\"");
  }

  @Test
  void rowsAreAddedBehindTheLast() throws IOException {
    long length = export.append(BTC, 0, rows(0, 2, "1"));
    length = export.append(BTC, length, rows(3, 4, "1"));
    assertThat(length).isEqualTo(Files.size(file()));
    assertThat(minutes()).containsExactly(0L, 1L, 2L, 3L, 4L);
  }

  @Test
  void anyNumberOfRowsAreAddedInTheirOrder() throws IOException {
    long length = 0;
    List<String> lines = new ArrayList<>();
    for (int count : new int[] {0, 1, 127, 128, 129, 257}) {
      List<Row> rows = rows(lines.size(), lines.size() + count - 1, "101.5");
      rows.forEach(row -> lines.add(export.line(row)));
      length = export.append(BTC, length, rows);
      assertThat(length).isEqualTo(Files.size(file()));
      assertThat(Files.readAllLines(file())).isEqualTo(lines);
    }
  }

  @Test
  void replacedMinutesGoAndOthersStay() throws IOException {
    export.append(BTC, 0, rows(0, 9, "1"));
    List<Row> rows = new ArrayList<>(rows(2, 3, "7"));
    rows.addAll(rows(12, 12, "7"));
    long length = export.replace(BTC, rows, List.of(new MinuteRange(2, 4), new MinuteRange(9, 20)));
    assertThat(length).isEqualTo(Files.size(file()));
    assertThat(minutes()).containsExactly(0L, 1L, 2L, 3L, 5L, 6L, 7L, 8L, 12L);
    assertThat(Files.readAllLines(file()).get(2)).contains("\"vwap_1h\":\"7\"");
    assertThat(Files.readAllLines(file()).get(4)).contains("\"vwap_1h\":\"1\"");
  }

  @Test
  void earlierMinutesThanTheFirstComeBeforeIt() throws IOException {
    export.append(BTC, 0, rows(5, 6, "1"));
    export.replace(BTC, rows(1, 3, "7"), List.of(new MinuteRange(1, 3)));
    assertThat(minutes()).containsExactly(1L, 2L, 3L, 5L, 6L);
  }

  @Test
  void replacingWhereThereIsNoFileMakesOne() throws IOException {
    export.replace(BTC, rows(1, 3, "7"), List.of(new MinuteRange(0, 9)));
    assertThat(minutes()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void rewritingLeavesNothingOfTheOldOne() throws IOException {
    export.append(BTC, 0, rows(0, 20, "1"));
    long length = export.rewrite(BTC, rows(3, 4, "2").iterator());
    assertThat(length).isEqualTo(Files.size(file()));
    assertThat(minutes()).containsExactly(3L, 4L);
  }

  private String line(String windows, FigureRow row) {
    List<String> names = List.of(windows.split(","));
    return new VwapExport(store, names).line(LakeSchema.vwap(names).row(row));
  }

  private Path file() {
    return vault.resolve(VaultLayout.vwapExport(BTC));
  }

  private List<Long> minutes() throws IOException {
    assertThat(Files.readString(file())).endsWith("}\n");
    return Files.readAllLines(file()).stream().map(VwapExport::minute).toList();
  }

  private static List<Row> rows(long from, long to, String vwap) {
    Columns<FigureRow> columns = LakeSchema.vwap(List.of("1h"));
    return LongStream.rangeClosed(from, to)
        .mapToObj(minute -> columns.row(row(minute, figures(1, vwap))))
        .toList();
  }

  private static FigureRow row(long minute, SpanFigures... windows) {
    return FigureRow.of(
        BTC,
        new MinuteFigures(minute, null, BigDecimal.ONE, List.of(windows), Double.NaN, List.of()));
  }

  private static SpanFigures figures(long count, String vwap) {
    Quotient number = Quotient.of(new BigDecimal(vwap), BigDecimal.ONE);
    VwapSums sums = new VwapSums(count, BigDecimal.ONE, BigDecimal.ONE, BigDecimal.ONE);
    return new SpanFigures(
        new SpanSums(sums, FlowSums.NONE),
        null,
        number,
        number,
        null,
        null,
        null,
        Double.NaN,
        null);
  }
}
