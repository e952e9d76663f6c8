package io.tapelake.collector.history;

import io.tapelake.vault.DayFile;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * One of the exchange's trade files as it was downloaded: a zip that holds one CSV, or the CSV.
 * What is read is checked while it is read: length and checksum, and how far it inflates.
 */
public final class OfficialFile {

  /** Such as {@code BTC-USDT-SWAP-trades-2026-09-01.zip}; a browser may have added to the name. */
  private static final Pattern NAME =
      Pattern.compile("(.+?)-(agg)?trades-\\d{4}-\\d{2}(-\\d{2})?(?!\\d).*");

  private static final Pattern SWAP = Pattern.compile("[A-Z0-9]+-[A-Z0-9]+-SWAP");

  /** Rows of trades shrink to a tenth; nothing that holds trades inflates further than this. */
  private static final long MOST_INFLATION = 100;

  private static final long SMALL = 16L << 20;
  private static final int ZIP_MAGIC = 0x504b0304;
  private static final int EMPTY_ZIP_MAGIC = 0x504b0506;

  private final Path path;

  public OfficialFile(Path path) {
    this.path = path;
  }

  /** The file's name without its folder. */
  public String name() {
    return path.getFileName().toString();
  }

  /** The one swap whose trades the name says are in it, or null: a venue's file, or renamed. */
  String instrument() {
    Matcher matcher = NAME.matcher(name());
    if (!matcher.matches() || !SWAP.matcher(matcher.group(1)).matches()) {
      return null;
    }
    return DayFile.isInstrument(matcher.group(1)) ? matcher.group(1) : null;
  }

  /** Whether the name says that rows are aggregates. */
  boolean isAggregated() {
    Matcher matcher = NAME.matcher(name());
    return matcher.matches() && matcher.group(2) != null;
  }

  /**
   * The CSV's bytes. A zip's are checked to be what was compressed when the end is reached.
   *
   * @throws BadFileException when this is no zip with one plain file in it, and no text either
   */
  InputStream open() throws IOException, BadFileException {
    int magic;
    try (InputStream in = Files.newInputStream(path)) {
      byte[] first = in.readNBytes(4);
      if (first.length < 4) {
        throw bad("is empty; download it again");
      }
      magic =
          (first[0] & 255) << 24 | (first[1] & 255) << 16 | (first[2] & 255) << 8 | first[3] & 255;
    }
    return magic == ZIP_MAGIC || magic == EMPTY_ZIP_MAGIC ? openZip() : Files.newInputStream(path);
  }

  private InputStream openZip() throws IOException, BadFileException {
    ZipFile zip;
    try {
      zip = new ZipFile(path.toFile());
    } catch (ZipException e) {
      throw new BadFileException(
          name() + " is no whole zip (" + e.getMessage() + "); download it again", e);
    }
    try {
      ZipEntry entry = onlyEntry(zip);
      return new Checked(zip, entry, zip.getInputStream(entry));
    } catch (ZipException e) {
      zip.close();
      throw new BadFileException(name() + " is a damaged zip; download it again", e);
    } catch (IOException | BadFileException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  private ZipEntry onlyEntry(ZipFile zip) throws BadFileException {
    List<? extends ZipEntry> entries = zip.stream().limit(2).toList();
    if (entries.size() != 1) {
      throw bad(
          "holds %s, not one CSV file"
              .formatted(entries.isEmpty() ? "no file" : zip.size() + " files"));
    }
    ZipEntry entry = entries.get(0);
    String inside = entry.getName();
    if (entry.isDirectory()
        || inside.contains("/")
        || inside.contains("\\")
        || !inside.toLowerCase(java.util.Locale.ROOT).endsWith(".csv")) {
      throw bad(
          "holds '%s', not a CSV file without a folder; it is none of the exchange's files"
              .formatted(Excerpt.of(inside)));
    }
    return entry;
  }

  BadFileException bad(String what) {
    return new BadFileException(name() + " " + what);
  }

  /** Watches over what a zip's entry inflates to. */
  private static final class Checked extends FilterInputStream {

    private final ZipFile zip;
    private final ZipEntry entry;
    private final CRC32 crc = new CRC32();
    private final long most;
    private long bytes;

    Checked(ZipFile zip, ZipEntry entry, InputStream in) {
      super(in);
      this.zip = zip;
      this.entry = entry;
      most = Math.max(SMALL, MOST_INFLATION * Math.max(0, entry.getCompressedSize()));
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
      int read;
      try {
        read = in.read(target, offset, count);
      } catch (EOFException | ZipException e) {
        throw new DamagedException("its content ends early or is damaged; download it again", e);
      }
      if (read < 0) {
        checkEnd();
        return read;
      }
      crc.update(target, offset, read);
      bytes += read;
      if (bytes > most) {
        throw new DamagedException(
            "it inflates to more than %d times its size; trades do not".formatted(MOST_INFLATION),
            null);
      }
      return read;
    }

    private void checkEnd() throws DamagedException {
      if (bytes != entry.getSize() || crc.getValue() != entry.getCrc()) {
        throw new DamagedException(
            "its content is not what was compressed (length or checksum differ); download it again",
            null);
      }
    }

    @Override
    public void close() throws IOException {
      zip.close();
    }
  }

  /** What is inside of a zip turned out to be damaged while it was read. */
  static final class DamagedException extends IOException {

    private static final long serialVersionUID = 1L;

    DamagedException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
