package io.tapelake.collector.certify;

import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.cover.IdRanges;
import io.tapelake.collector.write.RawDay;
import io.tapelake.collector.write.RawFolder;
import io.tapelake.collector.write.VaultFiles;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.ParsedTrade;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Writes what is proven of a day, and checks what was written. The same vault gives the same bytes;
 * a certificate is only ever replaced as a whole. Not thread-safe; several processes may certify
 * the same day.
 */
public final class DayCertifier {

  /** Late trades of a day are in by then, and the first ones of the day after. */
  private static final Duration AFTER_CLOSE = Duration.ofHours(1);

  /** Days that are looked at while a collector runs; older ones are left to {@code certify}. */
  private static final int RECENT_DAYS = 7;

  private final Path vault;
  private final CertificateFiles files;
  private final Neighbours neighbours;

  /** When the quarantine was changed last, of days that were certified here. */
  private final Map<DayFile, FileTime> setAside = new HashMap<>();

  public DayCertifier(Path vault) {
    this.vault = vault;
    this.files = new CertificateFiles(vault);
    this.neighbours = new Neighbours(vault, files);
  }

  /** Whether a UTC day is over. */
  public static boolean isOver(DayFile day, Instant now) {
    return !now.isBefore(day.day().plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC));
  }

  /** Reads a day's raw file and writes its certificate; null when there is no raw file. */
  public Certificate certify(DayFile day) throws IOException {
    if (new RawDay(vault, day).form() == RawDay.Form.NONE) {
      return null;
    }
    List<OfficialComparison> official = OfficialJournal.read(vault, day);
    setAside.put(day, SetAsideTrades.changed(vault, day));
    SetAsideTrades aside = SetAsideTrades.read(vault, day);
    DayScan scan = new DayScan(vault, day, aside::held);
    DayFacts facts = scan.read(lengths(official));
    return keep(day, facts, official, scan.beginnings(), aside.unsettled());
  }

  /**
   * Compares a day with an official file that was merged into it, remembers the outcome where the
   * file is known to hold all trades of its times, and writes the day's certificate. Where the raw
   * file has aggregates, there is nothing to compare.
   *
   * @return the comparison, or null
   */
  public OfficialComparison certify(
      DayFile day, OfficialPart part, long previousId, long nextId, Instant now)
      throws IOException {
    SetAsideTrades aside = SetAsideTrades.read(vault, day);
    Consumer<ParsedTrade> both =
        trade -> {
          part.addRaw(trade);
          aside.held(trade);
        };
    DayScan scan = new DayScan(vault, day, both);
    List<OfficialComparison> official = OfficialJournal.read(vault, day);
    DayFacts facts = scan.read(lengths(official));
    Map<Long, String> beginnings = new HashMap<>(scan.beginnings());
    OfficialComparison comparison = null;
    if (!facts.isAggregated()) {
      comparison = part.compare(vault, facts, previousId, nextId);
      if (part.holdsAll()) {
        OfficialJournal.record(vault, day, comparison, now);
        official = OfficialJournal.read(vault, day);
        beginnings.put(facts.bytes(), facts.sha256());
      }
    }
    keep(day, facts, official, beginnings, aside.unsettled());
    return comparison;
  }

  private static Set<Long> lengths(List<OfficialComparison> official) {
    return official.stream().map(OfficialComparison::bytes).collect(Collectors.toSet());
  }

  /** Brings the certificates of the days beside a day that changed up to date. */
  public void refreshBeside(DayFile day) throws IOException {
    NavigableSet<LocalDate> days = RawFolder.days(vault, day.instrument());
    for (LocalDate beside : Arrays.asList(days.lower(day.day()), days.higher(day.day()))) {
      if (beside != null && Files.exists(files.file(new DayFile(day.instrument(), beside)))) {
        refresh(new DayFile(day.instrument(), beside));
      }
    }
  }

  /** A collector runs for months. */
  private void forgetBefore(LocalDate first) {
    setAside.keySet().removeIf(day -> day.day().isBefore(first));
    neighbours.forgetBefore(first);
  }

  /**
   * Certifies the recent days of all instruments that have been closed for an hour, and brings
   * certificates up to date where something changed. Reads whole raw files: not for a thread that
   * must not wait.
   *
   * @param now the exchange's time
   * @param clockOffset how far that is ahead of the local clock; null when not known
   * @return what could not be certified, and why
   */
  public List<String> certifyClosedDays(Instant now, Duration clockOffset) throws IOException {
    LocalDate open = LocalDate.ofInstant(now.minus(AFTER_CLOSE), ZoneOffset.UTC);
    if (clockOffset != null) {
      ClockJournal.record(vault, open.minusDays(1), clockOffset);
    }
    forgetBefore(open.minusDays(RECENT_DAYS));
    List<String> failures = new ArrayList<>();
    for (String instrument : RawFolder.instruments(vault)) {
      NavigableSet<LocalDate> days;
      try {
        days = RawFolder.days(vault, instrument);
      } catch (IOException e) {
        failures.add(instrument + " cannot be certified: " + VaultFiles.reason(e));
        continue;
      }
      for (LocalDate date : days.subSet(open.minusDays(RECENT_DAYS), true, open, false)) {
        DayFile day = new DayFile(instrument, date);
        try {
          refresh(day);
        } catch (IOException | RuntimeException e) {
          failures.add(day.rawPath() + " cannot be certified: " + VaultFiles.reason(e));
        }
      }
    }
    return failures;
  }

  /**
   * Brings a day's certificate up to date: reads the raw file where it or the quarantine changed,
   * and otherwise only looks at what else is known, as long as the day is not complete or its clock
   * offset is news.
   */
  private void refresh(DayFile day) throws IOException {
    Certificate before = files.read(day);
    if (before == null || !files.isCurrent(before) || isMoreSetAside(day)) {
      certify(day);
    } else if (!before.isComplete() || lacksClock(before)) {
      Map<Long, String> beginnings = new HashMap<>();
      beginnings.put(before.facts().bytes(), before.facts().sha256());
      before.evidence().official().forEach(one -> beginnings.put(one.bytes(), one.sha256()));
      keep(
          day,
          before.facts(),
          OfficialJournal.read(vault, day),
          beginnings,
          before.evidence().setAside());
    }
  }

  /** Whether it was written before the day's clock offset was known. */
  private boolean lacksClock(Certificate certificate) throws IOException {
    return certificate.evidence().clockOffsetMillis() == null
        && ClockJournal.offsetMillis(vault, certificate.day().day()) != null;
  }

  /** Whether the quarantine changed since the day was certified. */
  private boolean isMoreSetAside(DayFile day) throws IOException {
    FileTime read = setAside.get(day);
    FileTime known = read == null ? Files.getLastModifiedTime(files.file(day)) : read;
    return SetAsideTrades.changed(vault, day).compareTo(known) > 0;
  }

  private Certificate keep(
      DayFile day,
      DayFacts facts,
      List<OfficialComparison> compared,
      Map<Long, String> beginnings,
      long setAside)
      throws IOException {
    // A comparison with a file that was rewritten since says nothing about this one.
    List<OfficialComparison> official =
        compared.stream().filter(one -> one.sha256().equals(beginnings.get(one.bytes()))).toList();
    Neighbours.Beside beside = neighbours.of(day, facts, official);
    DayJournals journals = DayJournals.read(vault, day, about(facts, beside));
    List<Evidence.Source> sources = journals.sources(held(facts));
    boolean pushed = sources.stream().anyMatch(source -> source.source().equals("push"));
    Evidence evidence =
        new Evidence(
            beside.previousId(),
            beside.nextId(),
            Map.of(),
            sources,
            pushed ? (facts.isAggregated() ? "trades" : "trades-all") : null,
            ClockJournal.offsetMillis(vault, day.day()),
            setAside,
            official);
    List<IdRange> missing =
        new Certificate(day, facts, evidence)
            .missing().stream().map(Certificate.Missing::ids).toList();
    Certificate certificate =
        new Certificate(day, facts, evidence.with(journals.reasons(missing, official)));
    files.write(certificate);
    return certificate;
  }

  private static IdRanges about(DayFacts facts, Neighbours.Beside beside) {
    IdRanges about = new IdRanges();
    if (facts.firstId() >= 0) {
      long from = beside.previousId() < 0 ? facts.firstId() : beside.previousId();
      about.add(Math.min(from, facts.firstId()), Math.max(beside.nextId(), facts.lastId()));
    }
    return about;
  }

  private static IdRanges held(DayFacts facts) {
    IdRanges held = new IdRanges();
    if (facts.firstId() >= 0) {
      held.add(facts.firstId(), facts.lastId());
    }
    facts.missing().forEach(ids -> held.remove(ids.from(), ids.to()));
    return held;
  }

  /**
   * Recomputes a certificate from the raw file alone, and compares it with what stands there.
   *
   * @return what does not hold; null when all does
   */
  public String check(DayFile day) throws IOException {
    Path file = files.file(day);
    if (!Files.exists(file)) {
      return "there is no certificate; ./tapelake certify writes it";
    }
    if (new RawDay(vault, day).form() == RawDay.Form.NONE) {
      return "its raw file " + day.rawPath() + " is gone";
    }
    byte[] there = Files.readAllBytes(file);
    Certificate claimed;
    try {
      claimed = CertificateJson.read(there, day);
    } catch (IOException e) {
      return e.getMessage();
    }
    DayFacts facts = new DayScan(vault, day, trade -> {}).read(Set.of());
    String right = CertificateJson.write(new Certificate(day, facts, claimed.evidence()));
    return Arrays.equals(there, right.getBytes(StandardCharsets.UTF_8))
        ? null
        : CertificateJson.difference(there, right);
  }
}
