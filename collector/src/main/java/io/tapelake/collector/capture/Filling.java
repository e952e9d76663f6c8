package io.tapelake.collector.capture;

import io.tapelake.collector.cover.Coverage;
import io.tapelake.collector.cover.Coverage.Verdict;
import io.tapelake.collector.decode.RefusedRow;
import io.tapelake.collector.decode.RestPage;
import io.tapelake.collector.decode.TradeRow;
import io.tapelake.collector.observe.Metrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has REST tell what pushes do not: the newest trades where pushes are silent, refused or doubtful,
 * and whatever is missing of older ones. Not thread-safe.
 */
final class Filling {

  private static final Logger LOG = LoggerFactory.getLogger(Filling.class);
  private static final Duration NO_ROOM_PAUSE = Duration.ofSeconds(2);

  /** Of all instruments: whole days are read, and what is pushed meanwhile has to wait. */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final RestDesk desk;
  private final Lines lines;
  private final Metrics metrics;
  private final Clock steady;
  private final BiConsumer<Feed, Runnable> guard;
  private Instant lookDue = Instant.MIN;

  /**
   * @param guard keeps to an instrument what goes wrong with its answers
   */
  Filling(
      RestDesk desk, Lines lines, Metrics metrics, Clock steady, BiConsumer<Feed, Runnable> guard) {
    this.desk = desk;
    this.lines = lines;
    this.metrics = metrics;
    this.steady = steady;
    this.guard = guard;
  }

  /** Asks for what is due of an instrument. */
  void tick(Feed feed, Instant now) {
    if (feed.recording.coverage() == null) {
      return;
    }
    probe(feed, now);
    fill(feed, now);
    if (!now.isBefore(lookDue) && feed.recording.lookAtImported(now)) {
      lookDue = steady.instant().plus(BETWEEN_LOOKS);
    }
    feed.settleByPushes(now);
  }

  private void probe(Feed feed, Instant now) {
    if (feed.silence.probeDue(now)) {
      feed.probeWanted = true;
    }
    if (feed.silence.stalled(now)) {
      stalled(feed, now);
    }
    boolean mayProbe = !feed.probing && feed.terms.latest() != null && desk.otherOpen(now);
    if (mayProbe && feed.takeProbeWanted(now)) {
      feed.probing = true;
      desk.newest(feed.instrument, page -> guard.accept(feed, () -> probed(feed, page)));
    }
  }

  private void probed(Feed feed, RestPage page) {
    feed.probing = false;
    Coverage coverage = feed.recording.coverage();
    if (page.kind() != RestPage.Kind.GOOD || page.rows().isEmpty() || coverage == null) {
      return;
    }
    Instant now = steady.instant();
    boolean pushed = lines.isSubscribed(feed.instrument);
    if (coverage.highest() < 0 && pushed) {
      return;
    }
    List<TradeRow> ascending = new ArrayList<>(page.rows());
    ascending.sort(Comparator.comparingLong(TradeRow::id));
    long newest = ascending.get(ascending.size() - 1).id();
    if (feed.hasDoubts()) {
      feed.settle(ascending, now);
    }
    if (newest > coverage.highest() && coverage.isNear(newest)) {
      feed.silence.behind(now);
    } else {
      feed.troubles.well(Trouble.STALLS);
    }
    feed.fetched(ascending);
    if (!pushed) {
      // Nothing else tells of its trades: the next probe is not to be a later one.
      feed.silence.pushed(now);
    }
  }

  private void stalled(Feed feed, Instant now) {
    metrics.stalls.inc();
    feed.silence.pushed(now);
    int times = feed.stalled();
    if (times == 1) {
      LOG.warn("{}: REST has newer trades than were pushed; the feed is stalled", feed.instrument);
    } else {
      feed.troubles.trouble(
          Trouble.STALLS,
          "REST has newer trades than were pushed, %d times in a row; they are taken from there"
              .formatted(times));
    }
    lines.revive(feed.instrument, times, now);
  }

  private void fill(Feed feed, Instant now) {
    if (!feed.recording.takesGaps() || !desk.historyOpen(now)) {
      return;
    }
    feed.recording.lookForImported(now);
    long before = feed.recording.coverage().gaps().nextPageBefore(now);
    if (before >= 0) {
      Coverage asked = feed.recording.coverage();
      desk.history(
          feed.instrument, before, page -> guard.accept(feed, () -> filled(feed, asked, page)));
    }
  }

  private void filled(Feed feed, Coverage asked, RestPage page) {
    Coverage coverage = feed.recording.coverage();
    if (coverage != asked) {
      return;
    }
    Instant now = steady.instant();
    switch (page.kind()) {
      case GOOD -> {
        feed.fetched(page.rows());
        if (page.refused().isEmpty() && page.rows().stream().allMatch(coverage::isBeforeThisLife)) {
          // Further down there is nothing else.
          coverage.gaps().answered(List.of(), List.of(), now);
        } else if (feed.recording.takesGaps()) {
          coverage.gaps().answered(page.rows(), notWritable(coverage, page), now);
        } else {
          coverage.gaps().failed(now, NO_ROOM_PAUSE);
        }
      }
      case UNKNOWN_INSTRUMENT -> coverage.gaps().answered(List.of(), List.of(), now);
      default -> coverage.gaps().failed(now, Duration.ZERO);
    }
  }

  /** Rows that are no trades, and trades whose ids are taken by others. */
  private List<RefusedRow> notWritable(Coverage coverage, RestPage page) {
    List<RefusedRow> rows = new ArrayList<>(page.refused());
    for (TradeRow row : page.rows()) {
      if (coverage.judge(row) == Verdict.TAKEN) {
        rows.add(new RefusedRow(row.id(), "another trade of that day has it"));
      }
    }
    return rows;
  }
}
