package io.tapelake.collector.history;

import io.tapelake.collector.certify.DayCertifier;
import io.tapelake.collector.certify.OfficialComparison;
import io.tapelake.collector.certify.OfficialPart;
import io.tapelake.collector.official.BadFileException;
import io.tapelake.collector.official.CsvTrades;
import io.tapelake.collector.official.OfficialFile;
import io.tapelake.collector.write.VaultFiles;
import io.tapelake.vault.DayFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Imports one of the exchange's files into the raw files. It is read twice: once to see that it is
 * whole and that the contract terms of all of its trades are known, and only then for its trades.
 * Imported trades that are in already are left out, so an import that was interrupted is continued
 * by doing it again.
 */
public final class FileImport {

  private static final long MILLIS_A_DAY = 86_400_000;

  /** No taker order fills more resting orders at one price than this. */
  private static final int MOST_PARTS = 10_000;

  /** Lines of all days that may be pending together. */
  private static final long PENDING_LIMIT = 64L << 20;

  private static final int ROWS_BETWEEN_CHECKS = 1 << 16;

  private final Path vault;
  private final OfficialFile file;
  private final ImportRequest request;
  private final TermsBook terms;
  private final Clock wall;
  private final Map<String, OneInstrument> instruments = new HashMap<>();
  private FileFindings findings;

  /** One instrument's part of the file. */
  private static final class OneInstrument {
    final String name;
    final boolean wanted;
    final Map<Long, DayMerge> days = new TreeMap<>();
    DayMerge day;
    long epochDay = Long.MIN_VALUE;
    TermsBook.Span terms = new TermsBook.Span(null, 0, 0);
    long lastId = -1;

    /** For each UTC day of the file, the lowest and the highest id. */
    final TreeMap<Long, long[]> ends = new TreeMap<>();

    final Map<Long, OfficialPart> parts = new TreeMap<>();
    long[] end = {0, 0};
    long endDay = Long.MIN_VALUE;
    OfficialPart part;

    OneInstrument(String name, boolean wanted) {
      this.name = name;
      this.wanted = wanted;
    }
  }

  public FileImport(
      Path vault, OfficialFile file, ImportRequest request, TermsBook terms, Clock wall) {
    this.vault = vault;
    this.file = file;
    this.request = request;
    this.terms = terms;
    this.wall = wall;
  }

  /**
   * Looks at the file; nothing is changed.
   *
   * @throws BadFileException when it cannot be imported
   * @throws TermsBook.UnknownTermsException when the contract terms of some trades are not known
   */
  public void check() throws IOException, BadFileException, TermsBook.UnknownTermsException {
    FileFindings found = FileFindings.of(file, request);
    for (Map.Entry<String, FileFindings.Span> span : found.spans().entrySet()) {
      try {
        terms.check(span.getKey(), span.getValue().from(), span.getValue().to());
      } catch (TermsBook.UnknownTermsException e) {
        throw new TermsBook.UnknownTermsException(file.name() + ": " + e.getMessage());
      }
    }
    findings = found;
  }

  /** The instruments whose trades are taken from it, after {@link #check}. */
  public Set<String> instruments() {
    return findings.spans().keySet();
  }

  /** Some of the instruments whose trades are not, after {@link #check}. */
  public Set<String> others() {
    return findings.others();
  }

  /** Merges the file's trades into the raw files, after {@link #check}. */
  public ImportResult merge(String source) throws IOException, BadFileException {
    try {
      addAll();
      return finish(source);
    } finally {
      // Whoever imports many files keeps what they came to, not the buffers of all their days.
      instruments.clear();
    }
  }

  private void addAll() throws IOException, BadFileException {
    boolean done = false;
    try (CsvTrades trades = CsvTrades.open(file, request.instrument())) {
      boolean aggregated = trades.isAggregated();
      OneInstrument one = null;
      int rows = 0;
      while (trades.next()) {
        if (trades.flaw() != null) {
          passOver(trades.id());
          continue;
        }
        if (one == null || one.name != trades.instrument()) {
          one = instrument(trades.instrument());
        }
        if (one.wanted) {
          noteEnds(one, trades);
          if (request.wants(trades.millis())) {
            add(one, trades, aggregated);
          }
        }
        if (++rows % ROWS_BETWEEN_CHECKS == 0) {
          keepWithinLimit();
        }
      }
      done = true;
    } finally {
      if (!done) {
        closeAll();
      }
    }
  }

  /** The next aggregate does not stand for the ids of a row that is no trade; -1: not readable. */
  private void passOver(long id) {
    boolean isOfOne = request.instrument() != null || file.instrument() != null;
    instruments.values().forEach(one -> one.lastId = isOfOne ? id : -1);
  }

  private OneInstrument instrument(String name) {
    return instruments.computeIfAbsent(name, each -> new OneInstrument(name, request.wants(name)));
  }

  private static void noteEnds(OneInstrument one, CsvTrades row) {
    long epochDay = row.millis() / MILLIS_A_DAY;
    if (epochDay != one.endDay) {
      one.endDay = epochDay;
      one.end = one.ends.computeIfAbsent(epochDay, each -> new long[] {row.id(), row.id()});
    }
    one.end[0] = Math.min(one.end[0], row.id());
    one.end[1] = Math.max(one.end[1], row.id());
  }

  private void add(OneInstrument one, CsvTrades row, boolean aggregated) throws IOException {
    long millis = row.millis();
    long epochDay = millis / MILLIS_A_DAY;
    if (epochDay != one.epochDay) {
      one.epochDay = epochDay;
      one.day = one.days.get(epochDay);
      if (one.day == null) {
        one.day = new DayMerge(vault, new DayFile(one.name, LocalDate.ofEpochDay(epochDay)), wall);
        one.days.put(epochDay, one.day);
        one.parts.put(epochDay, part(one.day.day(), aggregated));
      }
      one.part = one.parts.get(epochDay);
    }
    if (!one.terms.holds(millis)) {
      one.terms = terms.at(one.name, millis);
    }
    int count = 1;
    if (aggregated) {
      long since = row.id() - one.lastId;
      count = one.lastId >= 0 && since >= 1 && since <= MOST_PARTS ? (int) since : 1;
      one.lastId = row.id();
    }
    one.day.add(row.id(), count, millis, row.side(), row.price(), row.size(), one.terms.contract());
    if (one.part != null) {
      one.part.add(row.id(), millis, row.side(), row.price(), row.size());
    }
  }

  /** What the file holds of a day; null where rows are not single trades. */
  private OfficialPart part(DayFile day, boolean aggregated) {
    if (aggregated) {
      return null;
    }
    long start = day.day().toEpochDay() * MILLIS_A_DAY;
    long from = Math.max(start, request.fromMillis());
    long to = Math.min(start + MILLIS_A_DAY, request.toMillis());
    OfficialFile.Times times = file.times();
    boolean holdsAll = times != null;
    if (holdsAll) {
      from = Math.max(from, times.from().toEpochMilli());
      to = Math.min(to, times.to().toEpochMilli());
    }
    return from < to
        ? new OfficialPart(file.name(), taker -> readAgain(day, taker), day, from, to, holdsAll)
        : null;
  }

  private void readAgain(DayFile day, OfficialPart.Taker taker) throws IOException {
    try (CsvTrades trades = CsvTrades.open(file, request.instrument())) {
      while (trades.next()) {
        if (trades.flaw() == null && trades.instrument().equals(day.instrument())) {
          taker.trade(trades.id(), trades.millis(), trades.side(), trades.price(), trades.size());
        }
      }
    } catch (BadFileException e) {
      throw new IOException("it changed while it was imported: " + e.getMessage(), e);
    }
  }

  private void keepWithinLimit() throws IOException {
    long pending = 0;
    for (OneInstrument one : instruments.values()) {
      for (DayMerge day : one.days.values()) {
        pending += day.pendingBytes();
      }
    }
    if (pending > PENDING_LIMIT) {
      for (OneInstrument one : instruments.values()) {
        for (DayMerge day : one.days.values()) {
          day.flush();
        }
      }
    }
  }

  private ImportResult finish(String source) throws IOException {
    long added = 0;
    long held = 0;
    long partly = 0;
    TreeSet<LocalDate> days = new TreeSet<>();
    List<String> conflicts = new ArrayList<>();
    Instant now = wall.instant();
    try {
      for (OneInstrument one : instruments.values()) {
        for (DayMerge day : one.days.values()) {
          day.finish(source, file.name(), now);
          added += day.added();
          held += day.held();
          partly += day.partlyHeld();
          days.add(day.day().day());
          if (day.conflict() != null) {
            conflicts.add(day.day().rawPath() + ": " + day.conflict());
          }
        }
      }
    } finally {
      closeAll();
    }
    for (OneInstrument one : instruments.values()) {
      prove(one, now, conflicts);
    }
    return new ImportResult(
        findings.rows(),
        added,
        held,
        partly,
        findings.refusedRows(),
        findings.refused(),
        findings.examples(),
        findings.skipped(),
        days,
        conflicts);
  }

  /**
   * Compares the days with the file, and writes the certificates of those that are over. The trades
   * are in, whatever comes of this.
   */
  private void prove(OneInstrument one, Instant now, List<String> conflicts) {
    DayCertifier certifier = new DayCertifier(vault);
    for (Map.Entry<Long, DayMerge> each : one.days.entrySet()) {
      DayFile day = each.getValue().day();
      if (DayCertifier.isOver(day, now)) {
        try {
          OfficialComparison comparison = prove(one, each.getKey(), day, certifier, now);
          if (comparison != null && comparison.contradicts()) {
            conflicts.add(day.rawPath() + ": " + comparison.text());
          }
          certifier.refreshBeside(day);
        } catch (IOException e) {
          conflicts.add(day.rawPath() + " cannot be certified: " + VaultFiles.reason(e));
        }
      }
    }
  }

  /** Writes a day's certificate; its comparison with the file, or null where there is none. */
  private static OfficialComparison prove(
      OneInstrument one, long epochDay, DayFile day, DayCertifier certifier, Instant now)
      throws IOException {
    OfficialPart part = one.parts.get(epochDay);
    if (part == null) {
      certifier.certify(day);
      return null;
    }
    Map.Entry<Long, long[]> before = one.ends.lowerEntry(epochDay);
    Map.Entry<Long, long[]> after = one.ends.higherEntry(epochDay);
    return certifier.certify(
        day,
        part,
        before == null ? -1 : before.getValue()[1],
        after == null ? -1 : after.getValue()[0],
        now);
  }

  private void closeAll() throws IOException {
    for (OneInstrument one : instruments.values()) {
      for (DayMerge day : one.days.values()) {
        day.close();
      }
    }
  }
}
