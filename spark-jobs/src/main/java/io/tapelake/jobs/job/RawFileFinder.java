package io.tapelake.jobs.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.plan.FoundFile;
import io.tapelake.jobs.plan.FoundFile.ConsumedPart;
import io.tapelake.jobs.plan.InstrumentCursor;
import io.tapelake.jobs.read.Crc32cs;
import io.tapelake.jobs.read.RawBytes;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.ArchivedDay;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * Lists the raw files and looks whether what was consumed of them is still the same.
 *
 * <p>Looking has to be cheap for a year of files, so it goes by what the file system tells first: a
 * file whose length and time of modification are those of the run before is the same. One that grew
 * is compared at the edges of its consumed part, one that was touched but did not grow as a whole.
 */
final class RawFileFinder {

  /** Lengths and times as they were found last. A hint only: without it edges are compared. */
  private static final String SEEN = VaultLayout.JOB_STATE + "/raw-files.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final VaultStore store;
  private final Map<String, Seen> seen = new HashMap<>();
  private Map<String, Seen> seenNow = new TreeMap<>();

  /**
   * @param plain the length of an archive's plain bytes; 0 for other files
   */
  private record Seen(long length, long modified, long plain) {

    boolean isOf(VaultStore.Entry entry) {
      return length == entry.length() && modified == entry.modified();
    }
  }

  RawFileFinder(VaultStore store) {
    this.store = store;
  }

  /** Names of all instruments that have a folder of raw files. */
  Collection<String> instruments() throws IOException {
    TreeSet<String> names = new TreeSet<>();
    for (VaultStore.Entry entry : store.list(DayFile.RAW_ROOT)) {
      if (entry.isFolder() && DayFile.isInstrument(entry.name())) {
        names.add(entry.name());
      }
    }
    return names;
  }

  /** The raw files of some instruments. */
  List<FoundFile> find(Collection<String> instruments, Map<String, InstrumentCursor> cursors)
      throws IOException {
    readSeen();
    List<FoundFile> found = new ArrayList<>();
    for (String instrument : instruments) {
      InstrumentCursor cursor = cursors.get(instrument);
      for (Map.Entry<LocalDate, VaultStore.Entry> each : dayFiles(instrument).entrySet()) {
        DayFile file = new DayFile(instrument, each.getKey());
        VaultStore.Entry entry = each.getValue();
        String path = DayFile.RAW_ROOT + "/" + instrument + "/" + entry.name();
        FileCursor previous = cursor == null ? null : cursor.files().get(each.getKey());
        FoundFile one = look(file, path, entry, previous);
        found.add(one);
        if (one.consumedPart() == ConsumedPart.GREW) {
          seenNow.remove(path);
        } else {
          long plain = DayFile.isArchived(path) ? one.length() : 0;
          seenNow.put(path, new Seen(entry.length(), entry.modified(), plain));
        }
      }
    }
    return found;
  }

  /** Remembers what was found, once everything that was found has been worked through. */
  void remember() throws IOException {
    if (seenNow.equals(seen)) {
      return;
    }
    ObjectNode node = JSON.createObjectNode();
    seenNow.forEach(
        (path, each) -> {
          ArrayNode values = node.putArray(path).add(each.length()).add(each.modified());
          if (each.plain() > 0) {
            values.add(each.plain());
          }
        });
    store.replace(SEEN, out -> out.write(JSON.writeValueAsBytes(node)));
  }

  /** CRC-32C of the first and the last bytes of a file's consumed part. */
  int edges(String path, long consumed) throws IOException {
    CRC32C crc = new CRC32C();
    long edge = Math.min(FileCursor.EDGE_BYTES, consumed);
    sum(path, 0, edge, crc);
    sum(path, consumed - edge, edge, crc);
    return (int) crc.getValue();
  }

  private Map<LocalDate, VaultStore.Entry> dayFiles(String instrument) throws IOException {
    Map<LocalDate, VaultStore.Entry> files = new TreeMap<>();
    for (VaultStore.Entry entry : store.list(DayFile.RAW_ROOT + "/" + instrument)) {
      LocalDate day = entry.isFolder() ? null : DayFile.dayOf(entry.name());
      if (day == null) {
        continue;
      }
      VaultStore.Entry other = files.putIfAbsent(day, entry);
      if (other != null) {
        checkSameContent(instrument, other, entry);
      }
    }
    return files;
  }

  /** A day may lie there twice for a moment, plain and compressed; never with different content. */
  private void checkSameContent(
      String instrument, VaultStore.Entry plain, VaultStore.Entry archived) throws IOException {
    String folder = DayFile.RAW_ROOT + "/" + instrument + "/";
    CRC32C one = new CRC32C();
    CRC32C other = new CRC32C();
    long length = sum(folder + plain.name(), 0, Long.MAX_VALUE, one);
    long archivedLength = sum(folder + archived.name(), 0, Long.MAX_VALUE, other);
    if (length != archivedLength || one.getValue() != other.getValue()) {
      throw JobException.needsPerson(
          "%s%s and %s hold different trades of the same day; remove the wrong one"
              .formatted(folder, plain.name(), archived.name()));
    }
  }

  private FoundFile look(DayFile file, String path, VaultStore.Entry entry, FileCursor previous)
      throws IOException {
    if (!DayFile.isArchived(path)) {
      ConsumedPart part = lookAtPlain(path, entry, previous);
      return new FoundFile(file, path, entry.length(), entry.modified(), part);
    }
    Seen before = seen.get(path);
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
    return new FoundFile(file, path, length, entry.modified(), part);
  }

  private ConsumedPart lookAtPlain(String path, VaultStore.Entry entry, FileCursor previous)
      throws IOException {
    if (previous == null) {
      return ConsumedPart.NEVER_READ;
    }
    if (entry.length() < previous.bytes()) {
      return ConsumedPart.SHRANK;
    }
    Seen before = seen.get(path);
    if (before != null && before.isOf(entry)) {
      return ConsumedPart.SAME;
    }
    if (before != null && before.length() == entry.length()) {
      return compare(path, previous);
    }
    return edges(path, previous.bytes()) == previous.edges()
        ? ConsumedPart.SAME
        : ConsumedPart.CHANGED;
  }

  private ConsumedPart lookAtArchive(
      String path, List<ArchivedDay.Member> members, FileCursor previous) throws IOException {
    Integer checksum = members == null ? null : checksum(members, previous.bytes());
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
    try (InputStream in = plainBytes(path).open(0)) {
      long summed = sum(in, previous.bytes(), crc);
      if (summed != previous.bytes() || (int) crc.getValue() != previous.checksum()) {
        return ConsumedPart.CHANGED;
      }
      return DayFile.isArchived(path) && in.read() >= 0 ? ConsumedPart.GREW : ConsumedPart.SAME;
    }
  }

  /** Sums up to {@code length} plain bytes from an offset; how many there were. */
  private long sum(String path, long offset, long length, CRC32C crc) throws IOException {
    try (InputStream in = plainBytes(path).open(offset)) {
      return sum(in, length, crc);
    }
  }

  private static long sum(InputStream in, long length, CRC32C crc) throws IOException {
    byte[] chunk = new byte[1 << 16];
    long summed = 0;
    while (summed < length) {
      int count = in.read(chunk, 0, (int) Math.min(chunk.length, length - summed));
      if (count < 0) {
        break;
      }
      crc.update(chunk, 0, count);
      summed += count;
    }
    return summed;
  }

  private RawBytes plainBytes(String path) {
    return offset -> {
      // Between listing and reading, a day may be archived.
      String there = store.exists(path) ? path : DayFile.otherForm(path);
      return DayFile.isArchived(there)
          ? ArchivedDay.open(at -> store.open(there, at), offset)
          : store.open(there, offset);
    };
  }

  private void readSeen() throws IOException {
    seen.clear();
    if (!store.exists(SEEN)) {
      return;
    }
    JsonNode node = JSON.readTree(store.read(SEEN));
    node.properties()
        .forEach(
            each ->
                seen.put(
                    each.getKey(),
                    new Seen(
                        each.getValue().path(0).asLong(),
                        each.getValue().path(1).asLong(),
                        each.getValue().path(2).asLong())));
    seenNow = new TreeMap<>(seen);
  }
}
