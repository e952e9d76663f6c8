package io.tapelake.jobs.read;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** What a table has to know of the trades in a file that is being written. Not thread-safe. */
public final class WrittenTrades {

  /** Columns of trades in which nearly every value is a new one. */
  public static final List<String> DISTINCT = List.of("trade_id", "ts", "notional");

  private long trades;
  private String firstInstrument;
  private String lastInstrument;
  private long firstId = Long.MAX_VALUE;
  private long lastId = Long.MIN_VALUE;
  private long firstMicros = Long.MAX_VALUE;
  private long lastMicros = Long.MIN_VALUE;

  /** Notes an instrument whose trades may be in the file. */
  public void noteInstrument(String instrument) {
    if (firstInstrument == null || firstInstrument.compareTo(instrument) > 0) {
      firstInstrument = instrument;
    }
    if (lastInstrument == null || lastInstrument.compareTo(instrument) < 0) {
      lastInstrument = instrument;
    }
  }

  /**
   * Notes a trade of an instrument that was noted.
   *
   * @param micros its time, in microseconds since 1970
   */
  public void note(long id, long micros) {
    trades++;
    firstId = Math.min(firstId, id);
    lastId = Math.max(lastId, id);
    firstMicros = Math.min(firstMicros, micros);
    lastMicros = Math.max(lastMicros, micros);
  }

  /** The file, once it is closed; it is removed when it has no trades. */
  public Optional<TradeFile> file(Path path, FileSystem files, long epochDay) throws IOException {
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
            epochDay,
            trades,
            new TradeFile.Bound(firstInstrument, firstId, firstMicros),
            new TradeFile.Bound(lastInstrument, lastId, lastMicros)));
  }
}
