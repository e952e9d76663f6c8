package io.tapelake.jobs.read;

import io.tapelake.jobs.plan.Slice;
import io.tapelake.vault.ParsedTrade;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.util.HadoopOutputFile;

/**
 * Writes the trades of closed minutes that some slices of one day hold into a file of the table.
 */
final class TradeFileWriter {

  private final String vaultUri;
  private final Configuration configuration;
  private final WrittenTrades written = new WrittenTrades();

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
    try (TradeParquet out =
        new TradeParquet(HadoopOutputFile.fromPath(path, configuration), configuration)) {
      for (Slice slice : slices) {
        written.noteInstrument(slice.instrument());
        out.of(slice.instrument());
        copy(slice, out);
      }
      out.finish();
    }
    return written.file(path, path.getFileSystem(configuration), day);
  }

  private void copy(Slice slice, TradeParquet out) throws IOException {
    RawFileBytes bytes = new RawFileBytes(vaultUri + "/" + slice.path(), configuration);
    try (SliceScan scan = new SliceScan(slice, bytes)) {
      while (scan.next()) {
        ParsedTrade trade = scan.trade();
        out.write(trade);
        written.note(trade.id(), TradeParquet.micros(trade));
      }
    }
  }
}
