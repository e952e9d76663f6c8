package io.tapelake.vault;

import java.io.Serializable;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The raw trades of one instrument on one UTC day, and where that file lies below the vault's root.
 *
 * @param instrument the exchange's name of the instrument
 * @param day the UTC day of the event times in the file; its year has four digits
 */
public record DayFile(String instrument, LocalDate day)
    implements Comparable<DayFile>, Serializable {

  /** Folder of all raw trades: {@code raw/okx/trades_perps}, one folder an instrument below it. */
  public static final String RAW_ROOT = "raw/okx/trades_perps";

  /** Folder of all refused lines, laid out like the raw trades. */
  public static final String QUARANTINE_ROOT = "quarantine/okx/trades_perps";

  /** Example: {@code 2025-12-14.jsonl}, or {@code 2025-12-14.jsonl.gz} when archived. */
  private static final Pattern FILE_NAME =
      Pattern.compile("(\\d{4}-\\d{2}-\\d{2})\\.jsonl(\\.gz)?");

  /** Example: {@code BTC-USDT-SWAP}. Nothing that could step out of a folder. */
  private static final Pattern INSTRUMENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

  public DayFile {
    checkInstrument(instrument);
    Objects.requireNonNull(day, "day is null");
    if (day.getYear() < 0 || day.getYear() > 9999) {
      throw new IllegalArgumentException("year is not of four digits: " + day);
    }
  }

  /** Whether a name can be an instrument's: letters, digits, '-' and '_', at most 64 of them. */
  public static boolean isInstrument(String name) {
    return INSTRUMENT.matcher(name).matches();
  }

  /**
   * The given name.
   *
   * @throws IllegalArgumentException when it is not an instrument's name
   */
  public static String checkInstrument(String name) {
    if (name == null || !isInstrument(name)) {
      throw new IllegalArgumentException("not an instrument name: " + name);
    }
    return name;
  }

  /**
   * The day that a file name stands for, or null when it is not a day file's name.
   *
   * @param fileName such as {@code 2025-12-14.jsonl}
   */
  public static LocalDate dayOf(String fileName) {
    Matcher matcher = FILE_NAME.matcher(fileName);
    if (!matcher.matches()) {
      return null;
    }
    try {
      return LocalDate.parse(matcher.group(1));
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** Whether a day file's name is that of an archived, compressed one. */
  public static boolean isArchived(String fileName) {
    return fileName.endsWith(".gz");
  }

  /** The name of the same day in its other form: plain for an archived one, and vice versa. */
  public static String otherForm(String fileName) {
    return isArchived(fileName)
        ? fileName.substring(0, fileName.length() - ".gz".length())
        : fileName + ".gz";
  }

  /** Such as {@code 2025-12-14.jsonl}. */
  public String fileName() {
    return day + ".jsonl";
  }

  /** Such as {@code raw/okx/trades_perps/BTC-USDT-SWAP/2025-12-14.jsonl.gz}. */
  public String archivePath() {
    return rawPath() + ".gz";
  }

  /** Such as {@code raw/okx/trades_perps/BTC-USDT-SWAP/2025-12-14.jsonl}. */
  public String rawPath() {
    return RAW_ROOT + "/" + instrument + "/" + fileName();
  }

  /** Such as {@code quarantine/okx/trades_perps/BTC-USDT-SWAP/2025-12-14.jsonl}. */
  public String quarantinePath() {
    return QUARANTINE_ROOT + "/" + instrument + "/" + fileName();
  }

  @Override
  public int compareTo(DayFile other) {
    int byInstrument = instrument.compareTo(other.instrument);
    return byInstrument != 0 ? byInstrument : day.compareTo(other.day);
  }
}
