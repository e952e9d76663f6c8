package io.tapelake.jobs.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tapelake.analytics.window.MinuteRange;
import io.tapelake.jobs.published.DamagedException;
import io.tapelake.jobs.table.LakeSchema;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriverTableTest {

  private static final long DAY = 1440;

  private static final StructType SCHEMA =
      new StructType()
          .add("inst_id", DataTypes.StringType)
          .add("minute", DataTypes.TimestampType)
          .add("date", DataTypes.DateType)
          .add("close", DataTypes.createDecimalType(38, 18))
          .add("trade_count", DataTypes.LongType)
          .add("close_exact", DataTypes.StringType);

  private static final StructType WIDER = SCHEMA.add("open_exact", DataTypes.StringType);

  @TempDir private Path folder;

  private final AtomicLong transactions = new AtomicLong(1_000);
  private DriverTable table;

  @BeforeEach
  void createTable() throws IOException {
    table =
        new DriverTable(
            new Configuration(),
            folder.toUri() + "a table",
            Map.of("delta.checkpointInterval", "2"),
            transactions::incrementAndGet);
    table.create(List.of(row("A", 5, "1.5"), row("B", 5, null), row("A", DAY + 7, "0.01")), SCHEMA);
  }

  @Test
  void rowsComeBackAsTheyWere() throws IOException {
    assertThat(all()).containsExactly("A 5 1.5", "A 1447 0.01", "B 5 null");
  }

  @Test
  void addedRowsStandBesideTheOthers() throws IOException {
    for (int minute = 10; minute < 16; minute++) {
      table.append(List.of(row("A", minute, "2")));
    }
    assertThat(all()).hasSize(9).contains("A 15 2", "B 5 null");
    assertThat(Files.exists(folder.resolve("a table/_delta_log/_last_checkpoint"))).isTrue();
  }

  @Test
  void replacedRowsGoAndTheirNeighboursStay() throws IOException {
    table.replace(filter("A", 0, 10), List.of(row("A", 6, "7"), row("A", 8, "9")));
    assertThat(all()).containsExactly("A 6 7", "A 8 9", "A 1447 0.01", "B 5 null");
    table.replace(filter("A", DAY, 2 * DAY), List.of());
    assertThat(all()).containsExactly("A 6 7", "A 8 9", "B 5 null");
  }

  @Test
  void nothingIsCommittedWhereNothingIsReplaced() throws IOException {
    table.replace(filter("C", 0, 3 * DAY), List.of());
    try (var log = Files.list(folder.resolve("a table/_delta_log"))) {
      assertThat(log.filter(file -> file.toString().endsWith("1.json"))).isEmpty();
    }
  }

  /** The entry of a backfill's commit would be read by every run after it, more than once. */
  @Test
  void whatALargeCommitLeavesToReadIsSmall() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (int day = 0; day < 60; day++) {
      rows.add(row("A", day * DAY + 9, "3"));
    }
    table =
        new DriverTable(
            new Configuration(), folder.toUri() + "long", Map.of(), transactions::incrementAndGet);
    table.create(rows, SCHEMA);
    Path log = folder.resolve("long/_delta_log");
    assertThat(log.resolve("00000000000000000001.json")).content().doesNotContain("add");
    assertThat(log.resolve("00000000000000000001.checkpoint.parquet")).exists();
    table.append(List.of(row("B", 9, "4")));
    assertThat(all()).hasSize(6).contains("A 9 3", "A 1449 3", "B 9 4");
    assertThat(table.reader().snapshot().getVersion()).isEqualTo(2);
  }

  /** A run goes through the log for each scan and each commit. */
  @Test
  void theLogIsReadOnceAsLongAsItIsTheSame() throws IOException {
    table.append(List.of(row("A", 9, "2")));
    table.append(List.of(row("A", 11, "3")));
    Path checkpoint = folder.resolve("a table/_delta_log/%020d.checkpoint.parquet".formatted(2));
    assertThat(checkpoint).exists();
    table.reader().wrote(null);
    List<String> before = all();
    FileTime read = Files.getLastModifiedTime(checkpoint);
    Files.deleteIfExists(checkpoint.resolveSibling("." + checkpoint.getFileName() + ".crc"));
    Files.write(checkpoint, new byte[Math.toIntExact(Files.size(checkpoint))]);
    Files.setLastModifiedTime(checkpoint, read);
    assertThat(all()).isEqualTo(before);
    table.replace(filter("A", 9, 9), List.of(row("A", 9, "4")));
    assertThat(all()).hasSize(before.size()).contains("A 9 4");
    Files.setLastModifiedTime(checkpoint, FileTime.fromMillis(read.toMillis() + 1_000));
    assertThatThrownBy(this::all).isInstanceOf(DamagedException.class);
  }

  /** As of a process that was stopped while another one took the vault, and goes on. */
  @Test
  void transactionsOfAHolderBeforeFail() throws IOException {
    DriverTable later =
        new DriverTable(new Configuration(), folder.toUri() + "a table", Map.of(), () -> 1L << 40);
    table.reader().snapshot();
    later.shut();
    List<String> before = all();
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> table.append(List.of(row("A", 7, "1"))))
          .isInstanceOf(RuntimeException.class);
    }
    assertThatThrownBy(() -> table.replace(filter("A", 0, 10), List.of()))
        .isInstanceOf(RuntimeException.class);
    assertThat(all()).isEqualTo(before);
  }

  @Test
  void filesOfAVersionThatAreGoneOrCutAreNamed() throws IOException {
    long version = table.reader().snapshot().getVersion();
    assertThat(table.reader().damagedFiles(version)).isEmpty();
    List<Path> parts;
    try (var files = Files.walk(folder)) {
      parts = files.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
    }
    Files.delete(parts.get(0));
    Files.write(parts.get(1), new byte[3]);
    assertThat(table.reader().damagedFiles(version))
        .hasSize(2)
        .anyMatch(each -> each.equals(parts.get(0).getFileName() + " is gone"))
        .anyMatch(each -> each.startsWith(parts.get(1).getFileName() + " has 3 bytes"));
  }

  /** As after a power cut: nobody reads on as if it had been a commit of nothing. */
  @Test
  void commitsAndFilesOfRowsThatCannotBeReadAreDamage() throws IOException {
    table.append(List.of(row("A", 9, "2")));
    table.append(List.of(row("A", 11, "3")));
    table.append(List.of(row("A", 13, "4")));
    Path commit = folder.resolve("a table/_delta_log/%020d.json".formatted(3));
    assertDamaged(commit, new byte[0], commit.getFileName().toString());
    assertDamaged(commit, "{\"add\":".getBytes(StandardCharsets.UTF_8), "a table");
    Path part;
    try (var files = Files.walk(folder.resolve("a table/date=1970-01-02"))) {
      part = files.filter(file -> file.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(part);
    assertDamaged(part, new byte[0], part.getFileName().toString());
    assertDamaged(part, Arrays.copyOf(bytes, bytes.length / 2), part.getFileName().toString());
    assertDamaged(part, new byte[bytes.length], part.getFileName().toString());
    assertThat(all()).hasSize(6);
  }

  private void assertDamaged(Path file, byte[] damage, String named) throws IOException {
    byte[] before = Files.readAllBytes(file);
    Path checksum = file.resolveSibling("." + file.getFileName() + ".crc");
    Files.deleteIfExists(checksum);
    Files.write(file, damage);
    DriverTable anew =
        new DriverTable(new Configuration(), folder.toUri() + "a table", Map.of(), () -> 1L << 40);
    assertThatThrownBy(() -> anew.reader().read(filter("A", 0, 5 * DAY)))
        .isInstanceOf(DamagedException.class)
        .hasMessageContaining(named);
    Files.write(file, before);
  }

  @Test
  void onlyTheRowsThatAreAskedForAreRead() throws IOException {
    assertThat(table.reader().read(filter("A", 6, 3 * DAY))).hasSize(1);
    assertThat(table.reader().read(filter("B", 5, 5))).hasSize(1);
    assertThat(table.reader().read(new MinuteFilter(Map.of()))).isEmpty();
  }

  @Test
  void aClearedTableHasItsNewColumns() throws IOException {
    table.replaceAll(List.of(), WIDER);
    assertThat(all()).isEmpty();
    Object[] values = new Object[WIDER.size()];
    for (int i = 0; i < SCHEMA.size(); i++) {
      values[i] = row("A", 3, "4").get(i);
    }
    table.append(List.of(RowFactory.create(values)));
    assertThat(table.reader().read(filter("A", 0, 5)).get(0).schema().fieldNames())
        .containsExactly(WIDER.fieldNames());
  }

  private List<String> all() throws IOException {
    List<String> found = new ArrayList<>();
    Map<String, List<MinuteRange>> everything =
        Map.of(
            "A", List.of(new MinuteRange(0, 5 * DAY)), "B", List.of(new MinuteRange(0, 5 * DAY)));
    List<Row> rows = new ArrayList<>(table.reader().read(new MinuteFilter(everything)));
    rows.sort(
        Comparator.comparing((Row row) -> row.getString(0))
            .thenComparing(row -> row.<java.time.Instant>getAs("minute")));
    for (Row row : rows) {
      BigDecimal close = row.getAs("close");
      assertThat(row.<String>getAs("close_exact"))
          .isEqualTo(close == null ? null : close.stripTrailingZeros().toPlainString());
      long minute = row.<java.time.Instant>getAs("minute").getEpochSecond() / 60;
      assertThat(row.<Object>getAs("date"))
          .isEqualTo(LocalDate.ofEpochDay(LakeSchema.epochDay(minute)));
      found.add(row.getString(0) + " " + minute + " " + row.getAs("close_exact"));
    }
    return found;
  }

  private static MinuteFilter filter(String instrument, long from, long to) {
    return new MinuteFilter(Map.of(instrument, List.of(new MinuteRange(from, to))));
  }

  private static Row row(String instrument, long minute, String close) {
    return RowFactory.create(
        instrument,
        LakeSchema.instant(minute),
        LocalDate.ofEpochDay(LakeSchema.epochDay(minute)),
        close == null ? null : new BigDecimal(close),
        minute,
        close);
  }
}
