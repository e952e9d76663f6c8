package io.tapelake.jobs.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.plan.FoundFile;
import io.tapelake.jobs.plan.FoundFile.ConsumedPart;
import io.tapelake.jobs.plan.InstrumentCursor;
import io.tapelake.jobs.read.RawBytes;
import io.tapelake.jobs.store.VaultStore;
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
import java.util.zip.GZIPInputStream;

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

  private record Seen(long length, long modified) {}

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
        seenNow.put(path, new Seen(entry.length(), entry.modified()));
        found.add(
            new FoundFile(
                file, path, entry.length(), entry.modified(), look(path, entry, previous)));
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
    seenNow.forEach((path, each) -> node.putArray(path).add(each.length()).add(each.modified()));
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

  private ConsumedPart look(String path, VaultStore.Entry entry, FileCursor previous)
      throws IOException {
    if (previous == null) {
      return ConsumedPart.NEVER_READ;
    }
    boolean archived = DayFile.isArchived(entry.name());
    if (!archived && entry.length() < previous.bytes()) {
      return ConsumedPart.SHRANK;
    }
    Seen before = seen.get(path);
    boolean sameLength = before != null && before.length() == entry.length();
    if (sameLength && before.modified() == entry.modified()) {
      return ConsumedPart.SAME;
    }
    if (archived || sameLength) {
      CRC32C crc = new CRC32C();
      long summed = sum(path, 0, previous.bytes(), crc);
      return summed == previous.bytes() && (int) crc.getValue() == previous.checksum()
          ? ConsumedPart.SAME
          : ConsumedPart.CHANGED;
    }
    return edges(path, previous.bytes()) == previous.edges()
        ? ConsumedPart.SAME
        : ConsumedPart.CHANGED;
  }

  /** Sums up to {@code length} plain bytes from an offset; how many there were. */
  private long sum(String path, long offset, long length, CRC32C crc) throws IOException {
    byte[] chunk = new byte[1 << 16];
    long summed = 0;
    try (InputStream in = plainBytes(path).open(offset)) {
      while (summed < length) {
        int count = in.read(chunk, 0, (int) Math.min(chunk.length, length - summed));
        if (count < 0) {
          break;
        }
        crc.update(chunk, 0, count);
        summed += count;
      }
    }
    return summed;
  }

  private RawBytes plainBytes(String path) {
    if (!DayFile.isArchived(path)) {
      return offset -> store.open(path, offset);
    }
    return offset -> {
      InputStream plain = new GZIPInputStream(store.open(path, 0), 1 << 16);
      plain.skipNBytes(offset);
      return plain;
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
                    new Seen(each.getValue().path(0).asLong(), each.getValue().path(1).asLong())));
    seenNow = new TreeMap<>(seen);
  }
}
