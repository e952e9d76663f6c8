package io.tapelake.jobs.read;

import io.tapelake.analytics.bar.DayBars;
import io.tapelake.jobs.plan.Slice;
import io.tapelake.tape.FastLineParser;
import io.tapelake.tape.JsonLineParser;
import io.tapelake.tape.LineReader;
import io.tapelake.tape.SeenIds;
import io.tapelake.vault.FirstBytes;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.RefusalReason;
import io.tapelake.vault.TradeLine;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Reads one slice of a raw file: validates its lines, drops duplicates, and sums the trades of
 * closed minutes. What it finds is a function of the slice and the file's bytes.
 */
public final class SliceScan implements Closeable {

  /** More refused lines than this stay in the file and are read again when they are wanted. */
  private static final int REFUSED_CARRIED = 20_000;

  /** Nor are they carried when they are longer than this together: each may have a MiB. */
  private static final long REFUSED_BYTES_CARRIED = 16L << 20;

  private final Slice slice;
  private final RawBytes bytes;
  private final int refusedCarried;
  private final InputStream in;
  private final LineReader lines;
  private final FastLineParser parser;
  private final LineReader.LineScan lineScan;
  private final ParsedTrade trade = new ParsedTrade();
  private final DayBars bars;
  private final DayLines dayLines;
  private final SeenIds seen = new SeenIds();
  private final CRC32C checksum = new CRC32C();

  private final Map<RefusalReason, Long> refused = new EnumMap<>(RefusalReason.class);
  private final List<RefusedLine> refusedLines = new ArrayList<>();
  private boolean refusedLinesComplete = true;
  private long refusedBytes;
  private final DuplicateLines duplicateLines;

  private final long start;
  private long end;
  private boolean exhausted;
  private long newLines;
  private long duplicates;
  private long late;
  private long published;
  private long minId = Long.MAX_VALUE;
  private long maxId = -1;
  private long maxPublishedId = -1;
  private long openOffset = -1;
  private long openMinute = Long.MAX_VALUE;
  private final NewestTrade newest = new NewestTrade();
  private final NewestTrade newestClosed = new NewestTrade();

  /** Opens a slice and stands before its first trade. */
  public SliceScan(Slice slice, RawBytes bytes) throws IOException {
    this(slice, bytes, REFUSED_CARRIED);
  }

  private SliceScan(Slice slice, RawBytes bytes, int refusedCarried) throws IOException {
    this.slice = slice;
    this.refusedCarried = refusedCarried;
    this.bytes = bytes;
    parser = new FastLineParser(slice.file());
    lineScan = (buffer, from, limit) -> parser.scan(buffer, from, limit, trade);
    bars = new DayBars(slice.epochDay(), slice.withFlow());
    dayLines = new DayLines(slice.epochDay());
    duplicateLines = new DuplicateLines(slice, bytes, seen, parser);
    long first = firstByte(slice);
    in = bytes.open(first);
    lines = new LineReader(in, first, slice.limit());
    if (first == slice.from()) {
      start = first;
    } else if (lines.next()) {
      start = lines.end();
    } else {
      start = slice.from();
      exhausted = true;
    }
    end = start;
  }

  /** What the slice holds. */
  public static SliceResult scan(Slice slice, RawBytes bytes) throws IOException {
    return scan(new SliceScan(slice, bytes));
  }

  /** What the slice holds, each trade of a closed minute handed on as it is met. */
  public static SliceResult scan(Slice slice, RawBytes bytes, TradeUse use) throws IOException {
    try (SliceScan scan = new SliceScan(slice, bytes)) {
      while (scan.next()) {
        scan.sum();
        use.take(scan.trade());
      }
      return scan.result();
    }
  }

  /** What is done with a trade, whose holder is used again. */
  public interface TradeUse {
    void take(ParsedTrade trade) throws IOException;
  }

  /** Where the bytes of a slice's file are. */
  public interface SliceBytes {
    RawBytes of(Slice slice) throws IOException;
  }

  /**
   * All refused lines of a file, however many there are: what was too much to be carried around is
   * read once more.
   *
   * @param bytes of a slice, where they are needed
   */
  public static List<RefusedLine> refusedLines(FileOutcome outcome, SliceBytes bytes)
      throws IOException {
    if (outcome.refusedLinesComplete()) {
      return outcome.refusedLines();
    }
    List<RefusedLine> lines = new ArrayList<>();
    for (SliceResult each : outcome.slices()) {
      Slice slice = each.slice();
      lines.addAll(scan(new SliceScan(slice, bytes.of(slice), Integer.MAX_VALUE)).refusedLines());
    }
    return lines;
  }

  private static SliceResult scan(SliceScan opened) throws IOException {
    try (SliceScan scan = opened) {
      while (scan.next()) {
        scan.sum();
      }
      return scan.result();
    }
  }

  /** Goes on to the next trade of a closed minute; false behind the last one. */
  public boolean next() throws IOException {
    while (!exhausted) {
      if (end >= slice.to() || !lines.next(lineScan)) {
        exhausted = true;
        return false;
      }
      end = lines.end();
      if (readLine()) {
        return true;
      }
    }
    return false;
  }

  /** The trade that {@link #next} went to. Its holder is reused. */
  public ParsedTrade trade() {
    return trade;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private SliceResult result() throws IOException {
    duplicateLines.compare();
    refusedLines.addAll(duplicateLines.conflicts());
    refusedLines.sort(Comparator.comparingLong(RefusedLine::offset));
    return new SliceResult(
        slice,
        start,
        end,
        (int) checksum.getValue(),
        newLines,
        refused,
        duplicates,
        refusedLines,
        refusedLinesComplete,
        maxId < 0 ? null : new SliceResult.IdSpan(minId, maxId),
        late,
        published,
        newest.stamp(),
        newestClosed.stamp(),
        maxPublishedId,
        openOffset,
        openMinute,
        bars.toBars(),
        dayLines.toList(),
        duplicateLines.strays());
  }

  private void sum() {
    bars.add(trade);
    if (slice.withFlow()) {
      dayLines.add(minute(trade.epochSecond()), lines.offset(), lines.end());
    }
  }

  /** The byte before the slice shows whether the slice begins with a line or inside of one. */
  private static long firstByte(Slice slice) {
    return Math.max(0, slice.from() - 1);
  }

  private boolean readLine() throws IOException {
    boolean isNew = lines.offset() >= slice.decidedBefore();
    if (isNew) {
      sumBytes();
    }
    if (!lines.isScanned() && isBlank()) {
      return false;
    }
    if (isNew) {
      newLines++;
    }
    RefusalReason reason = lines.isScanned() ? null : verdict();
    if (reason != null) {
      if (isNew) {
        refused.merge(reason, 1L, Long::sum);
        carry(reason);
      }
      return false;
    }
    long minute = minute(trade.epochSecond());
    return (isNew || minute >= slice.undecidedFrom()) && takeUndecided(minute, isNew);
  }

  /** Takes a trade that is not in the tables yet; true when it is published now. */
  private boolean takeUndecided(long minute, boolean isNew) throws IOException {
    long id = trade.id();
    if (!seen.add(id, lines.offset())) {
      duplicates += isNew ? 1 : 0;
      duplicateLines.add(lines.offset(), isNew, trade.toTrade(slice.instrument()), text());
      return false;
    }
    minId = Math.min(minId, id);
    maxId = Math.max(maxId, id);
    newest.see(trade);
    if (isNew && minute < slice.lateBefore()) {
      late++;
    }
    if (minute >= slice.openFrom()) {
      openOffset = openOffset < 0 ? lines.offset() : openOffset;
      openMinute = Math.min(openMinute, minute);
      return false;
    }
    published++;
    maxPublishedId = Math.max(maxPublishedId, id);
    newestClosed.see(trade);
    return true;
  }

  private void sumBytes() throws IOException {
    if (lines.length() > TradeLine.MAX_BYTES) {
      byte[] chunk = new byte[1 << 16];
      try (InputStream line = new FirstBytes(bytes.open(lines.offset()), lines.length() + 1)) {
        for (int count = line.read(chunk); count > 0; count = line.read(chunk)) {
          checksum.update(chunk, 0, count);
        }
      }
      return;
    }
    checksum.update(lines.buffer(), lines.from(), lines.to() - lines.from() + 1);
  }

  private RefusalReason verdict() throws IOException {
    return lines.length() > TradeLine.MAX_BYTES
        ? verdictOnLongLine()
        : parser.parse(lines.buffer(), lines.from(), lines.to(), trade);
  }

  private RefusalReason verdictOnLongLine() throws IOException {
    try (InputStream line = new FirstBytes(bytes.open(lines.offset()), lines.length())) {
      InputStreamReader text = new InputStreamReader(line, JsonLineParser.strictUtf8());
      return JsonLineParser.isObject(text)
          ? RefusalReason.LINE_TOO_LONG
          : RefusalReason.MALFORMED_JSON;
    }
  }

  private void carry(RefusalReason reason) {
    refusedBytes += lines.to() - lines.from();
    boolean isMuch = refusedLines.size() >= refusedCarried || refusedBytes > REFUSED_BYTES_CARRIED;
    if (isMuch && refusedCarried < Integer.MAX_VALUE) {
      refusedLinesComplete = false;
      return;
    }
    refusedLines.add(new RefusedLine(lines.offset(), reason, text()));
  }

  /** Whether the line at hand is white space alone, however long it is. */
  private boolean isBlank() throws IOException {
    if (!isBlank(lines.buffer(), lines.from(), lines.to())) {
      return false;
    }
    return lines.length() <= TradeLine.MAX_BYTES || isBlankToItsEnd();
  }

  /** Of a long line only the first MiB is at hand. */
  private boolean isBlankToItsEnd() throws IOException {
    long rest = lines.length() - TradeLine.MAX_BYTES;
    byte[] chunk = new byte[1 << 16];
    try (InputStream in = new FirstBytes(bytes.open(lines.offset() + TradeLine.MAX_BYTES), rest)) {
      for (int count = in.read(chunk); count > 0; count = in.read(chunk)) {
        if (!isBlank(chunk, 0, count)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isBlank(byte[] buffer, int from, int to) {
    for (int i = from; i < to; i++) {
      if (buffer[i] != ' ' && buffer[i] != '\t' && buffer[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  private static long minute(long epochSecond) {
    return Math.floorDiv(epochSecond, 60L);
  }

  private String text() {
    return new String(
        lines.buffer(), lines.from(), lines.to() - lines.from(), StandardCharsets.UTF_8);
  }
}
