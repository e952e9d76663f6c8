package io.tapelake.jobs.read;

import io.tapelake.jobs.plan.Slice;
import io.tapelake.vault.ParsedTrade;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.util.HadoopOutputFile;

/**
 * Writes the trades of closed minutes that some slices of one day hold into a file of the table.
 */
final class TradeFileWriter {

  private final String vaultUri;
  private final Configuration configuration;
  private long trades;
  private long firstId = Long.MAX_VALUE;
  private long lastId = Long.MIN_VALUE;
  private long firstMicros = Long.MAX_VALUE;
  private long lastMicros = Long.MIN_VALUE;

  TradeFileWriter(String vaultUri, Configuration configuration) {
    this.vaultUri = vaultUri;
    this.configuration = configuration;
  }

  /**
   * Writes a file, unless there are no trades.
   *
   * @param slices of one day, at least one
   * @param table the table's folder below the vault
   */
  Optional<TradeFile> write(List<Slice> slices, String table) throws IOException {
    long day = slices.get(0).epochDay();
    Path path =
        new Path(
            "%s/%s/date=%s/part-%s.snappy.parquet"
                .formatted(vaultUri, table, LocalDate.ofEpochDay(day), UUID.randomUUID()));
    String firstInstrument = slices.get(0).instrument();
    String lastInstrument = firstInstrument;
    try (TradeParquet.Writer out =
        new TradeParquet.Writer(HadoopOutputFile.fromPath(path, configuration), configuration)) {
      for (Slice slice : slices) {
        String instrument = slice.instrument();
        firstInstrument = firstInstrument.compareTo(instrument) > 0 ? instrument : firstInstrument;
        lastInstrument = lastInstrument.compareTo(instrument) < 0 ? instrument : lastInstrument;
        out.of(instrument);
        copy(slice, out);
      }
    }
    FileSystem files = path.getFileSystem(configuration);
    if (trades == 0) {
      files.delete(path, false);
      return Optional.empty();
    }
    FileStatus file = files.getFileStatus(path);
    return Optional.of(
        new TradeFile(
            file.getPath().toString(),
            file.getLen(),
            file.getModificationTime(),
            day,
            trades,
            new TradeFile.Bound(firstInstrument, firstId, firstMicros),
            new TradeFile.Bound(lastInstrument, lastId, lastMicros)));
  }

  private void copy(Slice slice, TradeParquet.Writer out) throws IOException {
    RawFileBytes bytes = new RawFileBytes(vaultUri + "/" + slice.path(), configuration);
    try (SliceScan scan = new SliceScan(slice, bytes)) {
      while (scan.next()) {
        ParsedTrade trade = scan.trade();
        out.write(trade);
        trades++;
        firstId = Math.min(firstId, trade.id());
        lastId = Math.max(lastId, trade.id());
        long micros = TradeParquet.micros(trade);
        firstMicros = Math.min(firstMicros, micros);
        lastMicros = Math.max(lastMicros, micros);
      }
    }
  }
}
