package io.tapelake.jobs.lake;

import io.delta.kernel.data.Row;
import io.tapelake.jobs.read.TradeFile;
import io.tapelake.jobs.read.WrittenTrades;
import io.tapelake.jobs.table.LakeSchema;
import io.tapelake.jobs.table.PackedRow;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.spark.sql.types.StructType;

/**
 * A file of a day's trades that is copied from other files of the table, without the trades of some
 * instruments. A row at a time: a day may have more of them than the driver has room for.
 */
final class TradeCopy implements AutoCloseable {

  private final LocalDate day;
  private final Set<String> leftOut;
  private final PackedRow.Layout layout;
  private final int name;
  private final int id;
  private final int time;
  private final Path path;
  private final FileSystem files;
  private final RowParquet out;
  private final WrittenTrades written = new WrittenTrades();

  /**
   * An empty copy.
   *
   * @param table the table's folder
   * @param schema the columns of what is copied
   * @param leftOut the instruments whose trades are not
   */
  TradeCopy(
      Configuration configuration,
      String table,
      LocalDate day,
      StructType schema,
      Set<String> leftOut)
      throws IOException {
    this.day = day;
    this.leftOut = leftOut;
    layout = PackedRow.Layout.of(schema);
    name = schema.fieldIndex("inst_id");
    id = schema.fieldIndex("trade_id");
    time = schema.fieldIndex("ts");
    path = new Path("%s/date=%s/part-%s.parquet".formatted(table, day, UUID.randomUUID()));
    files = path.getFileSystem(configuration);
    out =
        new RowParquet(
            HadoopOutputFile.fromPath(path, configuration),
            configuration,
            schema,
            LakeSchema.PARTITION,
            WrittenTrades.DISTINCT);
  }

  /** Takes a row, unless it is one to leave out. */
  void add(Row row) throws IOException {
    String instrument = row.getString(name);
    if (leftOut.contains(instrument)) {
      return;
    }
    out.write(KernelRows.sparkRow(row, layout));
    written.noteInstrument(instrument);
    written.note(row.getLong(id), row.getLong(time));
  }

  /** The file, or none when nothing was to be copied. */
  Optional<TradeFile> finish() throws IOException {
    out.finish();
    out.close();
    return written.file(path, files, day.toEpochDay());
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
