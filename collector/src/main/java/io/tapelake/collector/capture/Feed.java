package io.tapelake.collector.capture;

import io.tapelake.collector.connect.Silence;
import io.tapelake.collector.cover.Coverage;
import io.tapelake.collector.cover.Coverage.Verdict;
import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.decode.RefusedRow;
import io.tapelake.collector.decode.TradeRow;
import io.tapelake.collector.meta.ObservedTerms;
import io.tapelake.collector.observe.Complaints;
import io.tapelake.collector.observe.Metrics.InstrumentMetrics;
import io.tapelake.vault.TradeLine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the exchange says of one instrument, by pushes and by REST: each trade is judged, and goes
 * to the {@link Recording} once. Whatever goes wrong with it stays here. Not thread-safe.
 */
final class Feed {

  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

  /** Ids that an unreadable push names are believed to exist only so far ahead. */
  private static final int NEAR = 1_000;

  private static final Duration BETWEEN_PROBES_OF_DOUBTS = Duration.ofSeconds(2);

  /** How long a push takes, mostly far less. */
  private static final Duration MOST_BEHIND_THE_EXCHANGE = Duration.ofSeconds(1);

  /** Pushes in a row without a trade, and for so long, are no glitch of the exchange any more. */
  private static final int TOO_MANY_UNREADABLE = 20;

  private static final Duration LONGEST_GLITCH = Duration.ofSeconds(10);

  /** Where a trade came from. */
  private enum Source {
    PUSH,
    REST
  }

  final String instrument;
  final ObservedTerms terms;
  final Silence silence;
  final InstrumentMetrics metrics;
  final Troubles troubles;
  final Recording recording;
  boolean probeWanted;
  boolean probing;
  private final Clock wall;
  private final Clock steady;
  private final Complaints complaints = new Complaints();
  private final Doubts doubts = new Doubts();
  private Instant doubtsProbed = Instant.MIN;
  private Instant newestPushed;
  private Instant newestPushedAt;
  private String cause = "start";
  private long lastPushedId = -1;
  private int unreadable;
  private Instant unreadableSince = Instant.MAX;
  private int stalls;
  private long tradesSinceReport;

  Feed(
      String instrument,
      ObservedTerms terms,
      Silence silence,
      InstrumentMetrics metrics,
      Troubles troubles,
      Recording recording,
      Clock wall,
      Clock steady) {
    this.instrument = instrument;
    this.terms = terms;
    this.silence = silence;
    this.metrics = metrics;
    this.troubles = troubles;
    this.recording = recording;
    this.wall = wall;
    this.steady = steady;
    metrics.lastPush.set(wall.millis() / 1000.0);
  }

  // --- trades

  /** What the next gap that is noticed will be put down to. */
  void nextGapIsDueTo(String reason) {
    cause = reason;
  }

  /** Takes what was pushed: writes the trades that are new. */
  void pushed(List<TradeRow> rows, List<RefusedRow> refused) {
    Instant now = steady.instant();
    silence.pushed(now);
    if (!refused.isEmpty()) {
      refused(refused, now);
    }
    if (!rows.isEmpty()) {
      unreadable = 0;
      troubles.well(Trouble.PUSHES);
      metrics.lastPush.set(wall.millis() / 1000.0);
    }
    for (TradeRow row : rows) {
      if (lastPushedId >= 0 && row.count() > 1 && row.firstId() != lastPushedId + 1) {
        metrics.aggregateBreaks.inc();
      }
      lastPushedId = row.id();
      metrics.lag.set((wall.millis() - row.time().toEpochMilli()) / 1000.0);
      if (newestPushed == null || row.time().isAfter(newestPushed)) {
        newestPushed = row.time();
        newestPushedAt = now;
      }
      take(row, Source.PUSH, now);
    }
  }

  /** A time of the exchange's clock, unless what was pushed shows that it is later than that. */
  Instant noLaterThanPushed(Instant time, Instant now) {
    if (newestPushed == null) {
      return time;
    }
    Instant latest =
        newestPushed.plus(Duration.between(newestPushedAt, now)).plus(MOST_BEHIND_THE_EXCHANGE);
    return time.isAfter(latest) ? latest : time;
  }

  /** What cannot be read may be had from REST; when nothing can be read any more, that is said. */
  private void refused(List<RefusedRow> refused, Instant now) {
    metrics.refused.inc(refused.size());
    unreadableSince = unreadable == 0 ? now : unreadableSince;
    unreadable++;
    String first = refused.get(0).toString();
    if (unreadable > 2) {
      troubles.trouble(
          Trouble.PUSHES, unreadable + " pushes in a row hold no trade, the last: " + first);
    } else if (complaints.due("refused", now)) {
      LOG.warn("{}: a pushed row is no trade: {}; asking REST for it", instrument, first);
    }
    Coverage coverage = recording.coverage();
    if (coverage != null) {
      for (RefusedRow row : refused) {
        if (row.id() >= 0 && row.id() <= coverage.highest() + NEAR) {
          coverage.existsUpTo(row.id(), "unreadable push", now);
        }
      }
    }
    probeWanted = true;
  }

  /** Whether pushes hold no trade any more, so many and for so long that it is no glitch. */
  boolean isUnreadable() {
    return unreadable >= TOO_MANY_UNREADABLE
        && !steady.instant().isBefore(unreadableSince.plus(LONGEST_GLITCH));
  }

  /**
   * Takes a page of REST; rows from before this collector's time are none of its business, nor are
   * those of the days before ids started over.
   */
  void fetched(List<TradeRow> rows) {
    Coverage coverage = recording.coverage();
    if (coverage == null) {
      return;
    }
    Instant now = steady.instant();
    List<TradeRow> own =
        rows.stream()
            .filter(row -> row.id() >= coverage.watchFrom() && !coverage.isBeforeThisLife(row))
            .toList();
    if (!own.isEmpty()) {
      LongSummaryStatistics ids = own.stream().mapToLong(TradeRow::id).summaryStatistics();
      coverage.seenAtRest(new IdRange(ids.getMin(), ids.getMax()), now);
      own.forEach(row -> take(row, Source.REST, now));
    }
  }

  private void take(TradeRow row, Source source, Instant now) {
    Coverage coverage = recording.coverage();
    if (coverage == null) {
      recording.heard(row);
      return;
    }
    Verdict verdict = coverage.judge(row);
    if (verdict == Verdict.NEW) {
      if (!recording.hasRoom() || !recording.look(row, now)) {
        recording.leave(row, now);
        return;
      }
      verdict = coverage.judge(row);
    }
    switch (verdict) {
      case NEW -> keep(row, source, now);
      case DUPLICATE -> metrics.duplicates.inc();
      case PARTLY_IN -> {
        metrics.partlyIn.inc();
        coverage.notWritten(row, "partly in", now);
      }
      default -> setAside(row, verdict, now);
    }
  }

  private void keep(TradeRow row, Source source, Instant now) {
    recording.add(row, cause, now);
    tradesSinceReport++;
    if (source == Source.REST) {
      metrics.fetched.inc();
    } else {
      stalls = 0;
      troubles.well(Trouble.STALLS);
      cause = "jump in the ids";
    }
  }

  /** How many trades came since this was asked last. */
  long takeTradesSinceReport() {
    long trades = tradesSinceReport;
    tradesSinceReport = 0;
    return trades;
  }

  /** Takes note that it is stalled; how many times in a row, without a new trade pushed since. */
  int stalled() {
    return ++stalls;
  }

  // --- trades whose ids contradict what is known

  private void setAside(TradeRow row, Verdict verdict, Instant now) {
    Coverage coverage = recording.coverage();
    if (verdict == Verdict.TAKEN) {
      coverage.notWritten(row, "its id is taken", now);
    } else {
      doubts.add(row, verdict, now);
      troubles.trouble(
          Trouble.IDS,
          "trade %d of %s at %s cannot be true beside those up to %d (did ids start over?); set aside in %s until REST tells"
              .formatted(
                  row.id(),
                  TradeLine.formatTime(row.time()),
                  row.price().toPlainString(),
                  coverage.highest(),
                  "quarantine/collector"));
    }
    if (!doubts.isNews(row)) {
      return;
    }
    metrics.setAside.inc();
    if (!recording.setAside(row, "id_" + verdict.name().toLowerCase(Locale.ROOT))
        && complaints.due("aside", now)) {
      LOG.error("{}: trade {} cannot even be set aside: no room", instrument, row.id());
    }
  }

  boolean hasDoubts() {
    return !doubts.isEmpty();
  }

  /** Whether REST's newest trades are wanted now; true once for each time they are. */
  boolean takeProbeWanted(Instant now) {
    boolean doubtful = hasDoubts() && !now.isBefore(doubtsProbed.plus(BETWEEN_PROBES_OF_DOUBTS));
    boolean wanted = probeWanted || doubtful;
    doubtsProbed = doubtful ? now : doubtsProbed;
    probeWanted = false;
    return wanted;
  }

  /**
   * What REST's newest trades say of those that were set aside.
   *
   * @param page by ascending id; not empty
   */
  void settle(List<TradeRow> page, Instant now) {
    Coverage coverage = recording.coverage();
    TradeRow newest = page.get(0);
    for (TradeRow row : page) {
      newest = row.time().isBefore(newest.time()) ? newest : row;
    }
    if (doubts.sayStartOver() && coverage.showsStartOver(newest)) {
      startOver(page.get(0), now);
    } else if (newest.id() > coverage.highest()) {
      coverage.existsUpTo(newest.id(), "seen at REST", now);
    }
    boolean isRecent =
        !newest.time().isBefore(doubts.newest())
            || !now.isBefore(doubts.since().plus(Duration.ofMinutes(1)));
    doubts.take().forEach(row -> take(row, Source.PUSH, now));
    if (!doubts.isEmpty() && isRecent) {
      LOG.warn(
          "{}: REST does not know {} of the trades that were set aside; they stay in the quarantine",
          instrument,
          doubts.size());
      doubts.take();
    }
    if (doubts.isEmpty()) {
      doubts.clear();
      troubles.well(Trouble.IDS);
    }
  }

  private void startOver(TradeRow known, Instant now) {
    TradeRow first = known;
    for (TradeRow row : doubts.rows()) {
      first = row.id() < first.id() ? row : first;
    }
    if (recording.startOver(first, now)) {
      lastPushedId = -1;
    }
  }

  /** Without REST, the exchange's own persistence settles it. */
  void settleByPushes(Instant now) {
    if (recording.coverage() != null && hasDoubts() && doubts.areConvincing(now)) {
      List<TradeRow> rows = doubts.rows();
      settle(rows.subList(rows.size() - 1, rows.size()), now);
    }
  }
}
