package io.tapelake.jobs.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetFileTest {

  private static final DataType DECIMAL = DataTypes.createDecimalType(38, 18);
  private static final StructType COLUMNS =
      new StructType()
          .add("inst_id", DataTypes.StringType)
          .add("minute", DataTypes.TimestampType)
          .add("date", DataTypes.DateType)
          .add("trade_count", DataTypes.LongType)
          .add("is_poc", DataTypes.BooleanType)
          .add("close", DECIMAL)
          .add("notional", DECIMAL)
          .add("notional_exact", DataTypes.StringType);

  private static final int ROWS = 5000;

  @TempDir private java.nio.file.Path folder;

  private final Configuration configuration = new Configuration();
  private final Int128Decimal decimal = new Int128Decimal();

  @Test
  void everyValueIsReadBackFromAsManyRowGroupsAsThereAre() throws IOException {
    Path path = write(ROWS);
    assertThat(groups(path)).hasSize(ROWS / 1000);
    try (ParquetReader<Group> rows =
        ParquetReader.builder(new GroupReadSupport(), path).withConf(configuration).build()) {
      for (int i = 0; i < ROWS; i++) {
        Group row = rows.read();
        assertThat(row.getString("inst_id", 0)).isEqualTo("A-" + i % 3);
        assertThat(row.getLong("minute", 0)).isEqualTo(60_000_000L * i);
        assertThat(row.getType().containsField("date")).isFalse();
        assertThat(row.getFieldRepetitionCount("trade_count")).isEqualTo(i % 2);
        assertThat(row.getBoolean("is_poc", 0)).isEqualTo(i % 5 == 0);
        assertThat(number(row, "close")).isEqualByComparingTo(close(i));
        assertThat(number(row, "notional")).isEqualByComparingTo(BigDecimal.valueOf(-i));
        assertThat(row.getString("notional_exact", 0)).isEqualTo("-" + i);
      }
      assertThat(rows.read()).isNull();
    }
  }

  @Test
  void aFileWithoutRowsIsRemoved() throws IOException {
    try (ParquetFile file = open()) {
      assertThat(file.finish()).isEmpty();
    }
    assertThat(folder.resolve("date=1970-01-02")).isEmptyDirectory();
  }

  /** Of all its row groups. */
  @Test
  void whatIsKnownOfAFileIsWhatItHolds() throws IOException {
    WrittenFile file = writeRows(ROWS);
    assertThat(file.rows()).isEqualTo(ROWS);
    assertThat(file.epochDay()).isEqualTo(1);
    assertThat(file.bytes()).isEqualTo(Files.size(java.nio.file.Path.of(URI.create(file.path()))));
    assertThat(file.bounds())
        .containsOnlyKeys("inst_id", "minute", "trade_count", "close")
        .containsEntry("inst_id", new WrittenFile.Bounds(0, "A-0", "A-2"))
        .containsEntry("minute", new WrittenFile.Bounds(0, 0L, 60_000_000L * (ROWS - 1)))
        .containsEntry("trade_count", new WrittenFile.Bounds(ROWS / 2, 1L, ROWS - 1L));
    BigDecimal least = (BigDecimal) file.bounds().get("close").least();
    BigDecimal greatest = (BigDecimal) file.bounds().get("close").greatest();
    for (int i = 0; i < ROWS; i++) {
      assertThat(close(i)).isBetween(least, greatest);
    }
    assertThat(IntStream.range(0, ROWS).mapToObj(ParquetFileTest::close))
        .usingElementComparator(BigDecimal::compareTo)
        .contains(least, greatest);
  }

  @Test
  void namesTimesAndPricesHaveBoundsAndVolumesHaveNone() throws IOException {
    BlockMetaData first = groups(write(ROWS)).get(0);
    for (ColumnChunkMetaData column : first.getColumns()) {
      String name = column.getPath().toDotString();
      assertThat(column.getStatistics().hasNonNullValue())
          .as(name)
          .isEqualTo(!name.startsWith("notional"));
    }
  }

  @Test
  void aFileThatIsNotFinishedCannotBeTakenForWhole() throws IOException {
    try (ParquetFile file = open()) {
      putText(file, 0, "A");
    }
    java.nio.file.Path torn;
    try (Stream<java.nio.file.Path> files = Files.list(folder.resolve("date=1970-01-02"))) {
      torn =
          files
              .filter(each -> !each.getFileName().toString().startsWith("."))
              .findFirst()
              .orElseThrow();
    }
    assertThatThrownBy(() -> groups(new Path(torn.toUri())))
        .hasMessageContaining("is not a Parquet file");
  }

  private ParquetFile open() throws IOException {
    return new ParquetFile(
        configuration,
        folder.toString(),
        1,
        COLUMNS,
        "date",
        List.of("minute", "notional", "notional_exact"),
        1);
  }

  private Path write(int rows) throws IOException {
    return new Path(writeRows(rows).path());
  }

  private WrittenFile writeRows(int rows) throws IOException {
    try (ParquetFile file = open()) {
      for (int i = 0; i < rows; i++) {
        putText(file, 0, "A-" + i % 3);
        file.put(1, 60_000_000L * i);
        if (i % 2 == 0) {
          file.putNull(3);
        } else {
          file.put(3, i);
        }
        file.put(4, i % 5 == 0);
        put(file, 5, close(i));
        put(file, 6, BigDecimal.valueOf(-i));
        putText(file, 7, "-" + i);
        file.endRow();
      }
      return file.finish().orElseThrow();
    }
  }

  private void put(ParquetFile file, int column, BigDecimal number) {
    assertThat(decimal.put(number)).isTrue();
    file.put(column, decimal.bytes(), 0, Int128Decimal.BYTES);
  }

  private static void putText(ParquetFile file, int column, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    file.put(column, bytes, 0, bytes.length);
  }

  private static BigDecimal close(int i) {
    return new BigDecimal("101250.5").add(BigDecimal.valueOf(i, 2));
  }

  private static BigDecimal number(Group row, String column) {
    return Int128Decimal.number(row.getBinary(column, 0).getBytes(), 0);
  }

  private List<BlockMetaData> groups(Path path) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(path, configuration))) {
      return reader.getFooter().getBlocks();
    }
  }
}
