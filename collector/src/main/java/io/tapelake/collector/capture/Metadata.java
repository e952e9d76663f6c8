package io.tapelake.collector.capture;

import com.fasterxml.jackson.databind.JsonNode;
import io.tapelake.collector.decode.Excerpt;
import io.tapelake.collector.decode.RestAnswer;
import io.tapelake.collector.decode.RestDecoder;
import io.tapelake.collector.meta.BadMetadataException;
import io.tapelake.collector.meta.MetadataFiles;
import io.tapelake.collector.meta.ObservedTerms;
import io.tapelake.collector.meta.Terms;
import io.tapelake.collector.observe.Complaints;
import io.tapelake.collector.observe.Metrics;
import io.tapelake.collector.write.VaultFiles;
import io.tapelake.vault.TradeLine;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns the contract terms of every instrument, from REST and from the channel of the instruments,
 * and the exchange's clock. What is bad or missing is asked for again, for ever; terms that are
 * known go on to hold. Not thread-safe.
 */
final class Metadata {

  private static final Logger LOG = LoggerFactory.getLogger(Metadata.class);

  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final int MAX_DOUBLINGS = 5;

  /** How soon terms that differ are read again. */
  private static final Duration CONFIRM = Duration.ofMillis(500);

  private static final Duration TIME_REFRESH = Duration.ofMinutes(10);

  /**
   * How long trades wait at most for terms that may have changed unseen: answers take far less, and
   * while REST is away what was recorded with the terms known is worth more than what was not.
   */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

  /** More than so many are asked for with one request for all swaps. */
  private static final int FEW = 3;

  /** Bad answers in a row, of all instruments, after which the schema is taken to be broken. */
  private static final int TOO_OFTEN = 5;

  /** Failures in a row, over some minutes, after which trades wait no longer for their terms. */
  private static final int GO_ON_AFTER = 10;

  private static final class Entry {
    final Feed feed;
    final MetadataFiles files;
    Instant due = Instant.MIN;
    Instant asked = Instant.MIN;
    int failures;
    int broken;

    /** Since when the terms are looked at again that may have changed unseen. */
    Instant lookedFrom = Instant.MIN;

    /** Until when a change that nobody saw is told of. */
    Instant toldUntil = Instant.MIN;

    /** Changes that are in no file yet, in order. */
    final Deque<Change> unsaved = new ArrayDeque<>();

    Instant saveDue = Instant.MIN;

    Entry(Feed feed, MetadataFiles files) {
      this.feed = feed;
      this.files = files;
    }
  }

  /**
   * Terms that hold from a time on.
   *
   * @param lasting whether their file has to be there after a power cut
   */
  private record Change(JsonNode row, Terms terms, Instant since, boolean lasting) {}

  private final RestDesk desk;
  private final Lines lines;
  private final Metrics metrics;
  private final Clock wall;
  private final Clock steady;
  private final Duration refresh;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Complaints complaints = new Complaints();
  private Instant timeDue;
  private Duration skew;
  private boolean askingTime;
  private boolean asking;

  /**
   * @param files the metadata files of each feed's instrument
   */
  Metadata(
      RestDesk desk,
      Lines lines,
      Map<Feed, MetadataFiles> files,
      Metrics metrics,
      Clock wall,
      Clock steady,
      Duration refresh) {
    this.desk = desk;
    this.lines = lines;
    this.metrics = metrics;
    this.wall = wall;
    this.steady = steady;
    this.refresh = refresh;
    this.timeDue = steady.instant();
    files.forEach((feed, own) -> entries.put(feed.instrument, new Entry(feed, own)));
  }

  /** Asks for what is due. */
  void tick(Instant now) {
    for (Entry entry : entries.values()) {
      if (!entry.unsaved.isEmpty() && !now.isBefore(entry.saveDue)) {
        save(entry, now);
      }
      if (!now.isBefore(entry.lookedFrom.plus(LONGEST_WAIT))) {
        entry.feed.terms.cannotBeRead();
      }
    }
    askTime(now);
    boolean clockFirst = skew == null && askingTime;
    if (asking || clockFirst || !desk.otherOpen(now)) {
      return;
    }
    List<Entry> due = new ArrayList<>();
    for (Entry entry : entries.values()) {
      boolean wanted =
          entry.failures == 0
              && entry.feed.recording.wantsTerms()
              && !now.isBefore(entry.asked.plus(CONFIRM));
      if (wanted || !now.isBefore(entry.due)) {
        due.add(entry);
      }
    }
    if (!due.isEmpty()) {
      asking = true;
      due.sort(Comparator.comparing(entry -> entry.asked));
      List<Entry> asked = due.size() > FEW ? due : due.subList(0, 1);
      asked.forEach(entry -> entry.asked = now);
      desk.metadata(
          due.size() > FEW ? null : asked.get(0).feed.instrument, answer -> take(asked, answer));
    }
  }

  /** A start or a new connection may have missed a change. */
  void readAgain(Feed feed) {
    Entry entry = entries.get(feed.instrument);
    entry.due = steady.instant();
    if (feed.terms.unseenSince() == null) {
      entry.lookedFrom = entry.due;
    }
    feed.terms.mayHaveChanged(feed.recording.newestMade());
  }

  private void askTime(Instant now) {
    if (askingTime || now.isBefore(timeDue) || !desk.otherOpen(now)) {
      return;
    }
    askingTime = true;
    Instant asked = wall.instant();
    desk.time(
        answer -> {
          askingTime = false;
          timeDue = steady.instant().plus(TIME_REFRESH);
          try {
            long exchange = Long.parseLong(RestDecoder.data(answer).get(0).path("ts").asText());
            long middle = (asked.toEpochMilli() + wall.millis()) / 2;
            skew = Duration.ofMillis(exchange - middle);
            metrics.skew.set(skew.toMillis() / 1000.0);
          } catch (IOException | RuntimeException e) {
            timeDue = steady.instant().plus(RETRY.multipliedBy(5));
          }
        });
  }

  // --- what REST says

  private void take(List<Entry> asked, RestAnswer answer) {
    asking = false;
    Map<String, JsonNode> rows;
    try {
      rows =
          RestDecoder.listings(
              answer,
              asked.stream().map(entry -> entry.feed.instrument).collect(Collectors.toSet()));
    } catch (IOException e) {
      boolean isUnknown = RestDecoder.saysUnknownInstrument(e);
      if (!isUnknown) {
        waitNoLonger();
      }
      for (Entry entry : asked) {
        if (isUnknown) {
          unknown(entry, e.getMessage());
        } else {
          failed(entry, VaultFiles.reason(e));
        }
      }
      return;
    }
    for (Entry entry : asked) {
      JsonNode row = rows.get(entry.feed.instrument);
      if (row == null) {
        unknown(entry, "REST lists no such instrument");
      } else {
        observed(entry, row, true);
      }
    }
  }

  private void waitNoLonger() {
    entries.values().forEach(entry -> entry.feed.terms.cannotBeRead());
  }

  private void failed(Entry entry, String reason) {
    Instant now = steady.instant();
    if (retry(entry, now)) {
      cannotBeRead(entry, reason, now);
    }
  }

  private void cannotBeRead(Entry entry, String reason, Instant now) {
    entry.feed.troubles.trouble(
        Trouble.TERMS,
        entry.feed.terms.latest() == null
            ? "no contract terms yet: " + reason
            : "contract terms cannot be read: " + reason + meanwhile(entry));
    lines.rereadListings(now);
  }

  /** What becomes of an instrument's trades while its terms cannot be read. */
  private static String meanwhile(Entry entry) {
    if (entry.feed.terms.latest() == null) {
      return "; nothing is written until it is good";
    }
    boolean waits = entry.feed.recording.wantsTerms() && entry.failures < GO_ON_AFTER;
    return waits
        ? "; trades wait for their terms, which may have changed in a halt"
        : "; going on with the terms known so far";
  }

  /** Asks again after a while; whether trades wait meanwhile, or may not have their terms. */
  private static boolean retry(Entry entry, Instant now) {
    ObservedTerms terms = entry.feed.terms;
    terms.cannotBeRead();
    boolean isWanted = !terms.areSure() || entry.feed.recording.wantsTerms();
    int doublings = Math.min(entry.failures, MAX_DOUBLINGS);
    entry.failures++;
    entry.due = now.plus(RETRY.multipliedBy(1L << doublings));
    if (entry.failures >= GO_ON_AFTER) {
      terms.goOn();
    }
    return isWanted;
  }

  /** One without terms may not be listed yet; one that has them may have been delisted. */
  private void unknown(Entry entry, String reason) {
    Instant now = steady.instant();
    boolean isWanted = retry(entry, now);
    if (entry.feed.terms.latest() == null) {
      entry.feed.troubles.trouble(
          Trouble.TERMS, "not listed (" + Excerpt.of(reason) + "); it is asked for again");
    } else if (isWanted) {
      cannotBeRead(entry, Excerpt.of(reason), now);
    } else {
      entry.due = now.plus(refresh);
      LOG.warn(
          "{}: {}; going on with the terms known so far",
          entry.feed.instrument,
          Excerpt.of(reason));
    }
  }

  // --- what the channel of the instruments says

  /** Takes instruments as they are pushed; the metadata files keep what REST serves. */
  void pushed(List<JsonNode> rows) {
    for (JsonNode row : rows) {
      Entry entry = entries.get(row.path("instId").asText(""));
      if (entry != null) {
        observed(entry, row, false);
        lines.askAgainFor(entry.feed.instrument);
      }
    }
  }

  private void observed(Entry entry, JsonNode row, boolean fromRest) {
    Instant now = steady.instant();
    Feed feed = entry.feed;
    Terms terms;
    try {
      terms = Terms.of(feed.instrument, row);
    } catch (BadMetadataException e) {
      bad(entry, row, e, now);
      return;
    }
    entry.broken = 0;
    Instant at =
        feed.noLaterThanPushed(wall.instant().plus(skew == null ? Duration.ZERO : skew), now);
    Instant unseenSince = feed.terms.unseenSince();
    if (unseenSince != null) {
      at = at.minus(Duration.between(entry.lookedFrom, now));
    }
    ObservedTerms.Outcome outcome = feed.terms.observed(terms, at, feed.recording.newestMade());
    if (outcome == ObservedTerms.Outcome.DIFFERENT) {
      entry.due = now.plus(CONFIRM);
      feed.troubles.trouble(
          Trouble.TERMS,
          "the contract's terms differ now (%s); its trades wait until they are read again"
              .formatted(terms.contract()));
      return;
    }
    feed.troubles.well(Trouble.TERMS);
    if (!now.isBefore(entry.toldUntil)) {
      feed.troubles.well(Trouble.TERMS_UNSEEN);
    }
    if (fromRest) {
      entry.failures = 0;
      entry.due = now.plus(refresh);
    }
    if (outcome == ObservedTerms.Outcome.CHANGED) {
      LOG.warn("{}: the contract's terms are {} now", feed.instrument, terms.contract());
      if (unseenSince != null) {
        entry.toldUntil = now.plus(refresh);
        changedUnseen(feed, unseenSince);
      }
    }
    switch (outcome) {
      case FIRST, CHANGED -> {
        boolean lasting = outcome == ObservedTerms.Outcome.CHANGED;
        entry.unsaved.add(new Change(row, terms, feed.terms.since(), lasting));
        save(entry, now);
      }
      default -> {
        if (entry.unsaved.isEmpty() && (fromRest || outcome != ObservedTerms.Outcome.SAME)) {
          keepHint(entry, row, terms, at);
        }
      }
    }
  }

  /** Trades of that time that REST fills in have the terms of before: somebody has to know. */
  private static void changedUnseen(Feed feed, Instant since) {
    feed.troubles.trouble(
        Trouble.TERMS_UNSEEN,
        "the contract's terms changed to %s unseen%s"
            .formatted(
                feed.terms.latest(),
                since.equals(Instant.EPOCH)
                    ? ""
                    : "; trades between %s and %s may have had these already"
                        .formatted(
                            TradeLine.formatTime(since),
                            TradeLine.formatTime(feed.terms.since()))));
  }

  private void keepHint(Entry entry, JsonNode row, Terms terms, Instant at) {
    try {
      entry.files.keepHint(row, terms, at);
    } catch (IOException e) {
      notKept(entry, e);
    }
  }

  /** Trades get the terms of their time, also after a restart: a change keeps its time. */
  private void save(Entry entry, Instant now) {
    try {
      while (!entry.unsaved.isEmpty()) {
        Change change = entry.unsaved.peek();
        if (change.lasting()) {
          entry.files.keep(change.row(), change.terms(), change.since());
        } else {
          entry.files.keepHint(change.row(), change.terms(), change.since());
        }
        entry.unsaved.remove();
      }
    } catch (IOException e) {
      entry.saveDue = now.plus(RETRY);
      notKept(entry, e);
    }
  }

  /** Tries once more to keep what is in no file yet; no trade waits for a reading any more. */
  void finish() {
    waitNoLonger();
    entries.values().forEach(entry -> save(entry, steady.instant()));
  }

  private void notKept(Entry entry, IOException failure) {
    String instrument = entry.feed.instrument;
    if (complaints.due(instrument, steady.instant())) {
      LOG.warn("{}: metadata cannot be kept: {}", instrument, VaultFiles.reason(failure));
    }
  }

  private void bad(Entry entry, JsonNode row, BadMetadataException e, Instant now) {
    retry(entry, now);
    boolean notOpenYet = row.path("state").asText("").equals("preopen");
    entry.broken += notOpenYet ? 0 : 1;
    entry.feed.troubles.trouble(Trouble.TERMS, e.getMessage() + meanwhile(entry));
  }

  // --- what it shows

  /** Why nothing at all can be written any more; null while something can. */
  String buildFailure() {
    for (Entry entry : entries.values()) {
      if (entry.feed.terms.latest() != null || entry.broken < TOO_OFTEN) {
        return null;
      }
    }
    return "the contract metadata of all instruments makes no sense: "
        + String.join("; ", entries.values().iterator().next().feed.troubles.texts());
  }

  /** The exchange's clock less the local one; null while they were not compared. */
  Duration skew() {
    return skew;
  }
}
