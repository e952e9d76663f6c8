package io.tapelake.live.follow;

import io.tapelake.tape.FastLineParser;
import io.tapelake.tape.LineReader;
import io.tapelake.tape.SeenIds;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.RefusalReason;
import io.tapelake.vault.TradeLine;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * The lines of one day, read from its first byte on, in as many portions as there are: each valid
 * trade once, the first of its lines. Not thread-safe.
 */
final class DayLines {

  private static final long MANY_BYTES = Long.MAX_VALUE;

  private final FastLineParser parser;
  private final LineReader lines;
  private final ParsedTrade trade = new ParsedTrade();
  private final LineReader.LineScan scan;
  private final SeenIds seen = new SeenIds();
  private final CRC32C checksum = new CRC32C();
  private final Map<RefusalReason, Long> refused = new EnumMap<>(RefusalReason.class);
  private long count;
  private long duplicates;
  private long end;
  private boolean checksumHolds = true;

  /** Reads from a stream that stands at the day's first byte. */
  DayLines(DayFile file, InputStream in) {
    parser = new FastLineParser(file);
    lines = new LineReader(in, 0, Long.MAX_VALUE);
    scan = (buffer, from, limit) -> parser.scan(buffer, from, limit, trade);
  }

  /** Reads all complete lines that are there. */
  void readAll(Consumer<ParsedTrade> taker) throws IOException {
    read(taker, MANY_BYTES);
  }

  /**
   * Reads complete lines, until there are none or so many bytes are read; whether there may be
   * more.
   */
  boolean read(Consumer<ParsedTrade> taker, long bytes) throws IOException {
    long until = bytes == MANY_BYTES ? MANY_BYTES : end + bytes;
    while (end < until) {
      if (!lines.next(scan)) {
        return false;
      }
      end = lines.end();
      sumBytes();
      takeLine(taker);
    }
    return true;
  }

  /** Goes on at the end of the last complete line, where the stream was set to. */
  void restart() {
    lines.restart(end);
  }

  /** Offset behind the last complete line that was read. */
  long end() {
    return end;
  }

  /** Checksum of everything up to {@link #end}. */
  long checksum() {
    return checksum.getValue();
  }

  /** Whether there is a checksum: a line that is longer than any trade's is not held in memory. */
  boolean hasChecksum() {
    return checksumHolds;
  }

  DayCounts counts() {
    return new DayCounts(count, duplicates, refused);
  }

  private void takeLine(Consumer<ParsedTrade> taker) {
    if (!lines.isScanned()) {
      if (isBlank()) {
        return;
      }
      RefusalReason reason = verdict();
      if (reason != null) {
        count++;
        refused.merge(reason, 1L, Long::sum);
        return;
      }
    }
    count++;
    if (seen.add(trade.id(), lines.offset())) {
      taker.accept(trade);
    } else {
      duplicates++;
    }
  }

  /** Of a line that is too long only the first MiB is at hand: whether it is JSON stays open. */
  private RefusalReason verdict() {
    return lines.length() > TradeLine.MAX_BYTES
        ? RefusalReason.LINE_TOO_LONG
        : parser.parse(lines.buffer(), lines.from(), lines.to(), trade);
  }

  private void sumBytes() {
    if (lines.length() > TradeLine.MAX_BYTES) {
      checksumHolds = false;
      return;
    }
    checksum.update(lines.buffer(), lines.from(), lines.to() - lines.from() + 1);
  }

  private boolean isBlank() {
    for (int i = lines.from(); i < lines.to(); i++) {
      byte at = lines.buffer()[i];
      if (at != ' ' && at != '\t' && at != '\r') {
        return false;
      }
    }
    return true;
  }
}
