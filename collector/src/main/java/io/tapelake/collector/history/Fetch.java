package io.tapelake.collector.history;

import com.fasterxml.jackson.databind.JsonNode;
import io.tapelake.collector.connect.HttpClients;
import io.tapelake.collector.decode.RestAnswer;
import io.tapelake.collector.decode.RestDecoder;
import io.tapelake.collector.official.BadFileException;
import io.tapelake.collector.official.OfficialFile;
import io.tapelake.collector.write.RawDay;
import io.tapelake.collector.write.VaultFiles;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.TradeLine;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import okhttp3.OkHttpClient;

/**
 * Fetches UTC days: the exchange's official files, each of which holds a day or a month of UTC+8,
 * and REST history for what has no file yet. A month that is wanted as a whole comes as one file,
 * and so does the rest of a month that has no daily files. What was fetched is merged at once, so
 * that an interrupted fetch goes on where it was.
 */
public final class Fetch implements AutoCloseable {

  /** A file of day D begins at D-1, 16:00 UTC. */
  private static final Duration AHEAD_OF_UTC = Duration.ofHours(8);

  /** REST goes back three months; asking for more gives nothing. */
  private static final Duration REST_REACH = Duration.ofDays(93);

  private static final int DOWNLOADS_OF_A_FILE = 5;

  private final Path vault;
  private final FetchSettings settings;
  private final TermsBook terms;
  private final Clock wall;
  private final Consumer<String> say;
  private final Web web;
  private final Patience files;
  private final Patience rest;
  private final List<String> troubles = new ArrayList<>();
  private final Set<String> unknown = new TreeSet<>();
  private final long startNanos = System.nanoTime();
  private long added;
  private int pieces;
  private int piecesDone;
  private int piecesSkipped;
  private long saidNanos = startNanos;

  /** From a time to before another. */
  private record Span(Instant from, Instant to) {}

  /** What became of a file. What is not in by a file comes from REST. */
  private enum Merged {
    YES,
    /** It is in, and a person has to look at it: that is said each time it is fetched. */
    WITH_TROUBLE,
    /** There is none, or it has no trade of the instrument. */
    NO_FILE,
    BAD_FILE
  }

  /**
   * @param client how the network is reached
   * @param say takes lines of progress
   */
  public Fetch(
      Path vault,
      FetchSettings settings,
      OkHttpClient client,
      TermsBook terms,
      Clock wall,
      Consumer<String> say) {
    this.web = new Web(client);
    this.vault = vault;
    this.settings = settings;
    this.terms = terms;
    this.wall = wall;
    this.say = say;
    files = new Patience(settings.fileSpacing());
    rest = new Patience(settings.restSpacing());
  }

  /**
   * Fetches the days from {@code from} to {@code to}, both included, as far as they have passed.
   *
   * @return what a person has to look at; nothing when all is there
   * @throws IllegalArgumentException when the days are not over, or the exchange knows none of the
   *     instruments
   */
  public List<String> fetch(List<String> instruments, LocalDate from, LocalDate to)
      throws IOException, InterruptedException, TermsBook.UnknownTermsException {
    Instant now = exchangeTime();
    Instant start = from.atStartOfDay().toInstant(ZoneOffset.UTC);
    Instant end = to.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    end = end.isAfter(now) ? now : end;
    if (!start.isBefore(end)) {
      throw new IllegalArgumentException(
          "--from %s is not over before now, %s at the exchange; give earlier days"
              .formatted(from, TradeLine.formatTime(now)));
    }
    List<String> readable = new ArrayList<>(instruments);
    for (String instrument : instruments) {
      try {
        terms.check(instrument, start, end);
      } catch (IOException e) {
        leave(instrument, e);
        readable.remove(instrument);
      }
    }
    pieces = instruments.size() * (int) (Duration.between(start, end).toDays() + 2);
    for (String instrument : readable) {
      try {
        fetch(instrument, start, end);
      } catch (IOException e) {
        leave(instrument, e);
      }
    }
    if (added == 0 && unknown.containsAll(instruments)) {
      throw new IllegalArgumentException(
          "The exchange knows no %s, and has no file of it; correct --instruments."
              .formatted(String.join(", ", unknown)));
    }
    return List.copyOf(troubles);
  }

  private void leave(String instrument, IOException failure) {
    troubles.add(instrument + " is left alone: " + VaultFiles.reason(failure));
  }

  /** Trades that were new. */
  public long added() {
    return added;
  }

  private Instant exchangeTime() throws IOException, InterruptedException {
    while (true) {
      rest.await();
      RestAnswer answer = web.get(settings.restUrl() + "/api/v5/public/time");
      try {
        List<JsonNode> data = RestDecoder.data(answer);
        String time = data.isEmpty() ? "" : data.get(0).path("ts").asText();
        if (time.matches("\\d{13}")) {
          rest.succeeded();
          return Instant.ofEpochMilli(Long.parseLong(time));
        }
        rest.failed("the exchange does not say its time", settings.retryPause(), null);
      } catch (IOException e) {
        rest.failed(e.getMessage(), settings.retryPause(), answer.retryAfter());
      }
    }
  }

  private void fetch(String instrument, Instant start, Instant end)
      throws IOException, InterruptedException, TermsBook.UnknownTermsException {
    FetchedArchives fetched = new FetchedArchives(vault, instrument);
    Set<YearMonth> askedFor = new HashSet<>();
    Span wanted = new Span(start, end);
    List<Span> withoutFile = new ArrayList<>();
    LocalDate last = archiveDay(end.minusMillis(1));
    LocalDate day = archiveDay(start);
    while (!day.isAfter(last)) {
      Span span = ofDay(day, wanted);
      YearMonth month = YearMonth.from(day);
      LocalDate monthEnd = month.atEndOfMonth();
      boolean wholeMonth =
          day.getDayOfMonth() == 1 && ofDay(monthEnd, wanted).to().equals(archiveEnd(monthEnd));
      if (isDone(instrument, fetched, day, span)) {
        piecesSkipped++;
        piecesDone++;
        sayNowAndThen("%s: file of %s was in".formatted(instrument, day));
      } else if (wholeMonth
          && askedFor.add(month)
          && fetchMonth(instrument, fetched, day, wanted)) {
        day = monthEnd;
      } else if (fetchDay(instrument, fetched, day, wanted)) {
        piecesDone++;
        sayNow("%s: file of %s is in".formatted(instrument, day));
      } else if (archiveEnd(monthEnd).isBefore(end)
          && askedFor.add(month)
          && fetchMonth(instrument, fetched, day, wanted)) {
        day = monthEnd;
      } else {
        note(withoutFile, span);
      }
      day = day.plusDays(1);
    }
    for (Span span : withoutFile) {
      fetchRest(instrument, span);
    }
  }

  /**
   * Fetches the file of a day's month for the rest of the month; false when there is none that is
   * good.
   */
  private boolean fetchMonth(
      String instrument, FetchedArchives fetched, LocalDate from, Span wanted)
      throws IOException, InterruptedException, TermsBook.UnknownTermsException {
    YearMonth month = YearMonth.from(from);
    Instant to = earlier(archiveEnd(month.atEndOfMonth()), wanted.to());
    Span span = new Span(ofDay(from, wanted).from(), to);
    String folder = "monthly/" + month.toString().replace("-", "");
    Merged merged = fetchFile(instrument, folder, month.toString(), span);
    if (!isIn(merged)) {
      return false;
    }
    for (LocalDate day = from; !day.isAfter(archiveDay(to.minusMillis(1))); day = day.plusDays(1)) {
      if (merged == Merged.YES) {
        takeNote(fetched, day, ofDay(day, wanted));
      }
      piecesDone++;
    }
    sayNow("%s: file of %s is in".formatted(instrument, month));
    return true;
  }

  /** Fetches the file of a day; false when there is none that is good. */
  private boolean fetchDay(String instrument, FetchedArchives fetched, LocalDate day, Span wanted)
      throws IOException, InterruptedException, TermsBook.UnknownTermsException {
    Span span = ofDay(day, wanted);
    String folder = "daily/" + day.toString().replace("-", "");
    Merged merged = fetchFile(instrument, folder, day.toString(), wanted);
    if (merged == Merged.YES) {
      takeNote(fetched, day, span);
    }
    return isIn(merged);
  }

  private static boolean isIn(Merged merged) {
    return merged == Merged.YES || merged == Merged.WITH_TROUBLE;
  }

  private static void takeNote(FetchedArchives fetched, LocalDate day, Span span)
      throws IOException {
    for (LocalDate utcDay : utcDays(span)) {
      fetched.add(day, utcDay);
    }
  }

  /** The part of an archive's day that is wanted. */
  private static Span ofDay(LocalDate day, Span wanted) {
    Instant from = archiveEnd(day.minusDays(1));
    return new Span(later(from, wanted.from()), earlier(archiveEnd(day), wanted.to()));
  }

  private static Instant archiveEnd(LocalDate day) {
    return day.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC).minus(AHEAD_OF_UTC);
  }

  private static void note(List<Span> spans, Span span) {
    Span before = spans.isEmpty() ? null : spans.get(spans.size() - 1);
    if (before != null && before.to().equals(span.from())) {
      spans.set(spans.size() - 1, new Span(before.from(), span.to()));
    } else {
      spans.add(span);
    }
  }

  private static LocalDate archiveDay(Instant time) {
    return LocalDate.ofInstant(time.plus(AHEAD_OF_UTC), ZoneOffset.UTC);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private boolean isDone(
      String instrument, FetchedArchives fetched, LocalDate archiveDay, Span span) {
    for (LocalDate day : utcDays(span)) {
      RawDay raw = new RawDay(vault, new DayFile(instrument, day));
      if (!fetched.has(archiveDay, day) || raw.form() == RawDay.Form.NONE) {
        return false;
      }
    }
    return true;
  }

  private static List<LocalDate> utcDays(Span span) {
    LocalDate first = LocalDate.ofInstant(span.from(), ZoneOffset.UTC);
    LocalDate last = LocalDate.ofInstant(span.to().minusMillis(1), ZoneOffset.UTC);
    return first.equals(last) ? List.of(first) : List.of(first, last);
  }

  /** Fetches a file and merges what is wanted of it, wherever its day was cut. */
  private Merged fetchFile(String instrument, String where, String date, Span wanted)
      throws IOException, InterruptedException, TermsBook.UnknownTermsException {
    String name = instrument + "-trades-" + date + ".zip";
    Path folder = vault.resolve(VaultLayout.COLLECTOR_STATE).resolve("downloads");
    Files.createDirectories(folder);
    Path file = folder.resolve(name);
    String url = settings.archiveUrl() + "/cdn/okex/traderecords/trades/" + where + "/" + name;
    BadFileException bad = null;
    for (int i = 0; i < DOWNLOADS_OF_A_FILE; i++) {
      if (!download(url, file)) {
        return Merged.NO_FILE;
      }
      try {
        return merge(instrument, file, wanted);
      } catch (BadFileException e) {
        bad = e;
        say.accept(e.getMessage());
        files.pause(settings.retryPause().multipliedBy(1L << i));
      } finally {
        Files.deleteIfExists(file);
      }
    }
    troubles.add(bad.getMessage());
    return Merged.BAD_FILE;
  }

  private Merged merge(String instrument, Path file, Span wanted)
      throws IOException, BadFileException, TermsBook.UnknownTermsException {
    ImportRequest request =
        new ImportRequest(
            instrument,
            Set.of(instrument),
            wanted.from().toEpochMilli(),
            wanted.to().toEpochMilli());
    FileImport one = new FileImport(vault, new OfficialFile(file), request, terms, wall);
    one.check();
    ImportResult result = one.merge("fetch");
    added += result.added();
    if (result.needsPerson()) {
      troubles.add(file.getFileName() + ": " + result.text());
    }
    if (!one.instruments().contains(instrument)) {
      return Merged.NO_FILE;
    }
    return result.needsPerson() ? Merged.WITH_TROUBLE : Merged.YES;
  }

  /** 404 says that there is no such file, 403 that we were too fast. */
  private boolean download(String url, Path file) throws IOException, InterruptedException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      while (true) {
        files.await();
        int status;
        try {
          status = web.save(url, part);
        } catch (IOException e) {
          files.failed(url + ": " + HttpClients.describe(e), settings.retryPause(), null);
          continue;
        }
        if (status == 200) {
          Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
          files.succeeded();
          return true;
        }
        if (status == 404) {
          files.succeeded();
          return false;
        }
        if (status == 403) {
          say.accept("the exchange throttles downloads; waiting");
        }
        files.failed(
            url + ": HTTP " + status,
            status == 403 ? settings.throttlePause() : settings.retryPause(),
            null);
      }
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private void fetchRest(String instrument, Span span) throws IOException, InterruptedException {
    if (span.to().isBefore(exchangeTime().minus(REST_REACH))) {
      troubles.add(
          "%s: no file has trades of %s to %s, and REST does not go back so far"
              .formatted(
                  instrument, TradeLine.formatTime(span.from()), TradeLine.formatTime(span.to())));
      return;
    }
    RestHistory history =
        new RestHistory(
            vault,
            instrument,
            web,
            settings,
            rest,
            terms,
            wall,
            time -> sayNowAndThen("%s: REST has reached %s".formatted(instrument, time)));
    RestHistory.Outcome outcome = history.fetch(span.from(), span.to());
    added += outcome.added();
    outcome.conflicts().forEach(troubles::add);
    if (outcome.refused() != null) {
      troubles.add(instrument + ": " + outcome.refused());
    }
    if (!outcome.known()) {
      unknown.add(instrument);
      troubles.add(instrument + ": REST does not know it (any more)");
    } else if (outcome.reached() == null || outcome.reached().isAfter(span.from())) {
      troubles.add(
          "%s: REST has nothing from %s to %s, and no file has trades of it"
              .formatted(
                  instrument,
                  TradeLine.formatTime(span.from()),
                  outcome.reached() == null
                      ? TradeLine.formatTime(span.to())
                      : TradeLine.formatTime(outcome.reached())));
    }
    piecesDone += (int) Duration.between(span.from(), span.to()).toDays() + 1;
    if (outcome.reached() != null) {
      sayNow("%s: REST is in".formatted(instrument));
    }
  }

  private void sayNowAndThen(String what) {
    if (System.nanoTime() - saidNanos > Duration.ofSeconds(5).toNanos()) {
      sayNow(what);
    }
  }

  private void sayNow(String what) {
    saidNanos = System.nanoTime();
    long seconds = (saidNanos - startNanos) / 1_000_000_000L;
    int worked = piecesDone - piecesSkipped;
    long left = worked <= 0 ? -1 : seconds * Math.max(0, pieces - piecesDone) / worked;
    say.accept(
        "%s; %d of about %d pieces, %,d new trades%s"
            .formatted(
                what,
                Math.min(piecesDone, pieces),
                pieces,
                added,
                left < 0
                    ? ""
                    : ", about "
                        + Duration.ofSeconds(left)
                            .toString()
                            .substring(2)
                            .toLowerCase(java.util.Locale.ROOT)
                        + " left"));
  }

  @Override
  public void close() {
    web.close();
  }
}
