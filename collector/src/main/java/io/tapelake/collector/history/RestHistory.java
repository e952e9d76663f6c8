package io.tapelake.collector.history;

import io.tapelake.collector.certify.DayCertifier;
import io.tapelake.collector.cover.IdRanges;
import io.tapelake.collector.cover.Life;
import io.tapelake.collector.decode.RefusedRow;
import io.tapelake.collector.decode.RestAnswer;
import io.tapelake.collector.decode.RestDecoder;
import io.tapelake.collector.decode.RestPage;
import io.tapelake.collector.decode.TradeRow;
import io.tapelake.collector.write.RawFolder;
import io.tapelake.collector.write.VaultFiles;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.NumberText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Walks an instrument's REST history downwards through a span of time and merges what is not there
 * yet. Ids that the raw files hold are jumped over, so a walk that was interrupted is soon where it
 * was.
 */
final class RestHistory {

  /** Trades that are merged at a time. */
  private static final int BATCH = 5_000;

  private static final int EMPTY_PAGES = 3;

  private final Path vault;
  private final String instrument;
  private final Web web;
  private final FetchSettings settings;
  private final Patience patience;
  private final TermsBook terms;
  private final Clock wall;
  private final Consumer<Instant> progress;
  private final TreeMap<LocalDate, DayMerge> days = new TreeMap<>();
  private final IdRanges held = new IdRanges();
  private final List<TradeRow> batch = new ArrayList<>();

  /** Rows that are no trades, by the ids they name; those that name none count down from 0. */
  private final TreeMap<Long, RefusedRow> refused = new TreeMap<>();

  private long nameless;
  private final NumberText price = new NumberText();
  private final NumberText size = new NumberText();

  /**
   * What a walk came to.
   *
   * @param added trades that were new
   * @param reached the time from which all there is was seen; null when there was nothing
   * @param known whether the exchange knows the instrument
   * @param conflicts what a person has to look at
   * @param refused what there was besides trades; null without any
   */
  record Outcome(
      long added, Instant reached, boolean known, List<String> conflicts, String refused) {}

  RestHistory(
      Path vault,
      String instrument,
      Web web,
      FetchSettings settings,
      Patience patience,
      TermsBook terms,
      Clock wall,
      Consumer<Instant> progress) {
    this.vault = vault;
    this.instrument = instrument;
    this.web = web;
    this.settings = settings;
    this.patience = patience;
    this.terms = terms;
    this.wall = wall;
    this.progress = progress;
  }

  /** Fetches the trades from {@code from} to before {@code to}. */
  Outcome fetch(Instant from, Instant to) throws IOException, InterruptedException {
    boolean done = false;
    try {
      LocalDate last = LocalDate.ofInstant(to.minusMillis(1), ZoneOffset.UTC);
      for (LocalDate day = LocalDate.ofInstant(from, ZoneOffset.UTC);
          !day.isAfter(last);
          day = day.plusDays(1)) {
        DayMerge merge = new DayMerge(vault, new DayFile(instrument, day), wall);
        days.put(day, merge);
        held.addAll(merge.heldIds());
      }
      Outcome outcome = walk(from, to);
      done = true;
      return outcome;
    } finally {
      if (!done) {
        close();
      }
    }
  }

  private Outcome walk(Instant from, Instant to) throws IOException, InterruptedException {
    RestPage page = ask("&type=2&after=" + to.toEpochMilli());
    Instant reached = null;
    List<String> conflicts = new ArrayList<>();
    long bound = Long.MAX_VALUE;
    while (!isEmpty(page)) {
      long lowest = Long.MAX_VALUE;
      boolean isFirst = false;
      Instant earliest = reached == null ? Instant.MAX : reached;
      for (RefusedRow row : page.refused()) {
        refused.put(row.id() < 0 ? --nameless : row.id(), row);
        lowest = row.id() < 0 ? lowest : Math.min(lowest, row.id());
      }
      for (TradeRow row : page.rows()) {
        lowest = Math.min(lowest, row.id());
        isFirst |= row.id() <= Life.FIRST_ID;
        earliest = row.time().isBefore(earliest) ? row.time() : earliest;
        if (!row.time().isBefore(from) && row.time().isBefore(to)) {
          batch.add(row);
        }
      }
      if (!page.rows().isEmpty()) {
        reached = earliest;
        progress.accept(earliest);
      }
      if (isFirst && isOfFirstLife(earliest)) {
        // Listed since then: there is nothing before.
        reached = earliest.isBefore(from) ? earliest : from;
        break;
      }
      if (earliest.isBefore(from) || lowest == Long.MAX_VALUE) {
        break;
      }
      if (lowest >= bound) {
        conflicts.add(
            "%s: asked for trades before %d, REST gave none of them; does a cache or proxy in between leave out what is asked?"
                .formatted(instrument, bound));
        break;
      }
      if (batch.size() >= BATCH) {
        mergeBatch();
      }
      bound = below(lowest);
      page = ask("&type=1&after=" + bound);
    }
    mergeBatch();
    return finish(reached, conflicts, page.kind() != RestPage.Kind.UNKNOWN_INSTRUMENT);
  }

  /** Raw files from before are of a life before, which ids that started over cannot lead to. */
  private boolean isOfFirstLife(Instant first) throws IOException {
    LocalDate day = LocalDate.ofInstant(first, ZoneOffset.UTC);
    return RawFolder.days(vault, instrument).headSet(day).isEmpty();
  }

  /**
   * The id below which to ask next. Over ids that are there it jumps to the lowest of them, which
   * is asked for again: only its single trade tells whether its line is an aggregate.
   */
  private long below(long lowest) {
    if (!held.containsAll(lowest - 1, lowest - 1)) {
      return lowest;
    }
    long missing = held.highestMissing(0, lowest - 1);
    return Math.min(lowest, missing + 2);
  }

  /** An empty page is the end of what there is, when the exchange says so more than once. */
  private RestPage ask(String query) throws IOException, InterruptedException {
    RestPage page = askOnce(query);
    for (int i = 1; i < EMPTY_PAGES && isEmpty(page); i++) {
      if (page.kind() == RestPage.Kind.UNKNOWN_INSTRUMENT) {
        return page;
      }
      TimeUnit.NANOSECONDS.sleep(settings.retryPause().toNanos());
      page = askOnce(query);
    }
    return page;
  }

  private static boolean isEmpty(RestPage page) {
    return page.rows().isEmpty() && page.refused().isEmpty();
  }

  private RestPage askOnce(String query) throws IOException, InterruptedException {
    while (true) {
      patience.await();
      RestAnswer answer =
          web.get(
              settings.restUrl()
                  + "/api/v5/market/history-trades?instId="
                  + instrument
                  + query
                  + "&limit=100");
      RestPage page = RestDecoder.trades(instrument, answer);
      if (page.kind() == RestPage.Kind.GOOD || page.kind() == RestPage.Kind.UNKNOWN_INSTRUMENT) {
        patience.succeeded();
        return page;
      }
      patience.failed(page.failure(), settings.retryPause(), answer.retryAfter());
    }
  }

  private void mergeBatch() throws IOException {
    batch.sort(Comparator.comparingLong(TradeRow::id));
    for (TradeRow row : batch) {
      DayMerge day = days.get(row.day());
      price.set(row.price());
      size.set(row.contracts());
      long millis = row.time().toEpochMilli();
      day.add(
          row.id(),
          row.count(),
          millis,
          row.side(),
          price,
          size,
          terms.at(instrument, millis).contract());
      held.add(row.firstId(), row.id());
    }
    batch.clear();
    for (DayMerge day : days.values()) {
      day.flush();
    }
  }

  private Outcome finish(Instant reached, List<String> conflicts, boolean known)
      throws IOException {
    long added = 0;
    try {
      for (DayMerge day : days.values()) {
        day.finish("rest", settings.restUrl(), wall.instant());
        added += day.added();
        if (day.conflict() != null) {
          conflicts.add(day.day().rawPath() + ": " + day.conflict());
        }
      }
    } finally {
      close();
    }
    DayCertifier certifier = new DayCertifier(vault);
    for (DayMerge day : days.values()) {
      if (DayCertifier.isOver(day.day(), wall.instant())) {
        try {
          certifier.certify(day.day());
          certifier.refreshBeside(day.day());
        } catch (IOException e) {
          // The trades are in, whatever comes of this.
          conflicts.add(day.day().rawPath() + " cannot be certified: " + VaultFiles.reason(e));
        }
      }
    }
    String refusal =
        refused.isEmpty()
            ? null
            : "REST gave %d rows that are no trades, such as %s; what is good is in"
                .formatted(refused.size(), refused.lastEntry().getValue());
    return new Outcome(added, reached, known, conflicts, refusal);
  }

  private void close() throws IOException {
    for (DayMerge day : days.values()) {
      day.close();
    }
  }
}
