package io.tapelake.collector.official;

import io.tapelake.collector.decode.Excerpt;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.GzipMembers;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * One of the exchange's trade files as people have it: a zip that holds one CSV, the CSV, or the
 * CSV compressed with gzip. What is read is checked while it is read: length and checksum, and how
 * far it inflates.
 */
public final class OfficialFile {

  /** Such as {@code BTC-USDT-SWAP-trades-2026-09-01.zip}; a browser may have added to the name. */
  private static final Pattern NAME =
      Pattern.compile(
          "(.+?)-(agg)?trades-\\d{4}-\\d{2}(-\\d{2})?(?!\\d).*", Pattern.CASE_INSENSITIVE);

  private static final Pattern DATE = Pattern.compile("trades-(\\d{4}-\\d{2})(-\\d{2})?(?!\\d)");

  /** A file's day, and its month, begin at 16:00 UTC of the day before. */
  static final Duration AHEAD_OF_UTC = Duration.ofHours(8);

  /** What the exchange calls spot pairs, futures and options. */
  private static final Pattern PAIR = Pattern.compile("[A-Z0-9]+(-[A-Z0-9]+)+");

  private static final Pattern SWAP = Pattern.compile("[A-Z0-9]+-[A-Z0-9]+-SWAP");

  /** Rows of trades shrink to a tenth; nothing that holds trades inflates further than this. */
  private static final long MOST_INFLATION = 100;

  private static final long SMALL = 16L << 20;
  private static final int GZIP_BUFFER = 1 << 16;
  private static final int GZIP_MAGIC = 0x1f8b;
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
  public String instrument() {
    Matcher matcher = NAME.matcher(name());
    String name = matcher.matches() ? matcher.group(1).toUpperCase(Locale.ROOT) : "";
    return SWAP.matcher(name).matches() && DayFile.isInstrument(name) ? name : null;
  }

  /** Whether the name says that another's trades are in it, be it no swap. */
  boolean isNamedOtherThan(String given) {
    Matcher matcher = NAME.matcher(name());
    String swap = instrument();
    return swap != null
        ? !swap.equals(given)
        : matcher.matches() && PAIR.matcher(matcher.group(1).toUpperCase(Locale.ROOT)).matches();
  }

  /** Times of a file. */
  public record Times(Instant from, Instant to) {}

  /** The times of which it holds all trades, by its name; null when that does not say. */
  public Times times() {
    Matcher matcher = DATE.matcher(name().toLowerCase(Locale.ROOT));
    if (!matcher.find()) {
      return null;
    }
    try {
      YearMonth month = YearMonth.parse(matcher.group(1));
      boolean isDay = matcher.group(2) != null;
      LocalDate first =
          isDay ? LocalDate.parse(matcher.group(1) + matcher.group(2)) : month.atDay(1);
      LocalDate last = isDay ? first : month.atEndOfMonth();
      return new Times(start(first), start(last.plusDays(1)));
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay().toInstant(ZoneOffset.UTC).minus(AHEAD_OF_UTC);
  }

  /** Whether the name says that rows are aggregates. */
  public boolean isAggregated() {
    Matcher matcher = NAME.matcher(name());
    return matcher.matches() && matcher.group(2) != null;
  }

  /**
   * The CSV's bytes. What is compressed is checked to be what was compressed when the end is
   * reached.
   *
   * @throws BadFileException when this is no zip with one plain file in it, and no text either
   */
  InputStream open() throws IOException, BadFileException {
    int magic = magic();
    if (magic >>> 16 == GZIP_MAGIC) {
      return openGzip();
    }
    return isZip(magic) ? openZip() : Files.newInputStream(path);
  }

  /** Whether what is read is checked to be whole. */
  boolean isCompressed() throws IOException, BadFileException {
    int magic = magic();
    return magic >>> 16 == GZIP_MAGIC || isZip(magic);
  }

  private static boolean isZip(int magic) {
    return magic == ZIP_MAGIC || magic == EMPTY_ZIP_MAGIC;
  }

  private int magic() throws IOException, BadFileException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] first = in.readNBytes(4);
      if (first.length < 4) {
        throw bad("is empty; download it again");
      }
      return (first[0] & 255) << 24
          | (first[1] & 255) << 16
          | (first[2] & 255) << 8
          | first[3] & 255;
    }
  }

  private InputStream openGzip() throws IOException {
    long size = Files.size(path);
    InputStream plain = new GzipMembers(Files.newInputStream(path), GZIP_BUFFER);
    return new Checked(plain, plain, size, null);
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
      return new Checked(zip.getInputStream(entry), zip, entry.getCompressedSize(), entry);
    } catch (ZipException e) {
      zip.close();
      throw new BadFileException(name() + " is a damaged zip; download it again", e);
    } catch (IOException | BadFileException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  private ZipEntry onlyEntry(ZipFile zip) throws BadFileException {
    List<? extends ZipEntry> entries = zip.stream().filter(entry -> !isOfTheSystem(entry)).toList();
    List<? extends ZipEntry> tables = entries.stream().filter(OfficialFile::isTable).toList();
    if (tables.size() == 1) {
      return tables.get(0);
    }
    if (entries.isEmpty()) {
      throw bad("holds no file; download it again");
    }
    throw bad(
        tables.isEmpty()
            ? "holds '%s', not a CSV file; it is none of the exchange's files"
                .formatted(Excerpt.of(entries.get(0).getName()))
            : "holds %d CSV files; unpack it and import each".formatted(tables.size()));
  }

  private static boolean isTable(ZipEntry entry) {
    String inside = entry.getName();
    return inside.toLowerCase(Locale.ROOT).endsWith(".csv")
        && !inside.startsWith("/")
        && !inside.contains("..")
        && !inside.contains("\\");
  }

  /** Folders, and what macOS and Windows put beside the files that a person packs. */
  private static boolean isOfTheSystem(ZipEntry entry) {
    String path = entry.getName();
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    return entry.isDirectory()
        || path.startsWith("__MACOSX/")
        || (name.startsWith(".") && !name.startsWith(".."))
        || name.equals("thumbs.db")
        || name.equals("desktop.ini");
  }

  public BadFileException bad(String what) {
    return new BadFileException(name() + " " + what);
  }

  /** Watches over what is inflated. */
  private static final class Checked extends FilterInputStream {

    private final Closeable file;
    private final ZipEntry entry;
    private final CRC32 crc = new CRC32();
    private final long most;
    private long bytes;

    /**
     * @param entry says what should come out; null where the stream itself checks that
     */
    Checked(InputStream in, Closeable file, long compressed, ZipEntry entry) {
      super(in);
      this.file = file;
      this.entry = entry;
      most = Math.max(SMALL, MOST_INFLATION * Math.max(0, compressed));
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
      if (entry != null && (bytes != entry.getSize() || crc.getValue() != entry.getCrc())) {
        throw new DamagedException(
            "its content is not what was compressed (length or checksum differ); download it again",
            null);
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** What is inside of a file turned out to be damaged while it was read. */
  static final class DamagedException extends IOException {

    private static final long serialVersionUID = 1L;

    DamagedException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
