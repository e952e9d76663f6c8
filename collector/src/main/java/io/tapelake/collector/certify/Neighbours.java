package io.tapelake.collector.certify;

import io.tapelake.collector.cover.IdRanges;
import io.tapelake.collector.write.DayContent;
import io.tapelake.collector.write.RawFolder;
import io.tapelake.vault.DayFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.NavigableSet;

/**
 * Which trades are known from before and after a day: by the raw files of the nearest days that
 * have trades, and by official files that were compared with it.
 */
final class Neighbours {

  private final Path vault;
  private final CertificateFiles certificates;

  /**
   * Ids that an earlier certificate knew. They spare reading the files of days that have no
   * certificate, such as today's; -1 without any.
   */
  record Known(long previousId, long nextId) {

    static final Known NOTHING = new Known(-1, -1);
  }

  Neighbours(Path vault, CertificateFiles certificates) {
    this.vault = vault;
    this.certificates = certificates;
  }

  /** The nearest ids known below the day's first and above its last; -1 without any. */
  Known of(DayFile day, DayFacts facts, List<OfficialComparison> official, Known known)
      throws IOException {
    long previous = previousId(day, known.previousId());
    previous = previous < facts.firstId() ? previous : -1;
    long next = nextId(day, known.nextId());
    next = next > facts.lastId() ? next : -1;
    for (OfficialComparison one : official) {
      if (one.beginsWith(day) && one.previousId() < facts.firstId()) {
        previous = Math.max(previous, one.previousId());
      }
      if (one.endsWith(day) && one.nextId() > facts.lastId()) {
        next = next < 0 ? one.nextId() : Math.min(next, one.nextId());
      }
    }
    return new Known(previous, next);
  }

  private long previousId(DayFile day, long known) throws IOException {
    long previous = -1;
    NavigableSet<LocalDate> days = RawFolder.days(vault, day.instrument());
    LocalDate before = days.lower(day.day());
    while (before != null && previous < 0) {
      previous = ids(new DayFile(day.instrument(), before), known).highest();
      before = days.lower(before);
    }
    return previous;
  }

  private long nextId(DayFile day, long known) throws IOException {
    long next = -1;
    NavigableSet<LocalDate> days = RawFolder.days(vault, day.instrument());
    LocalDate after = days.higher(day.day());
    while (after != null && next < 0) {
      next = ids(new DayFile(day.instrument(), after), known).lowest();
      after = days.higher(after);
    }
    return next;
  }

  /**
   * A day's first and last id: by its certificate where that is of the raw file as it is now, else
   * what is known, else by reading.
   */
  private IdRanges ids(DayFile day, long known) throws IOException {
    Certificate certificate = certificates.read(day);
    IdRanges ends = new IdRanges();
    if (certificate != null && certificates.isCurrent(certificate)) {
      DayFacts facts = certificate.facts();
      if (facts.firstId() >= 0) {
        ends.add(facts.firstId(), facts.firstId());
        ends.add(facts.lastId(), facts.lastId());
      }
    } else if (known >= 0) {
      ends.add(known, known);
    } else {
      return DayContent.read(vault, day).ids();
    }
    return ends;
  }
}
