package io.tapelake.collector.write;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.TradeLine;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves aside what a crash left behind the last LF of a day file, so that the next line does not
 * grow onto it. Readers never took it for a line.
 */
final class TornTail {

  private static final Logger LOG = LoggerFactory.getLogger(TornTail.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CHUNK = 1 << 16;

  /** Longer tails are no lines of ours; their beginning is enough to see what they were. */
  private static final int MAX_KEPT = 1 << 20;

  private TornTail() {}

  /** Cuts a day file after its last LF; returns its length then. */
  static long repair(Path vault, DayFile day, FileChannel channel, Instant now) throws IOException {
    long size = channel.size();
    long keep = endOfLastLine(channel, size);
    if (keep == size) {
      return size;
    }
    ByteBuffer tail = ByteBuffer.allocate((int) Math.min(size - keep, MAX_KEPT));
    while (tail.hasRemaining() && channel.read(tail, keep + tail.position()) > 0) {}
    setAside(vault, day, keep, "torn_tail", tail, now);
    channel.truncate(keep);
    channel.force(true);
    LOG.warn(
        "{}: moved {} bytes behind the last complete line aside; an earlier write was cut short",
        day.rawPath(),
        size - keep);
    return keep;
  }

  /** Keeps bytes that cannot stay in, or go to, a day file. */
  static void setAside(
      Path vault, DayFile day, long offset, String reason, ByteBuffer bytes, Instant now)
      throws IOException {
    ObjectNode entry = JSON.createObjectNode();
    entry.put("time_utc", TradeLine.formatTime(now));
    entry.put("file", day.rawPath());
    entry.put("offset", offset);
    entry.put("reason", reason);
    byte[] content = java.util.Arrays.copyOf(bytes.array(), bytes.position());
    entry.put("bytes_base64", Base64.getEncoder().encodeToString(content));
    Path aside =
        vault
            .resolve(VaultLayout.COLLECTOR_QUARANTINE)
            .resolve("okx/trades_perps/" + day.instrument() + "/" + day.fileName());
    VaultFiles.appendLine(aside, JSON.writeValueAsString(entry));
  }

  /** Where the last line of a file ends. */
  static long endOfLastLine(FileChannel channel, long size) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    long end = size;
    while (end > 0) {
      long start = Math.max(0, end - CHUNK);
      chunk.clear().limit((int) (end - start));
      while (chunk.hasRemaining() && channel.read(chunk, start + chunk.position()) > 0) {}
      for (int at = chunk.position() - 1; at >= 0; at--) {
        if (chunk.get(at) == '\n') {
          return start + at + 1;
        }
      }
      end = start;
    }
    return 0;
  }
}
