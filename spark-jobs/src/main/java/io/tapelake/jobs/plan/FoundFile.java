package io.tapelake.jobs.plan;

import io.tapelake.vault.DayFile;

/**
 * A raw file as it was found.
 *
 * @param file instrument and day
 * @param path where it lies below the vault's root
 * @param length of its plain bytes, or {@link #UNKNOWN}
 * @param stored its length as it lies there
 * @param modified when it was last modified, in milliseconds since 1970
 * @param consumedPart whether what was consumed of it is still the same
 */
public record FoundFile(
    DayFile file, String path, long length, long stored, long modified, ConsumedPart consumedPart) {

  /** The length of a compressed file of another program: only inflating it tells. */
  public static final long UNKNOWN = Long.MAX_VALUE;

  /** A file that lies there plain. */
  public FoundFile(
      DayFile file, String path, long length, long modified, ConsumedPart consumedPart) {
    this(file, path, length, length, modified, consumedPart);
  }

  /** What became of the part of a file that was consumed. */
  public enum ConsumedPart {
    /** It has no cursor. */
    NEVER_READ,
    SAME,
    SHRANK,
    CHANGED,
    /** It is the same, and there is more behind it. Said of files whose length is not known. */
    GREW,
    /** It is the same, but its refused lines are gone from the quarantine. */
    QUARANTINE_GONE,
    /** It cannot be read, or there are two of different content. */
    FAILED
  }

  /** The same file, of whose consumed part something else is known. */
  public FoundFile with(ConsumedPart found) {
    return new FoundFile(file, path, length, stored, modified, found);
  }

  /** Whether reading can begin in its middle. */
  public boolean isDivisible() {
    return length != UNKNOWN;
  }

  /** Whether there is more than what was consumed of it. */
  public boolean hasGrown(long consumed) {
    return isDivisible() ? length > consumed : consumedPart == ConsumedPart.GREW;
  }
}
