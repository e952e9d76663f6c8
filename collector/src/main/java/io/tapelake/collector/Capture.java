package io.tapelake.collector;

import com.fasterxml.jackson.databind.JsonNode;
import io.tapelake.collector.connect.Rest;
import io.tapelake.collector.connect.Silence;
import io.tapelake.collector.connect.Sockets;
import io.tapelake.collector.decode.Message;
import io.tapelake.collector.meta.MetadataFiles;
import io.tapelake.collector.meta.ObservedTerms;
import io.tapelake.collector.meta.SaidTerms;
import io.tapelake.collector.meta.TermsHistory;
import io.tapelake.collector.observe.Metrics;
import io.tapelake.collector.write.VaultFiles;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The capture of all instruments: what the exchange says goes to the {@link Feed} that it is about;
 * connections, metadata, gaps and files have their own parts. Runs on one thread and never waits,
 * so that a whole life of it can be played in simulated time.
 */
final class Capture implements Lines.Listener {

  private static final Logger LOG = LoggerFactory.getLogger(Capture.class);

  /** What time makes due is looked for so often: with hundreds of instruments it costs. */
  private static final Duration BETWEEN_TICKS = Duration.ofMillis(10);

  /** Pushes in a row, of all instruments, after which the schema is taken to be broken. */
  private static final int TOO_MANY_UNREADABLE = 20;

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

  Capture(
      Settings settings,
      Sockets sockets,
      Rest rest,
      Clock wall,
      Clock steady,
      RandomGenerator random,
      Metrics metrics)
      throws UsageException {
    this.steady = steady;
    Instant now = steady.instant();
    Map<Feed, MetadataFiles> files = new LinkedHashMap<>();
    Room room =
        new Room(settings.number(Setting.PENDING_LIMIT) * 1024L, settings.instruments().size());
    for (String instrument : settings.instruments()) {
      MetadataFiles own = new MetadataFiles(settings.vault(), instrument);
      Feed feed =
          new Feed(
              settings.vault(),
              instrument,
              terms(settings, instrument, own),
              settings.fillPolicy(),
              new Silence(
                  settings.duration(Setting.SILENCE),
                  settings.duration(Setting.SILENCE_GRACE),
                  now),
              metrics.instrument(instrument),
              new Disk(random),
              room,
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
    filling = new Filling(desk, lines, metrics, steady);
    writing = new Writing(settings, order, room);
    order.forEach(feed -> feed.openIfDue(now));
  }

  /** What was observed of an instrument's terms before, or what a person says they are. */
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
    boolean observed = history.latest() != null;
    for (SaidTerms said : settings.terms()) {
      if (!said.instrument().equals(instrument)) {
        continue;
      }
      if (!observed) {
        terms.said(said.since(), said.contract());
      } else if (!said.contract().equals(history.knownAt(Instant.MAX))) {
        throw new UsageException(
            "--terms says %s of %s, the vault knows %s; correct one of them."
                .formatted(said.contract(), instrument, history.latest()));
      }
    }
    return terms;
  }

  /** Does what time makes due. */
  void tick() {
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
            feed.openIfDue(now);
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
      feed.beginAnew(e, steady.instant());
    }
  }

  // --- what the exchange says

  @Override
  public void trades(Feed feed, Message.Trades trades) {
    guarded(feed, () -> feed.pushed(trades.rows(), trades.refused()));
    if (!trades.refused().isEmpty() && isSchemaBroken()) {
      buildFailure = "pushes of all instruments hold no trade any more: " + troubles();
    }
  }

  private boolean isSchemaBroken() {
    for (Feed feed : order) {
      int unreadable = feed.unreadablePushes();
      if (unreadable >= 0 && unreadable < TOO_MANY_UNREADABLE) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void listings(List<JsonNode> rows) {
    metadata.pushed(rows);
  }

  @Override
  public void subscribed(Feed feed) {
    feed.silence.pushed(steady.instant());
    feed.probeWanted = feed.coverage() != null && feed.coverage().highest() >= 0;
    metadata.readAgain(feed);
  }

  /** Asks for nothing more; what is on its way is taken all the same. */
  void stopListening() {
    lines.stop();
  }

  /** Stops listening, writes and remembers everything; what could not be is said in the end. */
  void finish() throws IOException {
    stopListening();
    Instant now = steady.instant();
    // The disk is told of all files before any of them is waited for.
    order.forEach(feed -> guarded(feed, () -> feed.flush(now)));
    order.forEach(feed -> feed.beginSync(now));
    List<String> failures = new ArrayList<>();
    for (Feed feed : order) {
      try (feed) {
        feed.finish();
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
  String buildFailure() {
    return buildFailure;
  }

  /** What is wrong; empty when nothing is. */
  List<String> troubles() {
    List<String> troubles = new ArrayList<>();
    order.forEach(feed -> troubles.addAll(feed.troubles()));
    String rest = desk.trouble(steady.instant());
    if (rest != null) {
      troubles.add(rest);
    }
    return troubles;
  }

  /** What keeps it from being ready; empty when nothing does. */
  List<String> waitingFor() {
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
  void report() {
    lines.report();
    for (Feed feed : order) {
      feed.report();
      feed.metrics.degraded().set(degraded(feed));
    }
  }

  private int degraded(Feed feed) {
    return feed.troubles().isEmpty() && !lines.hasFallenBack(feed.instrument) ? 0 : 1;
  }

  Map<String, Feed> feeds() {
    return feeds;
  }

  Duration skew() {
    return metadata.skew();
  }
}
