package io.tapelake.jobs.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.analytics.window.MinuteRange;
import io.tapelake.jobs.oracle.KernelTable;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of versions of twenty, ten and three days ago. */
final class VacuumTest {

  private static final StructType SCHEMA =
      new StructType()
          .add("inst_id", DataTypes.StringType)
          .add("minute", DataTypes.TimestampType)
          .add("date", DataTypes.DateType)
          .add("close", DataTypes.createDecimalType(38, 18));

  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  @TempDir private Path folder;

  private DriverTable table;
  private final Map<String, String> files = new TreeMap<>();
  private final Set<Path> aged = new HashSet<>();

  @BeforeEach
  void makeTable() throws IOException {
    table = new DriverTable(new Configuration(), folder.toUri().toString(), Map.of());
    table.create(List.of(row("1")), SCHEMA);
    age("first", 20);
    replaceBy("2");
    age("second", 10);
    replaceBy("3");
    age("third", 3);
  }

  @Test
  void whatNoVersionOfTheLastDaysNeedsGoes() throws IOException {
    put("orphan", 9);
    put("young", 1);
    put("_hidden/old", 20);
    put(".part-0.tmp", 20);
    table.vacuum(NOW);
    assertThat(names()).contains("second", "third", "young", "old", ".part-0.tmp");
    assertThat(names()).doesNotContain("first", "orphan");
    assertThat(new KernelTable(folder).rows()).singleElement().asString().contains("close=3.0");
  }

  @Test
  void aTableYoungerThanThatKeepsEverything() throws IOException {
    Set<String> all = names();
    table.vacuum(NOW.minus(Duration.ofDays(14)));
    assertThat(names()).isEqualTo(all);
  }

  @Test
  void whatIsInUseStaysHoweverOldItIs() throws IOException {
    table.vacuum(NOW.plus(Duration.ofDays(300)));
    assertThat(names()).contains("third").doesNotContain("first", "second");
    assertThat(new KernelTable(folder).rows()).singleElement().asString().contains("close=3.0");
  }

  /** Lets what was written since be of some days ago, and its data file be known by a name. */
  private void age(String name, int days) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        String file = path.getFileName().toString();
        if (!aged.add(path)) {
          continue;
        }
        Files.setLastModifiedTime(path, FileTime.from(NOW.minus(Duration.ofDays(days))));
        if (file.startsWith("part-")) {
          files.put(file, name);
        }
      }
    }
  }

  private void put(String name, int days) throws IOException {
    Path path = folder.resolve("date=1970-01-01").resolve(name);
    Files.createDirectories(path.getParent());
    Files.writeString(path, name);
    Files.setLastModifiedTime(path, FileTime.from(NOW.minus(Duration.ofDays(days))));
  }

  /** Of all files but the log's, those of versions as {@link #age} called them. */
  private Set<String> names() throws IOException {
    try (var paths = Files.walk(folder)) {
      return paths
          .filter(Files::isRegularFile)
          .filter(path -> !path.toString().contains("_delta_log"))
          .map(path -> path.getFileName().toString())
          .map(name -> files.getOrDefault(name, name))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private void replaceBy(String close) throws IOException {
    table.replace(
        new MinuteFilter(Map.of("A", List.of(new MinuteRange(0, 9)))), List.of(row(close)));
  }

  private static Row row(String close) {
    return RowFactory.create(
        "A",
        LakeSchema.instant(5),
        LocalDate.ofEpochDay(LakeSchema.epochDay(5)),
        new BigDecimal(close));
  }
}
