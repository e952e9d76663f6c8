package io.tapelake.jobs.lake;

import io.tapelake.jobs.read.TradeFile;
import io.tapelake.jobs.table.Columns;
import io.tapelake.jobs.table.LakeSchema;
import io.tapelake.jobs.table.PackedRow;
import io.tapelake.vault.VaultLayout;
import java.io.Closeable;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** A file of a table's rows of one day in the making, of which the table does not know yet. */
public final class PartFile implements Closeable {

  private final Configuration configuration;
  private final Path path;
  private final long epochDay;
  private final RowParquet out;

  private long rows;
  private String first;
  private String last;
  private long firstMicros = Long.MAX_VALUE;
  private long lastMicros = Long.MIN_VALUE;
  private PackedRow before;

  /**
   * An empty file.
   *
   * @param vaultUri the vault's root
   * @param schema the columns of the table
   */
  public PartFile(
      Configuration configuration, String vaultUri, String table, StructType schema, long epochDay)
      throws IOException {
    this.configuration = configuration;
    this.epochDay = epochDay;
    path =
        new Path(
            "%s/%s/date=%s/part-%s.snappy.parquet"
                .formatted(
                    vaultUri,
                    VaultLayout.table(table),
                    LocalDate.ofEpochDay(epochDay),
                    UUID.randomUUID()));
    // Nearly every number of a minute is a new one.
    out =
        new RowParquet(
            HadoopOutputFile.fromPath(path, configuration),
            configuration,
            schema,
            LakeSchema.PARTITION,
            List.of(schema.fieldNames()));
  }

  /** Adds a row that {@link Columns} made. */
  public void write(Row row) throws IOException {
    PackedRow packed = (PackedRow) row;
    if (before == null || !packed.hasSame(LakeSchema.INSTRUMENT, before)) {
      String name = packed.getString(LakeSchema.INSTRUMENT);
      first = first == null || name.compareTo(first) < 0 ? name : first;
      last = last == null || name.compareTo(last) > 0 ? name : last;
      before = packed;
    }
    firstMicros = Math.min(firstMicros, packed.number(LakeSchema.TIME));
    lastMicros = Math.max(lastMicros, packed.number(LakeSchema.TIME));
    rows++;
    out.write(packed);
  }

  /** Writes what is left; the whole file. */
  public TradeFile finish() throws IOException {
    out.finish();
    out.close();
    FileStatus file = path.getFileSystem(configuration).getFileStatus(path);
    return new TradeFile(
        file.getPath().toString(),
        file.getLen(),
        file.getModificationTime(),
        epochDay,
        rows,
        new TradeFile.Bound(first, -1, firstMicros),
        new TradeFile.Bound(last, -1, lastMicros));
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
