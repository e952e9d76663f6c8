package io.tapelake.collector.certify;

import io.tapelake.collector.cover.IdRanges;
import io.tapelake.collector.write.DayContent;
import io.tapelake.collector.write.RawDay;
import io.tapelake.collector.write.RawFolder;
import io.tapelake.vault.DayFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;

/**
 * Which trades are known from before and after a day: by the raw files of the nearest days that
 * have trades, and by official files that were compared with it.
 */
final class Neighbours {

  private final Path vault;
  private final CertificateFiles certificates;

  /** What was read of days that have no certificate, such as today's. */
  private final Map<DayFile, Ends> read = new HashMap<>();

  /** The nearest ids known before and after a day; -1 without any. */
  record Beside(long previousId, long nextId) {}

  /**
   * What a file held when it was read.
   *
   * @param bytes where its last line ended
   * @param ids the first and the last, at least
   */
  private record Ends(List<Object> stamp, List<Object> identity, long bytes, IdRanges ids) {}

  Neighbours(Path vault, CertificateFiles certificates) {
    this.vault = vault;
    this.certificates = certificates;
  }

  /** Forgets what was read of days before another. */
  void forgetBefore(LocalDate first) {
    read.keySet().removeIf(day -> day.day().isBefore(first));
  }

  /**
   * The nearest ids known before and after the day. They are not below its first and above its last
   * where ids started over between two days.
   */
  Beside of(DayFile day, DayFacts facts, List<OfficialComparison> official) throws IOException {
    long previous = previousId(day);
    long next = nextId(day);
    for (OfficialComparison one : official) {
      if (one.beginsWith(day) && one.previousId() < facts.firstId()) {
        previous = Math.max(previous, one.previousId());
      }
      if (one.endsWith(day) && one.nextId() > facts.lastId()) {
        next = next < 0 ? one.nextId() : Math.min(next, one.nextId());
      }
    }
    return new Beside(previous, next);
  }

  private long previousId(DayFile day) throws IOException {
    long previous = -1;
    NavigableSet<LocalDate> days = RawFolder.days(vault, day.instrument());
    LocalDate before = days.lower(day.day());
    while (before != null && previous < 0) {
      previous = ids(new DayFile(day.instrument(), before)).highest();
      before = days.lower(before);
    }
    return previous;
  }

  private long nextId(DayFile day) throws IOException {
    long next = -1;
    NavigableSet<LocalDate> days = RawFolder.days(vault, day.instrument());
    LocalDate after = days.higher(day.day());
    while (after != null && next < 0) {
      next = ids(new DayFile(day.instrument(), after)).lowest();
      after = days.higher(after);
    }
    return next;
  }

  /** A day's first and last id: by its certificate where that is of the raw file as it is now. */
  private IdRanges ids(DayFile day) throws IOException {
    Certificate certificate = certificates.read(day);
    if (certificate == null || !certificates.isCurrent(certificate)) {
      return read(day);
    }
    DayFacts facts = certificate.facts();
    return facts.firstId() < 0 ? new IdRanges() : ends(facts.firstId(), facts.lastId());
  }

  /** Reads a day, or only what was added to it since. */
  private IdRanges read(DayFile day) throws IOException {
    RawDay raw = new RawDay(vault, day);
    List<Object> stamp = raw.stamp();
    List<Object> identity = raw.identity();
    Ends known = read.get(day);
    if (known != null && known.stamp().equals(stamp)) {
      return known.ids();
    }
    boolean hasGrown =
        known != null && known.identity().equals(identity) && known.bytes() <= raw.length();
    IdRanges ids = new IdRanges();
    if (hasGrown) {
      ids.addAll(known.ids());
    }
    long bytes = DayContent.readOn(vault, day, hasGrown ? known.bytes() : 0, ids);
    IdRanges ends = ids.rangeCount() == 0 ? ids : ends(ids.lowest(), ids.highest());
    read.put(day, new Ends(stamp, identity, bytes, ends));
    return ends;
  }

  private static IdRanges ends(long first, long last) {
    IdRanges ends = new IdRanges();
    ends.add(first, first);
    ends.add(last, last);
    return ends;
  }
}
