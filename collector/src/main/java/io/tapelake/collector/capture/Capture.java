package io.tapelake.collector.capture;

import com.fasterxml.jackson.databind.JsonNode;
import io.tapelake.collector.connect.Rest;
import io.tapelake.collector.connect.Silence;
import io.tapelake.collector.connect.Sockets;
import io.tapelake.collector.cover.Coverage;
import io.tapelake.collector.decode.Message;
import io.tapelake.collector.meta.MetadataFiles;
import io.tapelake.collector.meta.ObservedTerms;
import io.tapelake.collector.meta.SaidTerms;
import io.tapelake.collector.meta.TermsHistory;
import io.tapelake.collector.observe.Metrics;
import io.tapelake.collector.settings.Setting;
import io.tapelake.collector.settings.Settings;
import io.tapelake.collector.settings.UsageException;
import io.tapelake.collector.write.VaultFiles;
import io.tapelake.vault.Contract;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The capture of all instruments: what the exchange says goes to the {@link Feed} that it is about;
 * connections, metadata, gaps and files have their own parts. Runs on one thread and never waits,
 * so that a whole life of it can be played in simulated time.
 */
public final class Capture implements Lines.Listener {

  private static final Logger LOG = LoggerFactory.getLogger(Capture.class);

  /** What time makes due is looked for so often: with hundreds of instruments it costs. */
  private static final Duration BETWEEN_TICKS = Duration.ofMillis(10);

  /** More instruments than these are summed up in the log. */
  private static final int MOST_IN_A_LINE = 5;

  private final Clock steady;
  private final Map<String, Feed> feeds = new LinkedHashMap<>();
  private final RestDesk desk;
  private final Lines lines;
  private final Metadata metadata;
  private final Filling filling;
  private final Writing writing;
  private final List<Feed> order;
  private Instant due = Instant.MIN;
  private int first;
  private String buildFailure;

  public Capture(
      Settings settings,
      Sockets sockets,
      Rest rest,
      Clock wall,
      Clock steady,
      RandomGenerator random,
      Metrics metrics)
      throws UsageException {
    for (SaidTerms said : settings.terms()) {
      if (!settings.instruments().contains(said.instrument())) {
        throw new UsageException(
            "--terms says those of %s, which is not recorded; correct it, or --instruments."
                .formatted(said.instrument()));
      }
    }
    this.steady = steady;
    Instant now = steady.instant();
    Map<Feed, MetadataFiles> files = new LinkedHashMap<>();
    Room room =
        new Room(settings.number(Setting.PENDING_LIMIT) * 1024L, settings.instruments().size());
    for (String instrument : settings.instruments()) {
      MetadataFiles own = new MetadataFiles(settings.vault(), instrument);
      ObservedTerms terms = terms(settings, instrument, own);
      Troubles troubles = new Troubles(instrument, steady);
      Recording recording =
          new Recording(
              settings.vault(),
              instrument,
              terms,
              settings.fillPolicy(),
              metrics.instrument(instrument),
              troubles,
              new Disk(random),
              room,
              wall);
      Silence silence =
          new Silence(
              settings.duration(Setting.SILENCE), settings.duration(Setting.SILENCE_GRACE), now);
      Feed feed =
          new Feed(
              instrument,
              terms,
              silence,
              metrics.instrument(instrument),
              troubles,
              recording,
              wall,
              steady);
      feeds.put(instrument, feed);
      files.put(feed, own);
    }
    order = List.copyOf(feeds.values());
    desk =
        new RestDesk(
            rest,
            metrics,
            steady,
            settings.duration(Setting.REST_HISTORY_SPACING),
            settings.duration(Setting.REST_SPACING),
            random);
    lines = new Lines(settings, sockets, steady, random, feeds, metrics, this);
    metadata =
        new Metadata(
            desk, lines, files, metrics, wall, steady, settings.duration(Setting.METADATA_REFRESH));
    filling = new Filling(desk, lines, metrics, steady, this::guarded);
    writing = new Writing(settings, order, room);
    order.forEach(feed -> guarded(feed, () -> feed.recording.openIfDue(now)));
    order.forEach(metadata::readAgain);
  }

  /**
   * What was observed of an instrument's terms before; what a person says counts for the times
   * before the first observation, and its end has to be among what was observed.
   */
  private static ObservedTerms terms(Settings settings, String instrument, MetadataFiles files)
      throws UsageException {
    TermsHistory history;
    try {
      history = files.load();
    } catch (IOException e) {
      LOG.warn("{}: metadata cannot be read: {}", instrument, VaultFiles.reason(e));
      history = new TermsHistory();
    }
    ObservedTerms terms = new ObservedTerms(history);
    List<SaidTerms> said =
        settings.terms().stream()
            .filter(one -> one.instrument().equals(instrument))
            .sorted(Comparator.comparing(SaidTerms::since))
            .toList();
    Set<Instant> observed = new TreeSet<>(history.changes());
    if (!said.isEmpty() && !observed.isEmpty()) {
      Contract last = said.get(said.size() - 1).contract();
      if (observed.stream().map(history::at).noneMatch(last::equals)) {
        throw new UsageException(
            "--terms says %s of %s, the vault knows %s; correct one of them."
                .formatted(last, instrument, history.latest()));
      }
    }
    for (SaidTerms one : said) {
      // One alone says nothing of a change before the first observation.
      boolean counts = said.size() > 1 && observed.stream().allMatch(one.since()::isBefore);
      if (observed.isEmpty() || counts) {
        terms.said(one.since(), one.contract());
      }
    }
    return terms;
  }

  /** Does what time makes due. */
  public void tick() {
    Instant now = steady.instant();
    if (now.isBefore(due)) {
      return;
    }
    due = now.plus(BETWEEN_TICKS);
    lines.tick(now);
    metadata.tick(now);
    int size = order.size();
    for (int i = 0; i < size; i++) {
      Feed feed = order.get((i + first) % size);
      guarded(
          feed,
          () -> {
            feed.recording.openIfDue(now);
            filling.tick(feed, now);
          });
    }
    first = (first + 1) % size;
    writing.tick(now, this::guarded);
    if (buildFailure == null) {
      buildFailure = metadata.buildFailure();
    }
  }

  /** What nobody thought of stays with the instrument it happened to. */
  private void guarded(Feed feed, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      feed.recording.beginAnew(e, steady.instant());
    }
  }

  // --- what the exchange says

  @Override
  public void trades(Feed feed, Message.Trades trades) {
    guarded(feed, () -> feed.pushed(trades.rows(), trades.refused()));
    if (!trades.refused().isEmpty() && order.stream().allMatch(Feed::isUnreadable)) {
      buildFailure = "pushes of all instruments hold no trade any more: " + troubles();
    }
  }

  @Override
  public void listings(List<JsonNode> rows) {
    metadata.pushed(rows);
  }

  @Override
  public void subscribed(Feed feed) {
    feed.silence.pushed(steady.instant());
    Coverage coverage = feed.recording.coverage();
    feed.probeWanted = coverage != null && coverage.highest() >= 0;
    metadata.readAgain(feed);
  }

  /** Asks for nothing more; what is on its way is taken all the same. */
  public void stopListening() {
    lines.stop();
  }

  /** Stops listening, writes and remembers everything; what could not be is said in the end. */
  public void finish() throws IOException {
    stopListening();
    Instant now = steady.instant();
    metadata.finish();
    // The disk is told of all files before any of them is waited for.
    order.forEach(feed -> guarded(feed, () -> feed.recording.flush(now)));
    order.forEach(feed -> feed.recording.beginSync(now));
    List<String> failures = new ArrayList<>();
    for (Feed feed : order) {
      try (Recording recording = feed.recording) {
        recording.finish(now);
      } catch (IOException | RuntimeException e) {
        failures.add(feed.instrument + ": " + VaultFiles.reason(e));
      }
    }
    if (!failures.isEmpty()) {
      throw new IOException(String.join("; ", failures));
    }
  }

  // --- what it shows

  /** Why the process has to end with BUILD_FAIL; null while it has not. */
  public String buildFailure() {
    return buildFailure;
  }

  /** What is wrong; empty when nothing is. */
  public List<String> troubles() {
    List<String> troubles = new ArrayList<>();
    order.forEach(feed -> troubles.addAll(feed.troubles.texts()));
    Instant now = steady.instant();
    Stream.of(lines.trouble(now), desk.trouble(now))
        .filter(Objects::nonNull)
        .forEach(troubles::add);
    return troubles;
  }

  /** Those of the troubles that keep it from nothing. */
  public List<String> news() {
    return order.stream().flatMap(feed -> feed.troubles.news().stream()).toList();
  }

  /** What keeps it from being ready; empty when nothing does. */
  public List<String> waitingFor() {
    List<String> waiting = new ArrayList<>();
    for (Feed feed : order) {
      if (feed.terms.latest() == null) {
        waiting.add(feed.instrument + ": contract metadata");
      }
      if (!lines.isSubscribed(feed.instrument)) {
        waiting.add(feed.instrument + ": subscription");
      }
    }
    return waiting;
  }

  /** Instruments of which aggregates are recorded, though single trades were asked for. */
  List<String> aggregated() {
    return order.stream().map(feed -> feed.instrument).filter(lines::hasFallenBack).toList();
  }

  /** Brings the figures up to date. */
  public void report() {
    lines.report();
    for (Feed feed : order) {
      feed.recording.report();
      feed.metrics.degraded.set(degraded(feed));
    }
  }

  private int degraded(Feed feed) {
    return feed.troubles.texts().isEmpty() && !lines.hasFallenBack(feed.instrument) ? 0 : 1;
  }

  /**
   * One line on what was captured since the last one; of many instruments their sum.
   *
   * @param time that has passed since then
   */
  public String summary(Duration time) {
    StringBuilder line = new StringBuilder();
    long all = 0;
    for (Feed feed : order) {
      long trades = feed.takeTradesSinceReport();
      all += trades;
      if (order.size() <= MOST_IN_A_LINE) {
        line.append(line.isEmpty() ? "" : "; ")
            .append(summary(feed.instrument, trades, time, List.of(feed)));
      }
    }
    return line.isEmpty()
        ? summary(order.size() + " instruments", all, time, order)
        : line.toString();
  }

  private static String summary(String what, long trades, Duration time, List<Feed> feeds) {
    return String.format(
        "%s %d trades (%.1f/s), lag %.3f s, %d gaps open, %d ids missing",
        what,
        trades,
        trades * 1000.0 / time.toMillis(),
        feeds.stream().mapToDouble(feed -> feed.metrics.lag.get()).max().orElse(0),
        feeds.stream().mapToInt(feed -> feed.recording.pendingGaps()).sum(),
        feeds.stream().mapToLong(feed -> feed.recording.missingIds()).sum());
  }

  Map<String, Feed> feeds() {
    return feeds;
  }

  /** The exchange's clock less the local one; null while they were not compared. */
  public Duration skew() {
    return metadata.skew();
  }
}
