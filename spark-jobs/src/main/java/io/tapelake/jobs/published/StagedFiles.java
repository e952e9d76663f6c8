package io.tapelake.jobs.published;

import io.tapelake.jobs.read.Crc32cs;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.FirstBytes;
import io.tapelake.vault.VaultLayout;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * The files of a run, which begin to count together. What is written through it between {@link
 * #begin} and {@link #adopt} lies in a folder of the run's own, {@code state/vwap/next/ID}, under
 * names that say where it goes: whole files, bytes that come behind others, and files that go. A
 * run that does not come to its end has changed nothing; when it counts, {@link #adopt} puts
 * everything in its place, which can be repeated.
 *
 * <p>Reading shows the vault as it is going to be. Lists show it as it is.
 */
public final class StagedFiles implements VaultStore {

  /** Folder of what does not count yet, or is not in its place yet. */
  public static final String FOLDER = VaultLayout.JOB_STATE + "/next";

  /** Stands for a slash of a path. */
  private static final char SLASH = '~';

  private static final char OFFSET = '@';
  private static final long GONE = -1;

  private final VaultStore vault;
  private final Map<String, Piece> pieces = new ConcurrentSkipListMap<>();
  private final Set<String> adopted = new TreeSet<>();
  private String id;
  private String folder;

  /**
   * What becomes of a file.
   *
   * @param offset 0 when it is replaced as a whole, {@link #GONE}, or where bytes are added
   * @param length of what was written
   * @param checksum CRC-32C of what was written
   */
  private record Piece(long offset, long length, int checksum) {

    long end() {
      return offset + length;
    }

    Piece with(byte[] bytes) {
      CRC32C more = new CRC32C();
      more.update(bytes);
      return new Piece(
          offset,
          length + bytes.length,
          Crc32cs.combine(checksum, (int) more.getValue(), bytes.length));
    }
  }

  public StagedFiles(VaultStore vault) {
    this.vault = vault;
  }

  /** The vault as it is. */
  public VaultStore vault() {
    return vault;
  }

  /** Begins a folder. */
  public void begin(String named) {
    pieces.clear();
    id = named;
    folder = FOLDER + "/" + named;
  }

  /** The name of the folder. */
  public String id() {
    return id;
  }

  /** The folders that there are. */
  public List<String> found() throws IOException {
    return vault.list(FOLDER).stream().filter(Entry::isFolder).map(Entry::name).toList();
  }

  /** Takes up a folder that another run has left. */
  public void takeUp(String id) throws IOException {
    begin(id);
    for (Entry entry : vault.list(folder)) {
      int at = entry.name().lastIndexOf(OFFSET);
      boolean isWhole = !entry.name().startsWith(".");
      if (at > 0 && isWhole) {
        String path = entry.name().substring(0, at).replace(SLASH, '/');
        long offset = Long.parseLong(entry.name().substring(at + 1));
        pieces.put(path, new Piece(offset, entry.length(), 0));
      }
    }
  }

  /** Works out the checksums of what was taken up. */
  public void sum() throws IOException {
    for (Map.Entry<String, Piece> each : pieces.entrySet()) {
      Piece piece = each.getValue();
      if (piece.offset() != GONE) {
        String path = staged(each.getKey(), piece.offset());
        int checksum = Published.checksum(vault, path, 0, piece.length());
        pieces.put(each.getKey(), new Piece(piece.offset(), piece.length(), checksum));
      }
    }
  }

  /** Takes up a folder that another run has left, under a name that only this one knows. */
  public void takeOver(String left, String id) throws IOException {
    vault.move(FOLDER + "/" + left, FOLDER + "/" + id);
    takeUp(id);
  }

  /** Forgets a folder. */
  public void discard(String discarded) throws IOException {
    vault.delete(FOLDER + "/" + discarded);
    if (discarded.equals(id)) {
      pieces.clear();
      folder = null;
    }
  }

  /** Brings what was taken up to the files that a checkpoint names. */
  public void cutTo(Map<String, Published.FileState> states) throws IOException {
    for (String path : List.copyOf(pieces.keySet())) {
      Published.FileState state = states.get(path);
      if (state != null) {
        truncate(path, state.bytes());
      } else if (Published.names(path) && pieces.get(path).offset() != GONE) {
        put(path, null);
      }
    }
  }

  /** Takes up a whole file that a task has written through a folder of this name. */
  public void written(String path, Published.FileState state) throws IOException {
    put(path, new Piece(0, state.bytes(), state.checksum()));
  }

  /** The files that a publication names, as they are going to be. */
  public Map<String, Published.FileState> states(Map<String, Published.FileState> before) {
    Map<String, Published.FileState> states = new TreeMap<>(before);
    pieces.forEach(
        (path, piece) -> {
          if (piece.offset() == GONE) {
            states.remove(path);
          } else if (Published.names(path)) {
            Published.FileState old = states.get(path);
            int checksum =
                piece.offset() == 0
                    ? piece.checksum()
                    : Crc32cs.combine(old.checksum(), piece.checksum(), piece.length());
            states.put(path, new Published.FileState(piece.end(), checksum));
          }
        });
    return states;
  }

  /** Whether anything was begun that is not in its place yet. */
  public boolean isBegun() {
    return folder != null;
  }

  /** A file of the folder that goes nowhere. */
  public String own(String name) {
    return folder + "/" + name;
  }

  /** Puts everything in its place. */
  public void adopt() throws IOException {
    for (Map.Entry<String, Piece> each : pieces.entrySet()) {
      String path = each.getKey();
      long offset = each.getValue().offset();
      if (offset == 0) {
        vault.move(staged(path, offset), path);
      } else if (offset == GONE) {
        vault.delete(path);
      } else {
        add(path, offset);
      }
      adopted.add(path);
    }
    pieces.clear();
    vault.delete(folder);
    folder = null;
  }

  private void add(String path, long offset) throws IOException {
    byte[] bytes = vault.read(staged(path, offset));
    long found = vault.length(path);
    if (found < offset) {
      // What comes before it was lost meanwhile: the next run notices, and makes the file anew.
      return;
    }
    int there = (int) Math.min(found - offset, bytes.length);
    if (there > 0 && !Arrays.equals(bytes(path, offset, there), Arrays.copyOf(bytes, there))) {
      if (!vault.exists(staged(path, offset))) {
        // A successor has put it in its place, and has gone on.
        return;
      }
      vault.truncate(path, offset);
      there = 0;
    }
    if (there < bytes.length) {
      vault.append(path, offset + there, Arrays.copyOfRange(bytes, there, bytes.length));
    }
  }

  private byte[] bytes(String path, long from, int count) throws IOException {
    try (InputStream in = vault.open(path, from)) {
      return in.readNBytes(count);
    }
  }

  /** The files that came into their places through this. */
  public Set<String> adopted() {
    return adopted;
  }

  @Override
  public List<Entry> list(String of) throws IOException {
    return vault.list(of);
  }

  @Override
  public List<String> names(String of) throws IOException {
    return vault.names(of);
  }

  @Override
  public boolean exists(String path) throws IOException {
    Piece piece = pieces.get(path);
    return piece == null ? vault.exists(path) : piece.offset() != GONE;
  }

  @Override
  public Entry entry(String path) throws IOException {
    Piece piece = pieces.get(path);
    if (piece == null) {
      return vault.entry(path);
    }
    return piece.offset() == GONE
        ? null
        : new Entry(path.substring(path.lastIndexOf('/') + 1), false, piece.end(), 0);
  }

  @Override
  public InputStream open(String path, long from) throws IOException {
    Piece piece = pieces.get(path);
    if (piece == null || piece.offset() == GONE) {
      return vault.open(path, from);
    }
    String added = staged(path, piece.offset());
    if (from >= piece.offset()) {
      return vault.open(added, from - piece.offset());
    }
    InputStream old = new FirstBytes(vault.open(path, from), piece.offset() - from);
    return new SequenceInputStream(old, vault.open(added, 0));
  }

  @Override
  public void replace(String path, Content content) throws IOException {
    if (folder == null) {
      vault.replace(path, content);
      return;
    }
    CRC32C checksum = new CRC32C();
    vault.replace(
        staged(path, 0),
        out -> {
          CheckedOutputStream checked = new CheckedOutputStream(out, checksum);
          BufferedOutputStream buffered = new BufferedOutputStream(checked, 1 << 16);
          content.writeTo(buffered);
          buffered.flush();
        });
    put(path, new Piece(0, vault.length(staged(path, 0)), (int) checksum.getValue()));
  }

  @Override
  public void append(String path, long length, byte[] bytes) throws IOException {
    if (folder == null) {
      vault.append(path, length, bytes);
      return;
    }
    Piece piece = pieces.get(path);
    if (length == 0 && (piece == null || piece.length() == 0)) {
      replace(path, out -> out.write(bytes));
      return;
    }
    long found = length(path);
    if (found < length || (piece != null && found != length)) {
      throw new DamagedException(
          "%s has %d bytes where %d were expected".formatted(path, found, length), null);
    }
    Piece before = piece == null ? new Piece(length, 0, 0) : piece;
    vault.append(staged(path, before.offset()), before.length(), bytes);
    pieces.put(path, before.with(bytes));
  }

  @Override
  public void delete(String path) throws IOException {
    if (folder == null) {
      vault.delete(path);
    } else if (vault.exists(path)) {
      vault.replace(staged(path, GONE), out -> {});
      put(path, new Piece(GONE, 0, 0));
    } else {
      put(path, null);
    }
  }

  /** One piece a file: what was written before it goes. */
  private void put(String path, Piece piece) throws IOException {
    Piece before = piece == null ? pieces.remove(path) : pieces.put(path, piece);
    if (before != null && (piece == null || piece.offset() != before.offset())) {
      vault.delete(staged(path, before.offset()));
    }
  }

  /** Cuts off what was added to a file that was taken up. */
  @Override
  public void truncate(String path, long length) throws IOException {
    if (folder == null) {
      vault.truncate(path, length);
      return;
    }
    Piece piece = pieces.get(path);
    if (piece == null || piece.end() == length) {
      return;
    }
    if (piece.offset() == GONE || length <= piece.offset()) {
      put(path, null);
    } else {
      vault.truncate(staged(path, piece.offset()), length - piece.offset());
      pieces.put(path, new Piece(piece.offset(), length - piece.offset(), 0));
    }
  }

  @Override
  public void move(String from, String to) {
    throw new UnsupportedOperationException("nothing is moved before it counts");
  }

  @Override
  public String uri(String path) {
    return vault.uri(path);
  }

  private String staged(String path, long offset) {
    return folder + "/" + path.replace('/', SLASH) + OFFSET + offset;
  }
}
