package io.tapelake.jobs.run;

import io.tapelake.jobs.plan.DayRange;
import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.plan.FileWork;
import io.tapelake.jobs.plan.FoundFile;
import io.tapelake.jobs.plan.FoundFile.ConsumedPart;
import io.tapelake.jobs.plan.InstrumentCursor;
import io.tapelake.jobs.published.SeenFiles;
import io.tapelake.jobs.published.SeenFiles.Seen;
import io.tapelake.jobs.read.Crc32cs;
import io.tapelake.jobs.read.RawBytes;
import io.tapelake.jobs.read.SliceRead;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.ArchivedDay;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.FirstBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * Lists the raw files and looks whether what was consumed of them is still the same.
 *
 * <p>Looking has to be cheap for a year of files, so it goes by what the file system tells first: a
 * file whose length and time of modification are those of the run before is the same. One of today
 * or yesterday that grew is compared at the edges of its consumed part. Others are compared as a
 * whole: once when their day has been closed for a day, and whenever they were touched.
 *
 * <p>A file that cannot be read is left alone, and named.
 */
public final class RawFileFinder {

  /** Days that are over for so long are settled: what was consumed of them is compared once. */
  private static final Duration SETTLING = Duration.ofDays(1);

  private final VaultStore store;
  private final LocalDate firstUnsettled;
  private final SortedMap<DayFile, String> failures = new TreeMap<>();
  private final Set<String> unlisted = new TreeSet<>();
  private final SeenFiles seen;
  private final Map<String, Seen> found = new TreeMap<>();

  /**
   * A finder as of an instant.
   *
   * @param seen as the run before has left them
   * @param now the clock's, by which days are over
   */
  public RawFileFinder(VaultStore store, SeenFiles seen, Instant now) {
    this.store = store;
    this.seen = seen;
    firstUnsettled = LocalDate.ofInstant(now.minus(SETTLING), ZoneOffset.UTC);
  }

  /** What was found but cannot be read, with what to tell a person of it. */
  public SortedMap<DayFile, String> failures() {
    return failures;
  }

  /** The same of some days: what a person is told of them. */
  public List<String> failures(DayRange days) {
    return failures.entrySet().stream()
        .filter(
            each ->
                days.contains(each.getKey().day()) || unlisted.contains(each.getKey().instrument()))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** Instruments whose folder cannot be listed. */
  public Set<String> unlisted() {
    return unlisted;
  }

  /** Names of all instruments that have a folder of raw files. */
  Collection<String> instruments() throws IOException {
    TreeSet<String> names = new TreeSet<>();
    for (VaultStore.Entry entry : store.list(DayFile.RAW_ROOT)) {
      if ((entry.isFolder() || entry.isUnknown()) && DayFile.isInstrument(entry.name())) {
        names.add(entry.name());
      }
    }
    return names;
  }

  /** The raw files of some instruments. */
  public List<FoundFile> find(Collection<String> instruments, Map<String, InstrumentCursor> cursors)
      throws IOException {
    List<FoundFile> found = new ArrayList<>();
    for (String instrument : instruments) {
      InstrumentCursor cursor = cursors.get(instrument);
      for (Map.Entry<LocalDate, VaultStore.Entry> each : dayFiles(instrument).entrySet()) {
        FileCursor previous = cursor == null ? null : cursor.files().get(each.getKey());
        found.add(find(new DayFile(instrument, each.getKey()), each.getValue(), previous));
      }
    }
    return found;
  }

  private FoundFile find(DayFile file, VaultStore.Entry entry, FileCursor previous) {
    String path = DayFile.RAW_ROOT + "/" + file.instrument() + "/" + entry.name();
    FoundFile found = failures.containsKey(file) ? failed(file, path, entry) : null;
    try {
      found = found == null ? look(file, path, entry, previous) : found;
      if (hasLostQuarantine(found, previous)) {
        found = found.with(ConsumedPart.QUARANTINE_GONE);
      }
    } catch (IOException e) {
      failures.put(file, SliceRead.unreadableMessage(path, SliceRead.reason(e)));
      found = failed(file, path, entry);
    }
    if (found.consumedPart() == ConsumedPart.GREW || found.consumedPart() == ConsumedPart.FAILED) {
      this.found.put(path, null);
    } else {
      long plain = DayFile.isArchived(path) ? found.length() : 0;
      // Whatever is read of a settled day in this run is read as a whole.
      this.found.put(path, new Seen(entry.length(), entry.modified(), plain, isSettled(file)));
    }
    return found;
  }

  /** Asked where lines may come to it: of all other days {@code verify} tells. */
  private boolean hasLostQuarantine(FoundFile found, FileCursor previous) throws IOException {
    return previous != null
        && previous.quarantineBytes() > 0
        && (found.consumedPart() == ConsumedPart.SAME || found.consumedPart() == ConsumedPart.GREW)
        && (found.hasGrown(previous.bytes()) || !isSettled(found.file()))
        && store.length(found.file().quarantinePath()) < previous.quarantineBytes();
  }

  private static FoundFile failed(DayFile file, String path, VaultStore.Entry entry) {
    return new FoundFile(file, path, entry.length(), entry.modified(), ConsumedPart.FAILED);
  }

  private boolean isSettled(DayFile file) {
    return file.day().isBefore(firstUnsettled);
  }

  /**
   * Notes what was found, but for what this run has not read, once everything else has been worked
   * through.
   */
  void remember(Collection<FileWork> unread) {
    found.forEach(
        (path, each) -> {
          if (each == null) {
            seen.remove(path);
          } else {
            seen.put(path, each);
          }
        });
    unread.forEach(each -> seen.remove(each.path()));
  }

  private Map<LocalDate, VaultStore.Entry> dayFiles(String instrument) {
    Map<LocalDate, VaultStore.Entry> files = new TreeMap<>();
    List<VaultStore.Entry> entries = List.of();
    String folder = DayFile.RAW_ROOT + "/" + instrument;
    try {
      entries = store.list(folder);
    } catch (IOException e) {
      unlisted.add(instrument);
      failures.put(
          new DayFile(instrument, LocalDate.EPOCH),
          SliceRead.unreadableMessage(folder, SliceRead.reason(e)));
    }
    for (VaultStore.Entry entry : entries) {
      LocalDate day = entry.isFolder() ? null : DayFile.dayOf(entry.name());
      if (day == null) {
        continue;
      }
      VaultStore.Entry other = files.putIfAbsent(day, entry);
      if (other != null) {
        checkSameContent(new DayFile(instrument, day), other, entry);
      }
    }
    return files;
  }

  /** A day may lie there twice for a moment, plain and compressed; never with different content. */
  private void checkSameContent(DayFile file, VaultStore.Entry plain, VaultStore.Entry archived) {
    String folder = DayFile.RAW_ROOT + "/" + file.instrument() + "/";
    CRC32C one = new CRC32C();
    CRC32C other = new CRC32C();
    String failure = null;
    try {
      long length = sum(store, folder + plain.name(), 0, Long.MAX_VALUE, one);
      long archivedLength = sum(store, folder + archived.name(), 0, Long.MAX_VALUE, other);
      if (length != archivedLength || one.getValue() != other.getValue()) {
        failure = "they hold different trades of the same day";
      }
    } catch (IOException e) {
      failure = "one of them cannot be read (" + SliceRead.reason(e) + ")";
    }
    if (failure != null) {
      failures.put(
          file,
          "%s%s and %s are left alone: %s; remove the wrong one"
              .formatted(folder, plain.name(), archived.name(), failure));
    }
  }

  private FoundFile look(DayFile file, String path, VaultStore.Entry entry, FileCursor previous)
      throws IOException {
    if (entry.isUnknown()) {
      store.open(path, 0).close();
      throw new IOException("its length cannot be told");
    }
    if (!DayFile.isArchived(path)) {
      ConsumedPart part = lookAtPlain(path, entry, previous, isSettled(file));
      return new FoundFile(file, path, entry.length(), entry.modified(), part);
    }
    Seen before = seen.before(path);
    boolean isKnown = before != null && before.isOf(entry) && before.plain() > 0;
    List<ArchivedDay.Member> members =
        isKnown ? null : ArchivedDay.members(at -> store.open(path, at));
    long length =
        isKnown
            ? before.plain()
            : members == null ? FoundFile.UNKNOWN : members.get(members.size() - 1).plainTo();
    ConsumedPart part = ConsumedPart.NEVER_READ;
    if (previous != null) {
      part =
          length < previous.bytes()
              ? ConsumedPart.SHRANK
              : isKnown ? ConsumedPart.SAME : lookAtArchive(path, members, previous);
    }
    return new FoundFile(file, path, length, entry.length(), entry.modified(), part);
  }

  private ConsumedPart lookAtPlain(
      String path, VaultStore.Entry entry, FileCursor previous, boolean isSettled)
      throws IOException {
    if (previous == null) {
      return ConsumedPart.NEVER_READ;
    }
    if (entry.length() < previous.bytes()) {
      return ConsumedPart.SHRANK;
    }
    Seen before = seen.before(path);
    if (before != null && before.isOf(entry) && (before.settled() || !isSettled)) {
      return ConsumedPart.SAME;
    }
    if (isSettled || (before != null && before.length() == entry.length())) {
      return compare(path, previous);
    }
    return plainBytes(store, path).edges(previous.bytes()) == previous.edges()
        ? ConsumedPart.SAME
        : ConsumedPart.CHANGED;
  }

  private ConsumedPart lookAtArchive(
      String path, List<ArchivedDay.Member> members, FileCursor previous) throws IOException {
    // One that was touched since it was looked at is not taken at its word.
    Integer checksum =
        members == null || seen.before(path) != null ? null : checksum(members, previous.bytes());
    if (checksum == null) {
      ConsumedPart part = compare(path, previous);
      return members != null && part == ConsumedPart.GREW ? ConsumedPart.SAME : part;
    }
    return checksum == previous.checksum() ? ConsumedPart.SAME : ConsumedPart.CHANGED;
  }

  /**
   * CRC-32C of an archive's first plain bytes, as its members say it: what was written of them was
   * compared byte for byte. Null when those bytes end inside of a member.
   */
  private static Integer checksum(List<ArchivedDay.Member> members, long bytes) {
    int checksum = 0;
    long end = 0;
    for (ArchivedDay.Member member : members) {
      if (end == bytes) {
        break;
      }
      checksum = Crc32cs.combine(checksum, member.header().crc32c(), member.header().plainLength());
      end = member.plainTo();
    }
    return end == bytes ? checksum : null;
  }

  /** Reads all of the consumed part, and looks whether there is more. */
  private ConsumedPart compare(String path, FileCursor previous) throws IOException {
    CRC32C crc = new CRC32C();
    try (InputStream in = plainBytes(store, path).open(0)) {
      long summed = sum(in, previous.bytes(), crc);
      if (summed != previous.bytes() || (int) crc.getValue() != previous.checksum()) {
        return ConsumedPart.CHANGED;
      }
      return DayFile.isArchived(path) && in.read() >= 0 ? ConsumedPart.GREW : ConsumedPart.SAME;
    }
  }

  /** Sums up to {@code length} plain bytes from an offset; how many there were. */
  private static long sum(VaultStore store, String path, long offset, long length, CRC32C crc)
      throws IOException {
    try (InputStream in = plainBytes(store, path).open(offset)) {
      return sum(in, length, crc);
    }
  }

  private static long sum(InputStream in, long length, CRC32C crc) throws IOException {
    return new FirstBytes(in, length)
        .transferTo(new CheckedOutputStream(OutputStream.nullOutputStream(), crc));
  }

  static RawBytes plainBytes(VaultStore store, String path) {
    return offset -> {
      // Between listing and reading, a day may be archived.
      String there = store.exists(path) ? path : DayFile.otherForm(path);
      return DayFile.isArchived(there)
          ? ArchivedDay.open(at -> store.open(there, at), offset)
          : store.open(there, offset);
    };
  }
}
