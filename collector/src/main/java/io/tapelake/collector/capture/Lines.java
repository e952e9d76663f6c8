package io.tapelake.collector.capture;

import com.fasterxml.jackson.databind.JsonNode;
import io.tapelake.collector.connect.Line;
import io.tapelake.collector.connect.Pace;
import io.tapelake.collector.connect.Sockets;
import io.tapelake.collector.decode.Excerpt;
import io.tapelake.collector.decode.Message;
import io.tapelake.collector.decode.MessageDecoder;
import io.tapelake.collector.observe.Complaints;
import io.tapelake.collector.observe.Metrics;
import io.tapelake.collector.settings.Setting;
import io.tapelake.collector.settings.Settings;
import io.tapelake.collector.settings.UsageException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts every instrument on a connection and keeps it there: what the exchange refuses is asked for
 * again, for ever. Beside the trades it listens for changes of the instruments. Not thread-safe.
 */
final class Lines implements Line.Owner {

  private static final Logger LOG = LoggerFactory.getLogger(Lines.class);

  /** The exchange does not serve the channel to us, whatever the instrument. */
  private static final Set<String> CHANNEL_REFUSED = Set.of("60011", "64002", "60008", "64001");

  private static final String SWAPS = "SWAP";
  private static final Duration ASK_AGAIN = Duration.ofMinutes(1);
  private static final Duration DOWN_AFTER = Duration.ofMinutes(1);
  private static final Duration BETWEEN_REREADINGS = Duration.ofSeconds(10);
  private static final Duration LONGEST_PAUSE_OF_LISTINGS = Duration.ofMinutes(5);

  /** Stalls in a row, about an hour's, after which a connection is dropped again. */
  private static final int RARELY = 128;

  /** Who hears what is pushed. */
  interface Listener {
    /** Trades of an instrument that was asked for. */
    void trades(Feed feed, Message.Trades trades);

    /** Instruments as they are now; in the beginning all of them. */
    void listings(List<JsonNode> rows);

    /** A subscription stands. */
    void subscribed(Feed feed);
  }

  private final Settings settings;
  private final Sockets sockets;
  private final Clock steady;
  private final RandomGenerator random;
  private final Map<String, Feed> feeds;
  private final Metrics metrics;
  private final Listener listener;
  private final Pace connecting;
  private final String channel;
  private final boolean mayFallBack;
  private final int mostOnALine;
  private final Duration listingsAfter;
  private final Duration silence;
  private final List<Line> lines = new ArrayList<>();
  private final Map<String, Instant> askAgain = new HashMap<>();
  private final Complaints complaints = new Complaints();
  private Line listings;
  private Instant listingsDue = Instant.MAX;
  private Instant rereadDue = Instant.MIN;

  Lines(
      Settings settings,
      Sockets sockets,
      Clock steady,
      RandomGenerator random,
      Map<String, Feed> feeds,
      Metrics metrics,
      Listener listener)
      throws UsageException {
    this.settings = settings;
    this.sockets = sockets;
    this.steady = steady;
    this.random = random;
    this.feeds = feeds;
    this.metrics = metrics;
    this.listener = listener;
    this.connecting = new Pace(settings.duration(Setting.CONNECT_SPACING));
    this.channel = settings.channel();
    this.mayFallBack = settings.isOn(Setting.CHANNEL_FALLBACK);
    this.mostOnALine = settings.number(Setting.PER_CONNECTION);
    this.listingsAfter = settings.duration(Setting.METADATA_CHANNEL_AFTER);
    this.silence = settings.duration(Setting.SILENCE);
    feeds.keySet().forEach(instrument -> carry(instrument, channel));
  }

  /** Puts an instrument on a connection that serves the channel. */
  private void carry(String instrument, String onChannel) {
    Line line = null;
    for (Line each : lines) {
      if (each.channel().equals(onChannel)) {
        if (each.carries(instrument)) {
          return;
        }
        line = each.size() < mostOnALine ? each : line;
      }
    }
    if (line == null) {
      line = open(onChannel, Duration.ZERO);
      lines.add(line);
    }
    line.add(instrument);
  }

  private Line open(String onChannel, Duration longestPause) {
    try {
      return new Line(
          onChannel,
          settings.socketUrl(onChannel),
          sockets,
          longestPause.isZero()
              ? settings.linkTimes()
              : settings.linkTimes().pausingUpTo(longestPause),
          connecting,
          steady,
          random,
          this);
    } catch (UsageException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Does what time makes due. */
  void tick(Instant now) {
    for (Line line : lines) {
      line.tick(now);
    }
    for (String instrument : List.copyOf(askAgain.keySet())) {
      if (!now.isBefore(askAgain.get(instrument))) {
        askAgain.remove(instrument);
        carry(instrument, channel);
      }
    }
    if (listings == null && !now.isBefore(listingsDue)) {
      listings = open(MessageDecoder.INSTRUMENTS, LONGEST_PAUSE_OF_LISTINGS);
      listings.add(SWAPS);
    }
    if (listings != null) {
      listings.tick(now);
    }
  }

  /** Listens for the instruments from now on: REST does not tell. */
  void listenForListings() {
    listingsDue = Instant.MIN;
  }

  /** Has the instruments told anew: a new subscription begins with all of them. */
  void rereadListings(Instant now) {
    listenForListings();
    if (listings != null && listings.isOpen() && !now.isBefore(rereadDue)) {
      rereadDue = now.plus(BETWEEN_REREADINGS);
      listings.reconnect("instruments are to be told anew");
    }
  }

  /** Asks again for what was refused: the instrument seems to be listed now. */
  void askAgainFor(String instrument) {
    askAgain.computeIfPresent(instrument, (name, due) -> Instant.MIN);
  }

  /**
   * Has a stalled instrument pushed again. Where others of its connection are pushed it is asked
   * for anew first; only then that connection is dropped, and more and more rarely.
   *
   * @param times how many times in a row it was found to be stalled
   */
  void revive(String instrument, int times, Instant now) {
    for (Line line : lines) {
      if (!line.carries(instrument)) {
        continue;
      }
      boolean othersLive = line.hasPushedSince(now.minus(silence));
      if (!othersLive || (times > 1 && Integer.bitCount(times) == 1) || times % RARELY == 0) {
        line.reconnect("stalled");
      } else if (times == 1) {
        line.remove(instrument);
        line.add(instrument);
      }
    }
  }

  void stop() {
    lines.forEach(Line::stop);
    if (listings != null) {
      listings.stop();
    }
  }

  /**
   * Whether an instrument's trades are being pushed, on whatever channel, such that they are read.
   */
  boolean isSubscribed(String instrument) {
    for (Line line : lines) {
      if (line.isSubscribed(instrument) && line.isReadable()) {
        return true;
      }
    }
    return false;
  }

  /** Whether aggregates are recorded of an instrument, though single trades were asked for. */
  boolean hasFallenBack(String instrument) {
    for (Line line : lines) {
      if (line.isSubscribed(instrument) && !line.channel().equals(channel)) {
        return true;
      }
    }
    return false;
  }

  /** That trades are not pushed because connections cannot be had; null while they can. */
  String trouble(Instant now) {
    List<Line> down = lines.stream().filter(line -> line.isDownFor(DOWN_AFTER, now)).toList();
    return down.isEmpty()
        ? null
        : "connections: %d of %d, for %d instruments, are not open (%s); REST is asked meanwhile"
            .formatted(
                down.size(),
                lines.size(),
                down.stream().mapToInt(Line::size).sum(),
                Excerpt.of(down.get(0).lost()));
  }

  /** Brings the figures up to date. */
  void report() {
    long open = lines.stream().filter(Line::isOpen).count();
    metrics.connections.set(open + (listings != null && listings.isOpen() ? 1 : 0));
    feeds.forEach(
        (instrument, feed) -> feed.metrics.subscribed.set(isSubscribed(instrument) ? 1 : 0));
  }

  // --- what the exchange says

  @Override
  public void trades(Message.Trades trades) {
    Feed feed = feeds.get(trades.instrument());
    if (feed != null) {
      listener.trades(feed, trades);
      return;
    }
    metrics.foreign.inc();
    if (complaints.due("foreign", steady.instant())) {
      LOG.warn(
          "the exchange pushed trades of '{}', which was not asked for; they are left alone",
          Excerpt.of(trades.instrument()));
    }
  }

  @Override
  public void listings(Message.Listings message) {
    listener.listings(message.rows());
  }

  @Override
  public void subscribed(Line line, String instrument) {
    LOG.info("{}: subscribed to {}", instrument, line.channel());
    Feed feed = feeds.get(instrument);
    if (feed == null) {
      return;
    }
    if (line.channel().equals(channel)) {
      for (Line other : lines) {
        if (other != line && other.carries(instrument)) {
          other.remove(instrument);
        }
      }
      askAgain.remove(instrument);
    }
    feed.troubles.well(Trouble.SUBSCRIPTION);
    listenSoon();
    listener.subscribed(feed);
  }

  private void listenSoon() {
    Instant due = steady.instant().plus(listingsAfter);
    listingsDue = due.isBefore(listingsDue) ? due : listingsDue;
  }

  @Override
  public void refused(Line line, String instrument, String code, String text) {
    String said = "code " + Excerpt.of(code) + ": " + Excerpt.of(text);
    if (line == listings) {
      // Asked for again when the connection is made anew, which an idle one is.
      LOG.info("the exchange refuses the channel instruments ({}); REST tells them", said);
      return;
    }
    line.remove(instrument);
    listenSoon();
    if (line.channel().equals(channel)) {
      askAgain.put(instrument, steady.instant().plus(ASK_AGAIN));
      String other =
          channel.equals(MessageDecoder.TRADES) ? MessageDecoder.TRADES_ALL : MessageDecoder.TRADES;
      boolean wholeChannel = code != null && CHANNEL_REFUSED.contains(code);
      boolean mayBeChannel = "60018".equals(code) && other.equals(MessageDecoder.TRADES);
      if (mayFallBack && (wholeChannel || mayBeChannel)) {
        if (complaints.due("fallback " + instrument, steady.instant())) {
          LOG.warn("{}: {} was refused ({}); trying {}", instrument, channel, said, other);
        }
        carry(instrument, other);
        return;
      }
    }
    feeds
        .get(instrument)
        .troubles
        .trouble(
            Trouble.SUBSCRIPTION,
            "the exchange refuses "
                + line.channel()
                + " ("
                + said
                + "); asked for again each minute, until then REST is asked");
  }

  @Override
  public void disconnected(Line line, String reason) {
    if (line == listings) {
      LOG.debug("{}: connection lost ({})", line.channel(), Excerpt.of(reason));
      return;
    }
    metrics.disconnects.inc();
    if (reason.startsWith("overflow")) {
      metrics.overflows.inc();
    }
    if (complaints.due("lost: " + reason.replaceAll(":.*", ""), steady.instant())) {
      LOG.warn("{}: connection lost ({}); reconnecting", line.channel(), Excerpt.of(reason));
    }
    carriedBy(line).forEach(feed -> feed.nextGapIsDueTo("reconnect"));
  }

  @Override
  public void readable(Line line) {
    carriedBy(line).forEach(feed -> feed.troubles.well(Trouble.PUSHES));
  }

  private List<Feed> carriedBy(Line line) {
    return feeds.values().stream().filter(feed -> line.carries(feed.instrument)).toList();
  }

  @Override
  public void other(Line line, Message message) {
    if (message instanceof Message.Notice notice) {
      metrics.notices.inc();
      LOG.warn("notice {}: {}", Excerpt.of(notice.code()), Excerpt.of(notice.text()));
    } else if (message instanceof Message.Unreadable unreadable) {
      metrics.unreadable.inc();
      if (complaints.due("unreadable", steady.instant())) {
        LOG.warn("{}: a message is unreadable: {}", line.channel(), unreadable.reason());
      }
      if (!line.isReadable()) {
        String what =
            "what is pushed cannot be read (%s); until it can, REST is asked"
                .formatted(unreadable.reason());
        carriedBy(line).forEach(feed -> feed.troubles.trouble(Trouble.PUSHES, what));
      }
    } else if (message instanceof Message.Refused refused) {
      if (complaints.due("refused " + refused.code(), steady.instant())) {
        LOG.warn("refusal {}: {}", Excerpt.of(refused.code()), Excerpt.of(refused.text()));
      }
    } else if (message instanceof Message.UnknownEvent || message instanceof Message.OtherPush) {
      metrics.unknown.inc();
    }
  }
}
