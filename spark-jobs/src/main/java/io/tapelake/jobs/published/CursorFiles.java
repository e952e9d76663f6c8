package io.tapelake.jobs.published;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.plan.InstrumentCursor;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.VaultLayout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The job's cursors, one file an instrument. */
public final class CursorFiles {

  public static final String FOLDER = VaultLayout.JOB_STATE + "/okx/perps";
  private static final String ENDING = ".state.json";

  private final VaultStore store;

  public CursorFiles(VaultStore store) {
    this.store = store;
  }

  public static boolean isCursor(String path) {
    return path.startsWith(FOLDER + "/") && path.endsWith(ENDING);
  }

  /** The instruments that have a cursor, readable or not. */
  public Set<String> instruments() throws IOException {
    Set<String> instruments = new TreeSet<>();
    for (VaultStore.Entry entry : store.list(FOLDER)) {
      String instrument = instrument(entry.name());
      if (instrument != null) {
        instruments.add(instrument);
      }
    }
    return instruments;
  }

  static String instrument(String name) {
    if (!name.endsWith(ENDING)) {
      return null;
    }
    String instrument = name.substring(0, name.length() - ENDING.length());
    return DayFile.isInstrument(instrument) ? instrument : null;
  }

  /**
   * The cursors that count, by instrument.
   *
   * @param except instruments whose cursors nobody needs
   * @throws DamagedException when some of them are not what was published, naming all files
   */
  public Map<String, InstrumentCursor> readAll(Published published, Set<String> except)
      throws IOException {
    Map<String, InstrumentCursor> cursors = new TreeMap<>();
    Set<String> needed = published.instruments();
    needed.removeAll(except);
    SortedMap<String, DamagedException> damages = read(needed, published, cursors);
    if (damages.isEmpty()) {
      return cursors;
    }
    // Also those that nobody needs now: made anew alone, each would be refused for the others.
    damages.putAll(read(published.instruments(), published, new TreeMap<>()));
    if (damages.size() == 1) {
      throw damages.get(damages.firstKey());
    }
    throw new DamagedException(
        "%s are not what the last run left; './tapelake backfill --instruments %s'"
                .formatted(
                    String.join(", ", damages.keySet().stream().map(VaultLayout::cursor).toList()),
                    String.join(",", damages.keySet()))
            + " makes their instruments anew, then 'run' goes on",
        null);
  }

  private SortedMap<String, DamagedException> read(
      Set<String> instruments, Published published, Map<String, InstrumentCursor> into)
      throws IOException {
    SortedMap<String, DamagedException> damages = new TreeMap<>();
    for (String instrument : instruments) {
      try {
        into.put(instrument, read(instrument, published));
      } catch (DamagedException e) {
        damages.put(instrument, e);
      }
    }
    return damages;
  }

  /**
   * The cursor of an instrument, which has one that counts.
   *
   * @throws DamagedException when it is not what was published, naming its file
   */
  public InstrumentCursor read(String instrument, Published published) throws IOException {
    String path = VaultLayout.cursor(instrument);
    Published.FileState state = published.files().get(path);
    byte[] bytes = store.exists(path) ? store.read(path) : new byte[0];
    if (bytes.length != state.bytes() || Published.checksum(bytes) != state.checksum()) {
      throw new DamagedException(
          "%s is not what the last run left (%d bytes, not %d, or others); './tapelake backfill"
                  .formatted(path, bytes.length, state.bytes())
              + " --instruments %s' makes its instrument anew, then 'run' goes on"
                  .formatted(instrument),
          null);
    }
    return CursorJson.decode(bytes, published.asOf(instrument));
  }

  /** Writes cursors. */
  public void writeAll(Collection<InstrumentCursor> cursors) throws IOException {
    for (InstrumentCursor cursor : cursors) {
      store.replace(
          VaultLayout.cursor(cursor.instrument()), out -> out.write(CursorJson.encode(cursor)));
    }
  }

  public void delete(String instrument) throws IOException {
    store.delete(VaultLayout.cursor(instrument));
  }

  /**
   * Adds to notes what a block of a backfill has read: cursors of the block's files alone.
   *
   * @param length the notes' length before
   * @return their length after
   */
  public static long note(
      VaultStore vault, String path, long length, Collection<InstrumentCursor> read)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (InstrumentCursor cursor : read) {
      bytes.writeBytes(CursorJson.encode(cursor));
    }
    vault.append(path, length, bytes.toByteArray());
    return length + bytes.size();
  }

  /** The cursors that notes come to. */
  public static Map<String, InstrumentCursor> noted(VaultStore vault, String path, Instant asOf)
      throws IOException {
    Map<String, InstrumentCursor> cursors = new TreeMap<>();
    if (!vault.exists(path)) {
      return cursors;
    }
    try (InputStream in = vault.open(path, 0);
        MappingIterator<JsonNode> notes =
            new ObjectMapper().readerFor(JsonNode.class).readValues(in)) {
      while (notes.hasNextValue()) {
        InstrumentCursor more = CursorJson.decode(notes.nextValue(), asOf);
        InstrumentCursor before = cursors.get(more.instrument());
        SortedMap<LocalDate, FileCursor> files =
            new TreeMap<>(before == null ? Map.of() : before.files());
        files.putAll(more.files());
        cursors.put(
            more.instrument(),
            new InstrumentCursor(more.instrument(), asOf, more.settings(), files, more.exports()));
      }
    }
    return cursors;
  }
}
