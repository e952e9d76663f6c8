package io.tapelake.jobs.plan;

import io.tapelake.vault.DayFile;
import java.io.Serializable;
import java.time.LocalDate;

/**
 * A piece of a raw file for one task to read: the lines that start in [from, to).
 *
 * @param instrument the file's instrument
 * @param epochDay the file's UTC day, in days since 1970-01-01
 * @param path where the file lies, below the vault's root
 * @param from offset in bytes of the (uncompressed) file
 * @param to offset behind the last byte at which a line of this slice may start
 * @param limit the file's length when the run was planned: what is appended later is not seen
 * @param decidedBefore lines that start before it were read by an earlier run
 * @param undecidedFrom the earliest minute (since 1970-01-01T00:00Z) that was open in that earlier
 *     run: trades of earlier minutes on lines before {@code decidedBefore} are in the tables
 *     already
 * @param lateBefore minutes before it may be in the tables already: a trade of one of them on a new
 *     line is late
 * @param openFrom the first minute that is open now
 * @param withFlow whether trades are looked at one by one, for analytics
 */
public record Slice(
    String instrument,
    long epochDay,
    String path,
    long from,
    long to,
    long limit,
    long decidedBefore,
    long undecidedFrom,
    long lateBefore,
    long openFrom,
    boolean withFlow)
    implements Serializable {

  /** The day file this is a piece of. */
  public DayFile file() {
    return new DayFile(instrument, LocalDate.ofEpochDay(epochDay));
  }

  /**
   * Whether a trade is not in the tables yet, as far as earlier runs go.
   *
   * @param offset where its line starts
   * @param minute its minute, since 1970-01-01T00:00Z
   */
  public boolean isUndecided(long offset, long minute) {
    return offset >= decidedBefore || minute >= undecidedFrom;
  }

  /** Bytes in which lines may start. */
  public long length() {
    return to - from;
  }
}
