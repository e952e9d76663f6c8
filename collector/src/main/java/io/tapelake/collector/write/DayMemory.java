package io.tapelake.collector.write;

import io.tapelake.collector.cover.IdRanges;
import java.time.LocalDate;

/**
 * What the collector remembers of a day file: how much of it was looked at and what is in there.
 *
 * @param bytes length of the file's part that {@code ids} describes
 * @param countBytes length of the aggregate counts that belong to it
 * @param crc32 of that part's last bytes: tells whether it is still the same file
 * @param ids the trade ids in that part
 */
public record DayMemory(LocalDate day, long bytes, long countBytes, long crc32, IdRanges ids) {

  /** A day of more ranges of ids, as others leave them, is read again rather than remembered. */
  static final int MOST_RANGES = 5_000;

  /** Nothing is remembered of a day but that it is to be read. */
  static DayMemory toBeRead(LocalDate day) {
    return new DayMemory(day, 0, 0, 0, new IdRanges());
  }
}
