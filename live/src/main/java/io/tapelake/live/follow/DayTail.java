package io.tapelake.live.follow;

import io.tapelake.live.market.InstrumentTape;
import io.tapelake.live.market.TradeDay;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.FirstBytes;
import io.tapelake.vault.ParsedTrade;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * Follows one plain day file as it grows. What is in it is read aside first and shown once its end
 * was reached; so it is again when the file was replaced, cut off or written over. Thread-safe.
 */
final class DayTail {

  /** How much of what was read is looked at again before more is read. */
  private static final int LOOKED_AT_AGAIN = 256;

  private final Path file;
  private final DayFile day;
  private final InstrumentTape tape;
  private final Consumer<ParsedTrade> taker = this::take;

  private FoundDay found;
  private FileChannel channel;
  private DayLines lines;
  private TradeDay read;
  private byte[] lastBytes = new byte[0];
  private boolean isOver;
  private boolean isAtEnd;
  private boolean isShown;
  private String trouble;
  private long nanos;

  DayTail(Path file, DayFile day, InstrumentTape tape) {
    this.file = file;
    this.day = day;
    this.tape = tape;
  }

  DayFile day() {
    return day;
  }

  Path file() {
    return file;
  }

  /** Whether what is in the file is shown. */
  synchronized boolean isShown() {
    return isShown;
  }

  /** Why it could not be read the last time, or null. */
  synchronized String trouble() {
    return trouble;
  }

  /** The file as it was when it was read last, or null. */
  synchronized FoundDay found() {
    return found;
  }

  /**
   * Reads what is new, so many bytes of it at most; whether there is more to be read at once. Now
   * is by the monotonic clock.
   *
   * @throws NoSuchFileException when the file is not there
   */
  synchronized boolean advance(long portion, long now) throws IOException {
    if (isOver) {
      return false;
    }
    nanos = now;
    FoundDay is = FoundDay.of(file);
    if (found != null && isOther(is)) {
      close();
    }
    if (channel == null) {
      begin();
    } else if (is.equals(found) && isAtEnd) {
      return false;
    } else if (isAtEnd && is.size() == found.size() && !isUnchanged()) {
      close();
      begin();
    }
    found = is;
    channel.position(lines.end());
    lines.restart();
    boolean isMore = lines.read(taker, portion);
    isAtEnd = !isMore;
    lastBytes = bytesBefore(lines.end());
    read.note(lines.counts(), lines.end());
    if (!isMore && !isShown) {
      tape.install(read);
      isShown = true;
    }
    trouble = null;
    // There may be more than was there when it was looked at: it is looked at again then.
    return isMore;
  }

  /** Begins anew the next time, and tells why until that went well. */
  synchronized void fail(String reason) {
    close();
    trouble = reason;
  }

  /** Ends for good. */
  synchronized void end() {
    isOver = true;
    close();
  }

  /** Begins anew the next time. */
  synchronized void close() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // It was only read.
    }
    channel = null;
    found = null;
  }

  private void take(ParsedTrade trade) {
    if (isShown) {
      tape.take(read, trade, nanos);
    } else {
      read.take(trade);
    }
  }

  private void begin() throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.READ);
    lines = new DayLines(day, Channels.newInputStream(channel));
    read = new TradeDay(day.day());
    isShown = false;
    lastBytes = new byte[0];
  }

  /** Whether what was read is no longer the beginning of the file. */
  private boolean isOther(FoundDay is) throws IOException {
    return !is.isSameFile(found)
        || is.size() < lines.end()
        || (is.size() != found.size() && !Arrays.equals(lastBytes, bytesBefore(lines.end())));
  }

  private byte[] bytesBefore(long end) throws IOException {
    int length = (int) Math.min(LOOKED_AT_AGAIN, end);
    ByteBuffer bytes = ByteBuffer.allocate(length);
    long from = end - length;
    while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) > 0) {
      // All of them.
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  /** Whether everything that was read still stands there. */
  private boolean isUnchanged() throws IOException {
    if (!lines.hasChecksum()) {
      return true;
    }
    CRC32C checksum = new CRC32C();
    channel.position(0);
    InputStream in = new FirstBytes(Channels.newInputStream(channel), lines.end());
    long length = in.transferTo(new CheckedOutputStream(OutputStream.nullOutputStream(), checksum));
    return length == lines.end() && checksum.getValue() == lines.checksum();
  }
}
