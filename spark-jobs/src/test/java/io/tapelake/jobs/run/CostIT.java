package io.tapelake.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tapelake.jobs.Tapelake;
import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.Trade;
import io.tapelake.vault.TradeLine;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a run of one new minute costs grows little with how much history there is (on other storage
 * by at most 6 kB a day, for lists of files and state), and a run without news leaves nothing
 * behind.
 *
 * <p>{@code -Dtapelake.cost.days=365} takes a year of two instruments; {@code
 * -Dtapelake.cost.folder=DIR} keeps the vaults {@code DIR/short} and {@code DIR/long} as they are
 * before the new minute, to be timed from the shell.
 */
final class CostIT {

  private static final int DAYS = Integer.getInteger("tapelake.cost.days", 20);
  private static final int TRADES_A_DAY = Integer.getInteger("tapelake.cost.trades", 500);

  /** Days whose rows a new minute looks at. */
  private static final int LOOKED_AT = 2;

  /** On a history that is so long that the logs have checkpoints: entries are longer. */
  private static final long BYTES_A_DAY = 6_000;

  private static final String KEPT = System.getProperty("tapelake.cost.folder");
  static final LocalDate LAST_DAY = LocalDate.parse("2026-06-30");
  private static final Instant END = Instant.parse("2026-07-01T00:00:00Z");
  private static final Instant NEW_MINUTE = Instant.parse("2026-07-01T00:00:30Z");
  private static final List<String> INSTRUMENTS = List.of("BTC-USDT-SWAP", "ETH-USDT-SWAP");
  private static final Contract CONTRACT =
      new Contract(new BigDecimal("0.01"), BigDecimal.ONE, ContractType.LINEAR);

  @TempDir private Path folder;

  @Test
  void aNewMinuteCostsTheSameOnALongHistory() throws Exception {
    Path kept = KEPT == null ? folder : Path.of(KEPT);
    Path brief = vault(kept.resolve("short"), 1);
    Path lengthy = vault(kept.resolve("long"), DAYS);
    if (KEPT != null) {
      return;
    }
    JsonNode onBrief = oneMoreMinute(brief);
    JsonNode onLengthy = oneMoreMinute(lengthy);
    assertThat(onBrief.required("bytes_read").asLong()).isPositive();
    assertThat(onLengthy.required("bytes_read")).isEqualTo(onBrief.required("bytes_read"));
    assertThat(onLengthy.required("trades")).isEqualTo(onBrief.required("trades"));

    SortedMap<String, Long> before = files(lengthy);
    for (int i = 0; i < 3; i++) {
      assertThat(run(lengthy).required("commits").asInt()).isZero();
    }
    assertThat(files(lengthy)).isEqualTo(before);
  }

  /**
   * What a run of one new minute reads and writes of a file system elsewhere, the bytes that come
   * by this process: of a day of history before those that rows look at, its files' names and
   * bounds in the logs, once, and its place in the cursors.
   */
  static void checkBytesMoved(FileSystem files, String root, Path folder) throws IOException {
    long brief = bytesMoved(files, root + "/short", folder.resolve("short"), LOOKED_AT);
    long lengthy = bytesMoved(files, root + "/long", folder.resolve("long"), DAYS);
    System.out.printf("a new minute moves %d bytes, %d behind %d days%n", brief, lengthy, DAYS);
    assertThat(lengthy - brief).isLessThanOrEqualTo(DAYS * BYTES_A_DAY);
  }

  private static long bytesMoved(FileSystem files, String root, Path local, int days)
      throws IOException {
    vault(local, days);
    files.copyFromLocalFile(
        new org.apache.hadoop.fs.Path(local.toUri()), new org.apache.hadoop.fs.Path(root));
    // It finds files of other times than it has seen, and looks at them once.
    assertThat(Outputs.execute("run", root, "--as-of", END.toString())).isZero();
    write(local, LAST_DAY.plusDays(1), 1);
    String raw = new DayFile(INSTRUMENTS.get(0), LAST_DAY.plusDays(1)).rawPath();
    files.copyFromLocalFile(
        new org.apache.hadoop.fs.Path(local.resolve(raw).toUri()),
        new org.apache.hadoop.fs.Path(root, raw));
    FileSystem.clearStatistics();
    CountingHdfs.clear();
    String asOf = NEW_MINUTE.plusSeconds(60).toString();
    assertThat(Outputs.execute("run", root, "--as-of", asOf)).isZero();
    System.out.println(CountingHdfs.counted());
    return FileSystem.getAllStatistics().stream()
        .filter(each -> each.getScheme().equals(files.getScheme()))
        .mapToLong(each -> each.getBytesRead() + each.getBytesWritten())
        .sum();
  }

  private static Path vault(Path vault, int days) throws IOException {
    for (int day = 0; day < days; day++) {
      write(vault, LAST_DAY.minusDays(day), TRADES_A_DAY);
    }
    assertThat(Outputs.execute("backfill", vault, END)).isZero();
    return vault;
  }

  private JsonNode oneMoreMinute(Path vault) throws IOException {
    write(vault, LAST_DAY.plusDays(1), 1);
    return run(vault);
  }

  private JsonNode run(Path vault) throws IOException {
    Path summary = folder.resolve("summary.json");
    String asOf = NEW_MINUTE.plusSeconds(60).toString();
    String[] command = {
      "run", "--vault", vault.toString(), "--as-of", asOf, "--summary", summary.toString()
    };
    assertThat(Tapelake.execute(command)).isZero();
    return new ObjectMapper().readTree(Files.readString(summary));
  }

  /** Trades evenly over the day, the same for each number of days; one is half a minute past 0. */
  static void write(Path vault, LocalDate day, int trades) throws IOException {
    long start = day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    for (String instrument : INSTRUMENTS) {
      Path file = vault.resolve(new DayFile(instrument, day).rawPath());
      Files.createDirectories(file.getParent());
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < trades; i++) {
        Instant time = Instant.ofEpochMilli(start + 30_000 + i * (86_340_000L / trades));
        Trade trade =
            new Trade(
                time,
                instrument,
                day.toEpochDay() * 1_000_000 + i,
                i % 2 == 0 ? TakerSide.BUY : TakerSide.SELL,
                BigDecimal.valueOf(600_000 + i % 997, 1),
                BigDecimal.valueOf(1 + i % 89, 1),
                CONTRACT);
        lines.append(TradeLine.format(trade)).append('\n');
      }
      Files.writeString(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }

  /** All files with their lengths but the log of runs, which is bounded by its own size. */
  private static SortedMap<String, Long> files(Path vault) throws IOException {
    SortedMap<String, Long> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(vault)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        if (!path.endsWith("runs.jsonl")) {
          files.put(vault.relativize(path).toString(), Files.size(path));
        }
      }
    }
    return files;
  }
}
