package io.tapelake.jobs.plan;

import io.tapelake.vault.DayFile;

/**
 * A raw file as it was found.
 *
 * @param file instrument and day
 * @param path where it lies below the vault's root
 * @param length in bytes, as stored
 * @param modified when it was last modified, in milliseconds since 1970
 * @param consumedPart whether what was consumed of it is still the same
 */
public record FoundFile(
    DayFile file, String path, long length, long modified, ConsumedPart consumedPart) {

  /** What became of the part of a file that was consumed. */
  public enum ConsumedPart {
    /** It has no cursor. */
    NEVER_READ,
    SAME,
    SHRANK,
    CHANGED
  }

  /** Whether the file is compressed. */
  public boolean isArchived() {
    return DayFile.isArchived(path);
  }
}
