package io.tapelake.jobs.lake;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tapelake.jobs.oracle.KernelTable;
import io.tapelake.jobs.parquet.WrittenFile;
import io.tapelake.jobs.plan.DayRange;
import io.tapelake.jobs.plan.Slice;
import io.tapelake.jobs.read.SliceTasks;
import io.tapelake.jobs.read.SliceThreads;
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
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of trades that take the place of others in a table. */
class DriverTableFilesTest {

  private static final LocalDate MONDAY = LocalDate.of(2026, 3, 2);
  private static final LocalDate TUESDAY = MONDAY.plusDays(1);
  private static final Contract TERMS =
      new Contract(new BigDecimal("0.01"), BigDecimal.ONE, ContractType.LINEAR);

  @TempDir private Path vault;

  private final Configuration configuration = new Configuration();
  private DriverTable table;

  /** Monday's trades of A and B share a file, as those of Tuesday do. */
  @BeforeEach
  void createTable() throws IOException {
    table =
        new DriverTable(
            configuration,
            vault.toUri() + "lake/trades",
            Map.of(),
            new AtomicLong()::incrementAndGet);
    table.createOf(
        write(trades("A", MONDAY, 1, 2), trades("B", MONDAY, 1), trades("A", TUESDAY, 3)),
        SliceTasks.tradeSchema());
    table.appendFiles(write(trades("B", TUESDAY, 2)));
  }

  @Test
  void aDayOfOneInstrumentIsReplacedAndItsNeighboursStay() throws IOException {
    table.replaceFiles(
        new TreeMap<>(Map.of(MONDAY, Set.of("A"))), write(trades("A", MONDAY, 1, 2, 9)));
    assertThat(rows()).containsExactly("A 1", "A 2", "A 3", "A 9", "B 1", "B 2");
    // The new file, B's rows of the shared one, and Tuesday's two.
    assertThat(stored().files()).hasSize(4);
  }

  @Test
  void rowsOfAnInstrumentAreCounted() throws IOException {
    assertThat(table.reader().count("B", DayRange.ALL)).isEqualTo(2);
    assertThat(table.reader().count("A", new DayRange(TUESDAY, TUESDAY))).isEqualTo(1);
    assertThat(table.reader().count("C", DayRange.ALL)).isZero();
  }

  @Test
  void theRowsThatAreWrittenAnewAreTheSame() throws IOException {
    List<String> before = whole("B");
    table.replaceFiles(new TreeMap<>(Map.of(MONDAY, Set.of("A"))), List.of());
    assertThat(whole("B")).isEqualTo(before);
    assertThat(rows()).containsExactly("A 3", "B 1", "B 2");
  }

  @Test
  void aFileOfTheInstrumentAloneGoesAsItIs() throws IOException {
    List<String> before = stored().files();
    table.replaceFiles(
        new TreeMap<>(Map.of(TUESDAY, Set.of("B"))), write(trades("B", TUESDAY, 2, 4)));
    assertThat(rows()).containsExactly("A 1", "A 2", "A 3", "B 1", "B 2", "B 4");
    assertThat(stored().files()).hasSize(3).filteredOn(before::contains).hasSize(2);
  }

  @Test
  void daysAndInstrumentsAreReplacedInOneCommit() throws IOException {
    table.replaceFiles(
        new TreeMap<>(Map.of(MONDAY, Set.of("A", "B"), TUESDAY, Set.of("A", "C"))),
        write(trades("A", MONDAY, 7), trades("C", TUESDAY, 8)));
    assertThat(rows()).containsExactly("A 7", "B 2", "C 8");
    assertThat(stored().snapshot().getVersion()).isEqualTo(2);
  }

  @Test
  void withoutAnythingToDoNothingIsCommitted() throws IOException {
    table.replaceFiles(new TreeMap<>(Map.of(TUESDAY, Set.of("C"))), List.of());
    assertThat(stored().snapshot().getVersion()).isEqualTo(1);
  }

  @Test
  void whatWasReplacedComesBackWhenItIsUndone() throws IOException {
    List<String> before = stored().files();
    table.replaceFiles(
        new TreeMap<>(Map.of(MONDAY, Set.of("B"))), write(trades("B", MONDAY, 5, 6)));
    assertThat(table.restore(1)).isTrue();
    assertThat(stored().files()).isEqualTo(before);
    assertThat(rows()).containsExactly("A 1", "A 2", "A 3", "B 1", "B 2");
  }

  /** Keys, times and prices, by which other engines skip files; nothing of volumes. */
  @Test
  void theLogSaysWhatAFileHolds() throws IOException {
    table.replaceFiles(
        new TreeMap<>(Map.of(TUESDAY, Set.of("B"))), write(trades("B", TUESDAY, 4, 7)));
    String commit =
        Files.readString(vault.resolve("lake/trades/_delta_log/00000000000000000002.json"));
    ObjectMapper json = new ObjectMapper();
    JsonNode stats = null;
    for (String action : commit.lines().toList()) {
      JsonNode added = json.readTree(action).path("add");
      stats = added.isObject() ? json.readTree(added.path("stats").asText()) : stats;
    }
    assertThat(stats.path("numRecords").asInt()).isEqualTo(2);
    JsonNode least = stats.path("minValues");
    assertThat(least.path("inst_id").asText()).isEqualTo("B");
    assertThat(least.path("trade_id").asLong()).isEqualTo(4);
    assertThat(least.path("ts").asText()).startsWith(TUESDAY + "T12:00:04");
    assertThat(least.path("price").decimalValue()).isEqualByComparingTo("100000.4");
    assertThat(stats.path("maxValues").path("price").decimalValue())
        .isEqualByComparingTo("100000.7");
    assertThat(stats.path("nullCount").path("price").asInt(-1)).isZero();
    assertThat(least.has("notional")).isFalse();
  }

  /** A raw file of trades with these ids. */
  private Slice trades(String instrument, LocalDate day, long... ids) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (long id : ids) {
      lines
          .append(
              TradeLine.format(
                  new Trade(
                      day.atTime(LocalTime.NOON).plusSeconds(id).toInstant(ZoneOffset.UTC),
                      instrument,
                      id,
                      id % 2 == 0 ? TakerSide.BUY : TakerSide.SELL,
                      BigDecimal.valueOf(1_000_000 + id, 1),
                      new BigDecimal("0.5"),
                      TERMS)))
          .append('\n');
    }
    DayFile file = new DayFile(instrument, day);
    Path path = vault.resolve(file.rawPath());
    Files.createDirectories(path.getParent());
    Files.writeString(path, lines);
    return new Slice(
        instrument,
        day.toEpochDay(),
        file.rawPath(),
        0,
        lines.length(),
        lines.length(),
        0,
        Long.MIN_VALUE,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        false);
  }

  private List<WrittenFile> write(Slice... slices) throws IOException {
    String root = vault.toUri().toString().replaceAll("/$", "");
    return new SliceThreads(root, configuration, 1).writeTrades(List.of(slices), "lake/trades");
  }

  private KernelTable stored() {
    return new KernelTable(vault, "trades");
  }

  private List<String> rows() throws IOException {
    return stored().rows().stream().map(DriverTableFilesTest::instrumentAndId).sorted().toList();
  }

  private static String instrumentAndId(String row) {
    return row.replaceFirst(".*inst_id=(\\w).*trade_id=(\\d+).*", "$1 $2");
  }

  private List<String> whole(String instrument) throws IOException {
    return stored().rows().stream()
        .filter(row -> instrumentAndId(row).startsWith(instrument))
        .sorted()
        .toList();
  }
}
