package io.tapelake.jobs.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tapelake.jobs.published.DamagedException;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.store.VaultStores;
import io.tapelake.jobs.table.LakeSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table is thrown away because it is damaged, never because its storage does not answer. */
class LakeTableTest {

  private static final StructType SCHEMA =
      new StructType()
          .add("inst_id", DataTypes.StringType)
          .add("minute", DataTypes.TimestampType)
          .add("date", DataTypes.DateType);

  /** A disk that does not read. */
  public static final class Failing extends RawLocalFileSystem {
    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path file, int buffer) throws IOException {
      throw new IOException("Input/output error");
    }
  }

  @TempDir private Path folder;

  private Path log;

  @BeforeEach
  void write() throws IOException {
    log = folder.resolve("lake/bars_1m/_delta_log");
    table(new Configuration())
        .append(List.of(RowFactory.create("A", LakeSchema.instant(0), LocalDate.EPOCH)), SCHEMA);
  }

  private LakeTable table(Configuration configuration) throws IOException {
    VaultStore store = VaultStores.open(folder.toString(), new Configuration());
    AtomicLong transactions = new AtomicLong(1_000);
    return new LakeTable(
        () -> null, () -> configuration, transactions::incrementAndGet, store, LakeSchema.BARS);
  }

  @Test
  void aTableWhoseLogIsDamagedGoes() throws IOException {
    Files.writeString(log.resolve("00000000000000000000.json"), "{");
    table(new Configuration()).clear(SCHEMA);
    assertThat(log).doesNotExist();
  }

  @Test
  void aTableWhoseDiskFailsStays() throws IOException {
    Configuration failing = new Configuration();
    failing.setClass("fs.file.impl", Failing.class, org.apache.hadoop.fs.FileSystem.class);
    failing.setBoolean("fs.file.impl.disable.cache", true);
    LakeTable table = table(failing);
    assertThatThrownBy(() -> table.clear(SCHEMA))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(DamagedException.class)
        .hasStackTraceContaining("Input/output error");
    try (Stream<Path> files = Files.list(log)) {
      assertThat(files.toList()).isNotEmpty();
    }
  }
}
