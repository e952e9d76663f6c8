package io.tapelake.collector.history;

import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.cover.IdRanges;
import io.tapelake.collector.write.DayContent;
import io.tapelake.collector.write.RawDay;
import io.tapelake.collector.write.RawFolder;
import io.tapelake.collector.write.VaultFiles;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes what is proven of a day, and checks what was written. The same vault gives the same bytes;
 * a certificate is only ever replaced as a whole. Not thread-safe; several processes may certify
 * the same day.
 */
public final class DayCertifier {

  private final Path vault;

  public DayCertifier(Path vault) {
    this.vault = vault;
  }

  /** Whether a UTC day is over. */
  public static boolean isOver(DayFile day, Instant now) {
    return !now.isBefore(day.day().plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC));
  }

  /** Reads a day's raw file and writes its certificate; null when there is no raw file. */
  public Certificate certify(DayFile day) throws IOException {
    return new RawDay(vault, day).form() == RawDay.Form.NONE
        ? null
        : certify(day, new DayScan(vault, day));
  }

  /** The same, with what is to read the file. */
  private Certificate certify(DayFile day, DayScan scan) throws IOException {
    List<OfficialComparison> official = OfficialJournal.read(vault, day);
    DayFacts facts = scan.read(lengths(official));
    return keep(day, facts, official, scan.beginnings());
  }

  /**
   * Compares a day with an official file that was merged into it, remembers the outcome, and writes
   * the day's certificate. Where the raw file has aggregates, there is nothing to compare.
   *
   * @return the comparison, or null
   */
  OfficialComparison certify(
      DayFile day, OfficialPart part, long previousId, long nextId, Instant now)
      throws IOException, BadFileException {
    DayScan scan = new DayScan(vault, day, part::addRaw);
    List<OfficialComparison> official = OfficialJournal.read(vault, day);
    DayFacts facts = scan.read(lengths(official));
    Map<Long, String> beginnings = new HashMap<>(scan.beginnings());
    OfficialComparison comparison = null;
    if (!facts.isAggregated()) {
      comparison = part.compare(vault, facts, previousId, nextId);
      OfficialJournal.record(vault, day, comparison, now);
      official = OfficialJournal.read(vault, day);
      beginnings.put(facts.bytes(), facts.sha256());
    }
    keep(day, facts, official, beginnings);
    return comparison;
  }

  private static Set<Long> lengths(List<OfficialComparison> official) {
    return official.stream().map(OfficialComparison::bytes).collect(Collectors.toSet());
  }

  /** Brings the certificates of the days beside a day that changed up to date. */
  void refreshBeside(DayFile day) throws IOException {
    NavigableSet<LocalDate> days = RawFolder.days(vault, day.instrument());
    for (LocalDate beside : Arrays.asList(days.lower(day.day()), days.higher(day.day()))) {
      if (beside != null && Files.exists(file(new DayFile(day.instrument(), beside)))) {
        refresh(new DayFile(day.instrument(), beside));
      }
    }
  }

  /**
   * Brings a day's certificate up to date: reads the raw file where it changed, and otherwise only
   * looks at what else is known, as long as the day is not complete.
   */
  void refresh(DayFile day) throws IOException {
    RawDay raw = new RawDay(vault, day);
    Certificate certificate = read(day);
    if (certificate == null || certificate.facts().bytes() != raw.length()) {
      certify(day);
    } else if (!certificate.isComplete()) {
      Map<Long, String> beginnings = new HashMap<>();
      beginnings.put(certificate.facts().bytes(), certificate.facts().sha256());
      certificate.evidence().official().forEach(one -> beginnings.put(one.bytes(), one.sha256()));
      keep(day, certificate.facts(), OfficialJournal.read(vault, day), beginnings);
    }
  }

  private Certificate keep(
      DayFile day, DayFacts facts, List<OfficialComparison> compared, Map<Long, String> beginnings)
      throws IOException {
    // A comparison with a file that was rewritten since says nothing about this one.
    List<OfficialComparison> official =
        compared.stream().filter(one -> one.sha256().equals(beginnings.get(one.bytes()))).toList();
    long previous = previousId(day, facts, official);
    long next = nextId(day, facts, official);
    DayJournals journals = DayJournals.read(vault, day);
    IdRanges held = new IdRanges();
    if (facts.firstId() >= 0) {
      held.add(facts.firstId(), facts.lastId());
    }
    facts.missing().forEach(ids -> held.remove(ids.from(), ids.to()));
    List<Evidence.Source> sources = journals.sources(held);
    boolean pushed = sources.stream().anyMatch(source -> source.source().equals("push"));
    Evidence ends = new Evidence(previous, next, Map.of(), List.of(), null, null, List.of());
    List<IdRange> missing = new ArrayList<>();
    new Certificate(day, facts, ends).missing().forEach(one -> missing.add(one.ids()));
    Certificate certificate =
        new Certificate(
            day,
            facts,
            new Evidence(
                previous,
                next,
                journals.reasons(missing, official),
                sources,
                pushed ? (facts.isAggregated() ? "trades" : "trades-all") : null,
                ClockJournal.offsetMillis(vault, day.day()),
                official));
    write(certificate);
    return certificate;
  }

  private void write(Certificate certificate) throws IOException {
    Path file = file(certificate.day());
    String content = CertificateJson.write(certificate);
    byte[] before = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    if (!Arrays.equals(before, content.getBytes(StandardCharsets.UTF_8))) {
      VaultFiles.replace(file, content);
    }
  }

  /** The highest id below the day's first that is known from before the day; -1 without any. */
  private long previousId(DayFile day, DayFacts facts, List<OfficialComparison> official)
      throws IOException {
    long previous = -1;
    NavigableSet<LocalDate> days = RawFolder.days(vault, day.instrument());
    LocalDate before = days.lower(day.day());
    while (before != null && previous < 0) {
      previous = ids(new DayFile(day.instrument(), before)).highest();
      before = days.lower(before);
    }
    previous = previous < facts.firstId() ? previous : -1;
    for (OfficialComparison one : official) {
      if (one.beginsWith(day) && one.previousId() < facts.firstId()) {
        previous = Math.max(previous, one.previousId());
      }
    }
    return previous;
  }

  /** The lowest id above the day's last that is known from after the day; -1 without any. */
  private long nextId(DayFile day, DayFacts facts, List<OfficialComparison> official)
      throws IOException {
    long next = -1;
    NavigableSet<LocalDate> days = RawFolder.days(vault, day.instrument());
    LocalDate after = days.higher(day.day());
    while (after != null && next < 0) {
      next = ids(new DayFile(day.instrument(), after)).lowest();
      after = days.higher(after);
    }
    next = next > facts.lastId() ? next : -1;
    for (OfficialComparison one : official) {
      if (one.endsWith(day) && one.nextId() > facts.lastId()) {
        next = next < 0 ? one.nextId() : Math.min(next, one.nextId());
      }
    }
    return next;
  }

  /** The first and the last id of a day, by its certificate where the raw file did not change. */
  private IdRanges ids(DayFile day) throws IOException {
    Certificate certificate = read(day);
    if (certificate == null || certificate.facts().bytes() != new RawDay(vault, day).length()) {
      return DayContent.read(vault, day).ids();
    }
    IdRanges ends = new IdRanges();
    DayFacts facts = certificate.facts();
    if (facts.firstId() >= 0) {
      ends.add(facts.firstId(), facts.firstId());
      ends.add(facts.lastId(), facts.lastId());
    }
    return ends;
  }

  /** The days of an instrument that have a certificate. */
  public NavigableSet<LocalDate> days(String instrument) throws IOException {
    NavigableSet<LocalDate> days = new TreeSet<>();
    Path folder = vault.resolve(VaultLayout.CERTIFICATES).resolve(instrument);
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.endsWith(".json"))
            .map(name -> DayFile.dayOf(name + "l"))
            .filter(day -> day != null)
            .forEach(days::add);
      }
    }
    return days;
  }

  private Path file(DayFile day) {
    return vault.resolve(VaultLayout.certificate(day));
  }

  /** The certificate as it stands there; null when there is none that can be read. */
  public Certificate read(DayFile day) throws IOException {
    Path file = file(day);
    if (!Files.exists(file)) {
      return null;
    }
    try {
      return CertificateJson.read(Files.readAllBytes(file), day);
    } catch (IOException e) {
      return null;
    }
  }

  /** What a day's certificate says in a word or two, see {@link DayCoverage#certified}. */
  String state(DayFile day) throws IOException {
    Certificate certificate = read(day);
    if (certificate == null) {
      return "-";
    }
    RawDay raw = new RawDay(vault, day);
    boolean current = raw.form() != RawDay.Form.NONE && raw.length() == certificate.facts().bytes();
    return current ? (certificate.isComplete() ? "complete" : "not complete") : "out of date";
  }

  /**
   * Recomputes a certificate from the raw file alone, and compares it with what stands there.
   *
   * @return what does not hold; null when all does
   */
  public String check(DayFile day) throws IOException {
    Path file = file(day);
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
    DayFacts facts = new DayScan(vault, day).read();
    String right = CertificateJson.write(new Certificate(day, facts, claimed.evidence()));
    return Arrays.equals(there, right.getBytes(StandardCharsets.UTF_8))
        ? null
        : CertificateJson.difference(there, right);
  }
}
