package io.tapelake.jobs.plan;

import java.io.Serializable;

/**
 * How far a raw file has been read, and enough to notice that it was truncated or rewritten. All of
 * it is a function of the file's first {@code bytes} bytes and the run's as-of.
 *
 * @param bytes consumed bytes: everything up to and including the LF of the last complete line
 * @param rereadFrom where the next run starts reading: the first line of a minute that was still
 *     open, or {@code bytes}
 * @param openMinute the earliest minute with a trade that was still open, or {@link #NONE_OPEN}
 * @param checksum CRC-32C of the consumed bytes
 * @param edges CRC-32C of the first and the last bytes among them, quick to compare
 * @param lines complete lines that are not blank
 * @param refused refused lines, conflicting duplicates not among them
 * @param trades trades in the tables
 * @param duplicates lines that were dropped because an earlier one has their trade id
 * @param newest the newest trade, its minute closed or open; null when there is none
 * @param newestClosed the newest trade of a closed minute, or null
 * @param maxPublishedId the largest trade id in the tables, or -1
 * @param quarantineBytes length of the file's quarantine
 * @param broken whether it was left alone because too many of its lines are refused
 */
public record FileCursor(
    long bytes,
    long rereadFrom,
    long openMinute,
    int checksum,
    int edges,
    long lines,
    long refused,
    long trades,
    long duplicates,
    TradeStamp newest,
    TradeStamp newestClosed,
    long maxPublishedId,
    long quarantineBytes,
    boolean broken)
    implements Serializable {

  /** No trade of the file is of an open minute. */
  public static final long NONE_OPEN = Long.MAX_VALUE;

  /** Nothing read yet. */
  public static final FileCursor START =
      new FileCursor(0, 0, NONE_OPEN, 0, 0, 0, 0, 0, 0, null, null, -1, 0, false);

  /** How many bytes at either end of the consumed part {@link #edges} covers. */
  public static final int EDGE_BYTES = 4096;

  /** Minutes before it may be in the tables already. */
  public long lateBefore() {
    return newestClosed == null ? Long.MIN_VALUE : newestClosed.minute() + 1;
  }

  public FileCursor withEdges(int edges) {
    return new FileCursor(
        bytes,
        rereadFrom,
        openMinute,
        checksum,
        edges,
        lines,
        refused,
        trades,
        duplicates,
        newest,
        newestClosed,
        maxPublishedId,
        quarantineBytes,
        broken);
  }

  public FileCursor withQuarantineBytes(long quarantineBytes) {
    return new FileCursor(
        bytes,
        rereadFrom,
        openMinute,
        checksum,
        edges,
        lines,
        refused,
        trades,
        duplicates,
        newest,
        newestClosed,
        maxPublishedId,
        quarantineBytes,
        broken);
  }
}
