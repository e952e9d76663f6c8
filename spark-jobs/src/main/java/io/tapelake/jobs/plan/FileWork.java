package io.tapelake.jobs.plan;

import io.tapelake.vault.DayFile;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run does with one raw file.
 *
 * @param file instrument and day
 * @param path where it lies below the vault's root
 * @param length of its plain bytes when the run was planned; {@link FoundFile#UNKNOWN} for a
 *     compressed file whose plain length shows only when it is read
 * @param stored its length as it lay there
 * @param modified when it was last modified, in milliseconds since 1970
 * @param mode how it is read
 * @param previous the file's cursor, or {@link FileCursor#START}
 * @param openFrom the first minute that is open now
 * @param why for a person, when the file is read again; null when it only grew
 */
public record FileWork(
    DayFile file,
    String path,
    long length,
    long stored,
    long modified,
    Mode mode,
    FileCursor previous,
    long openFrom,
    String why)
    implements Serializable {

  /** What trades are compressed to is about an eighth. */
  private static final int COMPRESSED = 8;

  /** What is done with a file that lies there plain. */
  public FileWork(
      DayFile file,
      String path,
      long length,
      long modified,
      Mode mode,
      FileCursor previous,
      long openFrom,
      String why) {
    this(file, path, length, length, modified, mode, previous, openFrom, why);
  }

  /** The length of its plain bytes, about, where only reading it tells. */
  public long estimate() {
    return length == FoundFile.UNKNOWN ? COMPRESSED * stored : length;
  }

  /** How a file is read. */
  public enum Mode {
    /** Only what is new, which has to be newer than everything consumed. */
    APPEND,
    /** From its first byte, in slices. */
    REBUILD,
    /** From its first byte, by one task, which sees every duplicate. */
    REBUILD_WHOLE,
    /** Not at all: it is gone, and what it contributed goes too. */
    REMOVE
  }

  /** Whether the day's former contribution is replaced, not added to. */
  public boolean replaces() {
    return mode != Mode.APPEND;
  }

  /** The same file, read more thoroughly. */
  public FileWork as(Mode thorough, String reason) {
    return new FileWork(file, path, length, stored, modified, thorough, previous, openFrom, reason);
  }

  /**
   * The pieces to read, each of at most {@code maxBytes} unless one task has to see everything.
   *
   * @param withFlow whether their trades are looked at one by one
   */
  public List<Slice> slices(long maxBytes, boolean withFlow) {
    List<Slice> slices = new ArrayList<>();
    if (mode == Mode.REMOVE) {
      return slices;
    }
    boolean append = mode == Mode.APPEND;
    long from = append ? previous.rereadFrom() : 0;
    boolean divisible = length != Long.MAX_VALUE && mode != Mode.REBUILD_WHOLE;
    while (from < length) {
      long to = divisible ? Math.min(length, from + maxBytes) : length;
      slices.add(
          new Slice(
              file.instrument(),
              file.day().toEpochDay(),
              path,
              from,
              to,
              length,
              append ? previous.bytes() : 0,
              append ? previous.openMinute() : Long.MIN_VALUE,
              append ? previous.lateBefore() : Long.MIN_VALUE,
              openFrom,
              withFlow));
      from = to;
    }
    return slices;
  }
}
