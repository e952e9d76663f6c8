package io.tapelake.jobs.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.vault.DayFile;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.TradeLineScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataSetTest {

  private static final LocalDate DAY = LocalDate.of(2025, 12, 1);

  @TempDir private Path vault;

  @Test
  void everyLineIsAsTheCollectorWritesIt() throws IOException {
    DataSet data = new DataSet("small", 2, DAY, 1, 500);
    data.writeTo(vault);
    data.appendMinute(vault, 7, 60);

    DayFile first = new DayFile("BTC-USDT-SWAP", DAY);
    assertThat(count(first)).isEqualTo(500);
    assertThat(count(new DayFile("ETH-USDT-SWAP", DAY.plusDays(1)))).isEqualTo(60);
    assertThat(Files.readString(vault.resolve(first.rawPath())))
        .startsWith("{\"timestamp_utc\":\"2025-12-01T00:0");
  }

  private long count(DayFile file) throws IOException {
    byte[] bytes = Files.readAllBytes(vault.resolve(file.rawPath()));
    TradeLineScanner scanner = new TradeLineScanner(file);
    ParsedTrade trade = new ParsedTrade();
    long lines = 0;
    for (int from = 0; from < bytes.length; lines++) {
      int end = scanner.scanToLineFeed(bytes, from, bytes.length, trade);
      assertThat(end).as("line %d", lines).isPositive();
      from = end + 1;
    }
    return lines;
  }
}
