package io.tapelake.collector.history;

import io.tapelake.collector.write.RawDay;
import io.tapelake.collector.write.RawFolder;
import io.tapelake.collector.write.RawLines;
import io.tapelake.collector.write.VaultFiles;
import io.tapelake.vault.Contract;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.FirstBytes;
import io.tapelake.vault.ParsedTrade;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.NavigableSet;
import java.util.Set;

/**
 * Looks which contract terms the lines of raw files carry before further ones come beside them: a
 * slip of a digit in {@code --terms} would mix contracts of two sizes. The days that trades go to
 * are read as a whole; of the nearest days before and after, a few lines.
 */
final class RawTerms {

  private static final int SAMPLE_BYTES = 16 << 10;

  private final Path vault;
  private final Set<Object> found = new HashSet<>();

  RawTerms(Path vault) {
    this.vault = vault;
  }

  /**
   * Compares the lines of these times' days with what a book says.
   *
   * @throws TermsBook.UnknownTermsException when a line carries other terms than the book says
   */
  void check(String instrument, Instant from, Instant to, TermsBook book)
      throws IOException, TermsBook.UnknownTermsException {
    LocalDate first = LocalDate.ofInstant(from, ZoneOffset.UTC);
    LocalDate last = LocalDate.ofInstant(to, ZoneOffset.UTC);
    NavigableSet<LocalDate> days = RawFolder.days(vault, instrument);
    for (LocalDate day : days.subSet(first, true, last, true)) {
      checkDay(new DayFile(instrument, day), book);
    }
    LocalDate before = days.lower(first);
    if (before != null) {
      DayFile day = new DayFile(instrument, before);
      check(day, raw -> raw.open(Math.max(0, raw.length() - SAMPLE_BYTES)), book);
    }
    LocalDate after = days.higher(last);
    if (after != null) {
      DayFile day = new DayFile(instrument, after);
      check(day, raw -> new FirstBytes(raw.open(0), SAMPLE_BYTES), book);
    }
  }

  private void checkDay(DayFile day, TermsBook book)
      throws IOException, TermsBook.UnknownTermsException {
    RawDay raw = new RawDay(vault, day);
    if (found.add(raw.stamp())) {
      check(day, whole -> whole.open(0), book);
    }
  }

  /** Which lines of a day are looked at. */
  private interface Lines {
    InputStream of(RawDay day) throws IOException;
  }

  private void check(DayFile day, Lines lines, TermsBook book)
      throws IOException, TermsBook.UnknownTermsException {
    Comparison comparison = new Comparison(day.instrument(), book);
    try (InputStream in = lines.of(new RawDay(vault, day))) {
      new RawLines(day, comparison).read(in);
    } catch (IOException e) {
      throw VaultFiles.unreadable(day, e);
    }
    if (comparison.failure != null) {
      throw comparison.failure;
    }
    if (comparison.contradiction != null) {
      throw new TermsBook.UnknownTermsException(comparison.contradiction);
    }
  }

  /** Finds the first line whose terms are not the book's. */
  private static final class Comparison implements RawLines.Taker {

    private final String instrument;
    private final TermsBook book;
    private TermsBook.Span span = new TermsBook.Span(null, 0, 0);
    private Contract same;
    private String contradiction;
    private IOException failure;

    Comparison(String instrument, TermsBook book) {
      this.instrument = instrument;
      this.book = book;
    }

    @Override
    public void trade(ParsedTrade trade) {
      long millis = trade.millis();
      if (!span.holds(millis)) {
        look(millis);
      }
      Contract contract = trade.contract();
      if (contract != same && span.contract() != null) {
        if (contract.equals(span.contract())) {
          same = contract;
        } else if (contradiction == null) {
          contradiction = book.contradiction(instrument, millis, contract, span);
        }
      }
    }

    private void look(long millis) {
      try {
        span = book.at(instrument, millis);
        same = null;
      } catch (IOException e) {
        failure = e;
      }
    }
  }
}
