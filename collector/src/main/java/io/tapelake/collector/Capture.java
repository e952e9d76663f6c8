package io.tapelake.collector;

import com.fasterxml.jackson.databind.JsonNode;
import io.tapelake.collector.connect.Line;
import io.tapelake.collector.connect.Pace;
import io.tapelake.collector.connect.Rest;
import io.tapelake.collector.connect.Silence;
import io.tapelake.collector.connect.Sockets;
import io.tapelake.collector.decode.Message;
import io.tapelake.collector.decode.MessageDecoder;
import io.tapelake.collector.decode.RestAnswer;
import io.tapelake.collector.decode.RestDecoder;
import io.tapelake.collector.decode.RestPage;
import io.tapelake.collector.decode.TradeRow;
import io.tapelake.collector.meta.BadMetadataException;
import io.tapelake.collector.meta.Terms;
import io.tapelake.collector.observe.Metrics;
import io.tapelake.collector.write.VaultFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The capture of all instruments: hears what the exchange says, decides, and acts through the edges
 * it was given. Runs on one thread and never waits, so that a whole life of it can be played in
 * simulated time.
 */
final class Capture implements Line.Owner {

  private static final Logger LOG = LoggerFactory.getLogger(Capture.class);

  /** The exchange does not serve {@code trades-all} to us, whatever the instrument. */
  private static final Set<String> CHANNEL_REFUSED = Set.of("60011", "64002", "60008", "64001");

  /** Lines are written when this much is pending, before their time is up. */
  private static final int FLUSH_BYTES = 48 * 1024;

  private static final Duration METADATA_RETRY = Duration.ofSeconds(2);
  private static final Duration REFUSED_RETRY = Duration.ofMinutes(1);
  private static final Duration TIME_REFRESH = Duration.ofMinutes(10);
  private static final int MAX_DOUBLINGS = 5;
  private static final int UNKNOWN_INSTRUMENT_TRIES = 3;

  private final Settings settings;
  private final Clock wall;
  private final Clock steady;
  private final RandomGenerator random;
  private final Sockets sockets;
  private final RestDesk desk;
  private final Metrics metrics;
  private final Disk disk;
  private final Map<String, Feed> feeds = new LinkedHashMap<>();
  private final List<Line> lines = new ArrayList<>();
  private final Pace connecting;
  private final String channel;
  private final Settings.Fsync fsync;
  private final Duration flushInterval;
  private final Duration fsyncInterval;
  private final Duration stateInterval;
  private final Duration metadataRefresh;
  private Instant flushDue;
  private Instant fsyncDue;
  private Instant stateDue;
  private Instant timeDue;
  private Duration skew = Duration.ZERO;
  private boolean skewKnown;
  private boolean askingTime;
  private int nextFeed;
  private String buildFailure;

  Capture(
      Settings settings,
      Sockets sockets,
      Rest rest,
      Clock wall,
      Clock steady,
      RandomGenerator random,
      Metrics metrics)
      throws UsageException, IOException {
    this.settings = settings;
    this.sockets = sockets;
    this.wall = wall;
    this.steady = steady;
    this.random = random;
    this.metrics = metrics;
    this.disk = new Disk(settings.number(Setting.PENDING_LIMIT) * 1024L);
    this.connecting = new Pace(settings.duration(Setting.CONNECT_SPACING));
    this.channel = settings.channel();
    this.fsync = settings.fsync();
    this.flushInterval = settings.duration(Setting.FLUSH);
    this.fsyncInterval = settings.duration(Setting.FSYNC_INTERVAL);
    this.stateInterval = settings.duration(Setting.STATE_INTERVAL);
    this.metadataRefresh = settings.duration(Setting.METADATA_REFRESH);
    this.desk =
        new RestDesk(
            rest,
            metrics,
            steady,
            settings.duration(Setting.REST_HISTORY_SPACING),
            settings.duration(Setting.REST_SPACING),
            random);
    Instant now = steady.instant();
    flushDue = now;
    fsyncDue = now;
    stateDue = now;
    timeDue = now;
    Path vault = settings.vault();
    for (String instrument : settings.instruments()) {
      feeds.put(instrument, open(vault, instrument, now));
    }
    feeds.keySet().forEach(instrument -> carry(instrument, channel));
  }

  private Feed open(Path vault, String instrument, Instant now) throws UsageException, IOException {
    Silence silence =
        new Silence(
            settings.duration(Setting.SILENCE), settings.duration(Setting.SILENCE_GRACE), now);
    Feed feed =
        new Feed(
            vault,
            instrument,
            settings.fillPolicy(),
            silence,
            metrics.instrument(instrument),
            disk,
            wall,
            steady);
    LOG.info(
        "{}: known up to trade {}, {} missing since {}",
        instrument,
        feed.coverage.highest(),
        feed.missingIds(),
        feed.coverage.watchFrom());
    return feed;
  }

  /** Puts an instrument on a connection that serves the channel. */
  private void carry(String instrument, String onChannel) {
    int most;
    Line line;
    try {
      most = settings.number(Setting.PER_CONNECTION);
      line =
          lines.stream()
              .filter(each -> each.channel().equals(onChannel) && each.size() < most)
              .findFirst()
              .orElse(null);
      if (line == null) {
        line =
            new Line(
                onChannel,
                settings.socketUrl(onChannel),
                sockets,
                settings.linkTimes(),
                connecting,
                steady,
                random,
                this);
        lines.add(line);
      }
    } catch (UsageException e) {
      throw new IllegalStateException(e);
    }
    line.add(instrument);
  }

  private void drop(String instrument) {
    lines.forEach(
        line -> {
          if (line.carries(instrument)) {
            line.remove(instrument);
          }
        });
  }

  /** Does what time makes due. */
  void tick() {
    Instant now = steady.instant();
    lines.forEach(line -> line.tick(now));
    askTime(now);
    int size = feeds.size();
    List<Feed> all = new ArrayList<>(feeds.values());
    for (int i = 0; i < size; i++) {
      Feed feed = all.get((i + nextFeed) % size);
      if (feed.state != Feed.State.STOPPED) {
        refreshMetadata(feed, now);
        probe(feed, now);
        fill(feed, now);
      }
    }
    nextFeed = (nextFeed + 1) % size;
    if (disk.pending() >= FLUSH_BYTES || !now.isBefore(flushDue)) {
      flush(now);
    }
    remember(now);
  }

  // --- what the exchange says

  @Override
  public void trades(Message.Trades trades) {
    Feed feed = feeds.get(trades.instrument());
    if (feed == null) {
      fail(
          "the exchange pushed trades of '"
              + MessageDecoder.excerpt(trades.instrument())
              + "', which was not asked for");
      return;
    }
    if (trades.refused() > 0) {
      feed.metrics.refused().inc(trades.refused());
      LOG.warn("{}: {} pushed trades had values no trade has", feed.instrument, trades.refused());
    }
    for (TradeRow row : trades.rows()) {
      feed.take(row, Feed.Source.PUSH);
    }
  }

  @Override
  public void subscribed(Line line, String instrument) {
    Feed feed = feeds.get(instrument);
    Instant now = steady.instant();
    feed.silence.pushed(now);
    feed.probeWanted = feed.coverage.highest() >= 0;
    feed.metadataDue = now;
    if (feed.state == Feed.State.REFUSED) {
      feed.state = Feed.State.ON;
      feed.trouble = null;
    }
    LOG.info("{}: subscribed to {}", instrument, line.channel());
  }

  @Override
  public void refused(Line line, String instrument, String code, String text) {
    String said = "code " + code + ": " + MessageDecoder.excerpt(text);
    line.remove(instrument);
    if (line.channel().equals(channel)) {
      String other =
          channel.equals(MessageDecoder.TRADES) ? MessageDecoder.TRADES_ALL : MessageDecoder.TRADES;
      boolean wholeChannel = code != null && CHANNEL_REFUSED.contains(code);
      boolean mayBeChannel = "60018".equals(code) && other.equals(MessageDecoder.TRADES);
      if (wholeChannel || mayBeChannel) {
        LOG.warn("{}: {} was refused ({}); trying {}", instrument, channel, said, other);
        carry(instrument, other);
        return;
      }
    }
    Feed feed = feeds.get(instrument);
    feed.state = Feed.State.REFUSED;
    if (feed.terms.latest() != null) {
      feed.metadataDue = steady.instant().plus(REFUSED_RETRY);
    }
    feed.trouble = instrument + ": the exchange refuses the subscription (" + said + ")";
    LOG.error("{}; the others go on, it is asked for again in a minute", feed.trouble);
  }

  @Override
  public void disconnected(Line line, String reason) {
    metrics.disconnects().inc();
    if (reason.startsWith("overflow")) {
      metrics.overflows().inc();
    }
    LOG.warn("{}: connection lost ({}); reconnecting", line.channel(), reason);
    for (Feed feed : feeds.values()) {
      if (line.carries(feed.instrument)) {
        feed.nextGapIsDueTo("reconnect");
      }
    }
  }

  @Override
  public void other(Line line, Message message) {
    if (message instanceof Message.BrokenTrades broken) {
      fail(
          "the exchange pushed "
              + broken.reason()
              + " for "
              + MessageDecoder.excerpt(broken.instrument()));
    } else if (message instanceof Message.Notice notice) {
      metrics.notices().inc();
      LOG.warn("notice {}: {}", notice.code(), MessageDecoder.excerpt(notice.text()));
    } else if (message instanceof Message.Unreadable unreadable) {
      metrics.unreadable().inc();
      LOG.debug("unreadable message: {}", unreadable.reason());
    } else if (message instanceof Message.Refused refused) {
      LOG.warn("refusal {}: {}", refused.code(), MessageDecoder.excerpt(refused.text()));
    } else if (message instanceof Message.UnknownEvent || message instanceof Message.OtherPush) {
      metrics.unknown().inc();
    }
  }

  /** A guard for everything: the schema broke, so nothing that comes can be trusted. */
  private void fail(String reason) {
    if (buildFailure == null) {
      buildFailure = reason;
    }
  }

  /** A guard for one instrument. */
  private void stop(Feed feed, String reason) {
    if (feed.state == Feed.State.STOPPED) {
      return;
    }
    feed.state = Feed.State.STOPPED;
    feed.trouble = reason;
    drop(feed.instrument);
    Collector.complain("BUILD_FAIL: " + reason + "; " + feed.instrument + " is stopped");
    if (feeds.values().stream().allMatch(each -> each.state == Feed.State.STOPPED)) {
      fail(reason);
    }
  }

  // --- what REST says

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
            skewKnown = true;
            metrics.skew().set(skew.toMillis() / 1000.0);
          } catch (IOException | RuntimeException e) {
            metrics.restFailures().inc();
            timeDue = steady.instant().plus(METADATA_RETRY.multipliedBy(5));
          }
        });
  }

  private void refreshMetadata(Feed feed, Instant now) {
    boolean clockFirst = !skewKnown && askingTime;
    if (feed.fetchingMetadata
        || clockFirst
        || now.isBefore(feed.metadataDue)
        || !desk.otherOpen(now)) {
      return;
    }
    feed.fetchingMetadata = true;
    desk.metadata(
        feed.instrument,
        answer -> {
          feed.fetchingMetadata = false;
          metadata(feed, answer);
        });
  }

  private void metadata(Feed feed, RestAnswer answer) {
    Instant now = steady.instant();
    try {
      List<JsonNode> rows = RestDecoder.data(answer);
      if (rows.isEmpty()) {
        unknownInstrument(feed, "REST lists no such instrument", now);
      } else {
        observed(feed, rows.get(0));
        feed.metadataFailures = 0;
        feed.metadataDue = now.plus(metadataRefresh);
      }
    } catch (BadMetadataException e) {
      stop(feed, e.getMessage());
    } catch (IOException e) {
      if (RestDecoder.saysUnknownInstrument(e)) {
        unknownInstrument(feed, e.getMessage(), now);
      } else {
        metrics.restFailures().inc();
        retryMetadata(feed, now);
        LOG.warn("{}: no metadata yet: {}", feed.instrument, VaultFiles.reason(e));
      }
    }
  }

  private void retryMetadata(Feed feed, Instant now) {
    int doublings = Math.min(feed.metadataFailures, MAX_DOUBLINGS);
    feed.metadataFailures++;
    feed.metadataDue = now.plus(METADATA_RETRY.multipliedBy(1L << doublings));
  }

  /** An instrument without terms cannot be written; one that has them may have been delisted. */
  private void unknownInstrument(Feed feed, String reason, Instant now) {
    retryMetadata(feed, now);
    if (feed.terms.latest() != null) {
      LOG.warn("{}: {}; going on with the terms known so far", feed.instrument, reason);
      feed.metadataDue = now.plus(metadataRefresh);
    } else if (feed.metadataFailures >= UNKNOWN_INSTRUMENT_TRIES) {
      stop(feed, "ctVal, ctMult and ctType of " + feed.instrument + " are missing: " + reason);
    }
  }

  private void observed(Feed feed, JsonNode raw) throws BadMetadataException {
    Terms terms = Terms.of(feed.instrument, raw);
    Instant at = wall.instant().plus(skew);
    boolean known = feed.terms.latest() != null;
    boolean changed = feed.terms.observed(at, terms.contract());
    try {
      if (feed.metadata.keep(raw, terms, at) && known) {
        LOG.info("{}: contract metadata changed", feed.instrument);
      }
    } catch (IOException e) {
      LOG.warn("{}: metadata cannot be kept: {}", feed.instrument, VaultFiles.reason(e));
    }
    if (changed && known) {
      LOG.warn("{}: the contract's terms are now {}", feed.instrument, terms.contract());
    }
    if (feed.state == Feed.State.REFUSED
        && lines.stream().noneMatch(l -> l.carries(feed.instrument))) {
      carry(feed.instrument, channel);
    }
  }

  private void probe(Feed feed, Instant now) {
    if (feed.silence.probeDue(now)) {
      feed.probeWanted = true;
    }
    if (feed.silence.stalled(now)) {
      stalled(feed, now);
    }
    if (!feed.probeWanted || feed.probing || !desk.otherOpen(now) || feed.terms.latest() == null) {
      return;
    }
    feed.probeWanted = false;
    feed.probing = true;
    desk.newest(feed.instrument, page -> probed(feed, page));
  }

  private void probed(Feed feed, RestPage page) {
    feed.probing = false;
    if (page.kind() != RestPage.Kind.GOOD || page.rows().isEmpty()) {
      return;
    }
    Instant now = steady.instant();
    List<TradeRow> ascending = new ArrayList<>(page.rows());
    ascending.sort(Comparator.comparingLong(TradeRow::id));
    long newest = ascending.get(ascending.size() - 1).id();
    if (feed.coverage.highest() < 0) {
      return;
    }
    if (newest > feed.coverage.highest()) {
      feed.silence.behind(now);
      feed.coverage.existsUpTo(newest, "seen at REST", now);
    }
    for (TradeRow row : ascending) {
      if (row.id() >= feed.coverage.watchFrom()) {
        feed.take(row, Feed.Source.REST);
      }
    }
  }

  private void stalled(Feed feed, Instant now) {
    metrics.stalls().inc();
    feed.silence.pushed(now);
    LOG.warn("{}: REST has newer trades than were pushed; the feed is stalled", feed.instrument);
    for (Line line : lines) {
      if (line.carries(feed.instrument)) {
        line.reconnect("stalled");
      }
    }
  }

  private void fill(Feed feed, Instant now) {
    if (!disk.works() || !disk.hasRoom() || feed.terms.latest() == null || !desk.historyOpen(now)) {
      return;
    }
    long before = feed.coverage.nextPageBefore(now);
    if (before >= 0) {
      desk.history(feed.instrument, before, page -> filled(feed, page));
    }
  }

  private void filled(Feed feed, RestPage page) {
    Instant now = steady.instant();
    switch (page.kind()) {
      case GOOD -> {
        for (TradeRow row : page.rows()) {
          if (row.id() >= feed.coverage.watchFrom()) {
            feed.take(row, Feed.Source.REST);
          }
        }
        if (disk.works() && disk.hasRoom() && page.refused() == 0) {
          feed.coverage.answered(page.rows(), now);
        } else {
          feed.coverage.failed(now, METADATA_RETRY);
        }
      }
      case UNKNOWN_INSTRUMENT -> feed.coverage.answered(List.of(), now);
      default -> feed.coverage.failed(now, Duration.ZERO);
    }
  }

  // --- writing

  private void flush(Instant now) {
    flushDue = now.plus(flushInterval);
    if (!disk.mayTry(now)) {
      return;
    }
    long pendingBefore = pendingBytes();
    try {
      for (Feed feed : feeds.values()) {
        feed.flush();
      }
      boolean all = fsync == Settings.Fsync.ALWAYS;
      if (all || (fsync == Settings.Fsync.INTERVAL && !now.isBefore(fsyncDue))) {
        fsyncDue = now.plus(fsyncInterval);
        for (Feed feed : feeds.values()) {
          feed.files.sync();
        }
      }
      if (pendingBefore > 0) {
        disk.succeeded();
      }
    } catch (IOException e) {
      metrics.writeErrors().inc();
      disk.failed(e, now);
    }
    long pending = pendingBytes();
    metrics.written().inc(pendingBefore - pending);
    disk.pending(pending);
  }

  private long pendingBytes() {
    long pending = 0;
    for (Feed feed : feeds.values()) {
      pending += feed.files.pendingBytes();
    }
    return pending;
  }

  private void remember(Instant now) {
    if (now.isBefore(stateDue) || !disk.works()) {
      return;
    }
    stateDue = now.plus(stateInterval);
    flush(now);
    try {
      for (Feed feed : feeds.values()) {
        feed.rememberIfChanged();
      }
    } catch (IOException e) {
      LOG.warn("the collector's memory cannot be kept: {}", VaultFiles.reason(e));
    }
  }

  /** Stops listening, writes and remembers everything. */
  void finish() throws IOException {
    lines.forEach(Line::stop);
    IOException failure = null;
    for (Feed feed : feeds.values()) {
      try (feed) {
        feed.finish();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
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
    if (!disk.works()) {
      troubles.add(disk.trouble());
    }
    for (Feed feed : feeds.values()) {
      if (feed.trouble != null) {
        troubles.add(feed.trouble);
      }
    }
    return troubles;
  }

  /** What keeps it from being ready; empty when nothing does. */
  List<String> waitingFor() {
    List<String> waiting = new ArrayList<>();
    for (Feed feed : feeds.values()) {
      if (feed.state == Feed.State.ON) {
        if (feed.terms.latest() == null) {
          waiting.add(feed.instrument + ": contract metadata");
        }
        if (lines.stream().noneMatch(line -> line.isSubscribed(feed.instrument))) {
          waiting.add(feed.instrument + ": subscription");
        }
      }
    }
    return waiting;
  }

  Map<String, Feed> feeds() {
    return feeds;
  }

  Duration skew() {
    return skew;
  }
}
