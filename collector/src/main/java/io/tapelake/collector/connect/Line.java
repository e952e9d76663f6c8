package io.tapelake.collector.connect;

import io.tapelake.collector.decode.Message;
import io.tapelake.collector.decode.MessageDecoder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Keeps the subscriptions of some instruments to one channel alive over whatever connections that
 * takes: reconnects without end, and when the exchange announces that it will close the connection
 * opens the next one before it gives up the old one. Not thread-safe.
 */
public final class Line implements Link.Owner {

  /** More messages that nobody can read, since the last trade or in all, are no accident. */
  private static final int MOST_UNREADABLE = 2;

  /** Who hears what the line hears. */
  public interface Owner {
    /** Trades were pushed. */
    void trades(Message.Trades trades);

    /** Instruments were pushed: all of a type, or those that changed. */
    void listings(Message.Listings listings);

    /** A subscription was accepted, on a new connection or for the first time. */
    void subscribed(Line line, String instrument);

    /** A subscription was refused for good. */
    void refused(Line line, String instrument, String code, String text);

    /** The connection is gone; a new one will be tried. */
    void disconnected(Line line, String reason);

    /** What is pushed can be read again. */
    void readable(Line line);

    /** Any other message. */
    void other(Line line, Message message);
  }

  private final String channel;
  private final String url;
  private final Sockets sockets;
  private final LinkTimes times;
  private final Pace connecting;
  private final Clock clock;
  private final Backoff backoff;
  private final Owner owner;
  private final MessageDecoder decoder = new MessageDecoder();
  private final Set<String> instruments = new LinkedHashSet<>();
  private Link current;
  private Link successor;
  private Instant due = Instant.MIN;
  private Instant successorDue = Instant.MIN;
  private boolean replacing;
  private int unreadable;
  private Instant pushed = Instant.MIN;

  /** When it was open last, or needed one first; null while it needs none. */
  private Instant open;

  private String lost = "it was not opened yet";

  /**
   * @param url where the channel is served
   * @param connecting shared by all lines: the exchange limits connections
   */
  public Line(
      String channel,
      String url,
      Sockets sockets,
      LinkTimes times,
      Pace connecting,
      Clock clock,
      RandomGenerator random,
      Owner owner) {
    this.channel = channel;
    this.url = url;
    this.sockets = sockets;
    this.times = times;
    this.connecting = connecting;
    this.clock = clock;
    this.backoff = new Backoff(times.firstPause(), times.longestPause(), random);
    this.owner = owner;
  }

  /** The channel it subscribes to. */
  public String channel() {
    return channel;
  }

  /** How many instruments it carries. */
  public int size() {
    return instruments.size();
  }

  /** Whether it carries an instrument. */
  public boolean carries(String instrument) {
    return instruments.contains(instrument);
  }

  /** Whether its connection is open. */
  public boolean isOpen() {
    return current != null && current.isOpen();
  }

  /** Whether it has needed an open connection for longer than that, and had none. */
  public boolean isDownFor(Duration time, Instant now) {
    return open != null && now.isAfter(open.plus(time));
  }

  /** Why the last connection is gone. */
  public String lost() {
    return lost;
  }

  /** Whether an instrument's subscription stands. */
  public boolean isSubscribed(String instrument) {
    return current != null && current.isOpen() && current.subscriptions().isAccepted(instrument);
  }

  /** Whether what is pushed can be read, as far as anything was. */
  public boolean isReadable() {
    return unreadable <= MOST_UNREADABLE;
  }

  /** Whether trades of any instrument were pushed since. */
  public boolean hasPushedSince(Instant time) {
    return pushed.isAfter(time);
  }

  /** Carries one more instrument. */
  public void add(String instrument) {
    instruments.add(instrument);
    if (current != null) {
      current.need(instrument);
    }
    if (successor != null) {
      successor.need(instrument);
    }
  }

  /** Stops carrying an instrument. */
  public void remove(String instrument) {
    instruments.remove(instrument);
    if (current != null) {
      current.forget(instrument);
    }
    if (successor != null) {
      successor.forget(instrument);
    }
  }

  /** Does what time makes due. */
  public void tick(Instant now) {
    if (instruments.isEmpty()) {
      stop();
      open = null;
      return;
    }
    open = open == null || isOpen() ? now : open;
    if (current == null && !now.isBefore(due) && connecting.tryTake(now)) {
      current = connect();
    } else if (replacing && successor == null && !now.isBefore(successorDue)) {
      if (connecting.tryTake(now)) {
        successor = connect();
      }
    }
    if (current != null) {
      current.tick(now);
    }
    if (successor != null) {
      successor.tick(now);
      takeOver();
    }
  }

  private Link connect() {
    Link link = new Link(channel, instruments, times, clock, decoder, this);
    link.open(sockets, url);
    return link;
  }

  /** The old connection goes when the new one carries everything it can. */
  private void takeOver() {
    if (successor != null && successor.isOpen() && successor.subscriptions().settled()) {
      if (current != null) {
        current.retire();
      }
      current = successor;
      successor = null;
      replacing = false;
    }
  }

  /** Drops the connection and makes a new one: the feed is stalled. */
  public void reconnect(String reason) {
    if (current != null) {
      current.fail(reason);
    }
  }

  /** Closes everything. */
  public void stop() {
    if (current != null) {
      current.retire();
      current = null;
    }
    if (successor != null) {
      successor.retire();
      successor = null;
    }
    replacing = false;
  }

  @Override
  public void message(Link link, Message message) {
    if (message instanceof Message.Trades trades) {
      backoff.succeeded();
      if (!isReadable()) {
        owner.readable(this);
      }
      unreadable = 0;
      pushed = clock.instant();
      owner.trades(trades);
    } else if (message instanceof Message.Listings listings) {
      backoff.succeeded();
      owner.listings(listings);
    } else if (message instanceof Message.Subscribed subscribed) {
      if (channel.equals(subscribed.channel())
          && subscribed.instrument() != null
          && link.subscriptions().accepted(subscribed.instrument())) {
        owner.subscribed(this, subscribed.instrument());
      }
    } else if (message instanceof Message.Refused refused) {
      refused(link, refused);
    } else {
      if (message instanceof Message.Notice notice && "64008".equals(notice.code())) {
        replacing |= link == current;
      }
      unreadable += message instanceof Message.Unreadable ? 1 : 0;
      owner.other(this, message);
    }
  }

  private void refused(Link link, Message.Refused refused) {
    String instrument =
        link.subscriptions()
            .refused(
                refused.requestId(),
                refused.code(),
                refused.text(),
                refused.instrument(),
                clock.instant());
    if (instrument == null) {
      owner.other(this, refused);
    } else {
      owner.refused(this, instrument, refused.code(), refused.text());
    }
  }

  @Override
  public void gone(Link link, String reason, Duration retryAfter) {
    lost = reason;
    Duration pause = backoff.next();
    if (retryAfter != null && retryAfter.compareTo(pause) > 0) {
      pause = retryAfter;
    }
    if (link == successor) {
      successor = null;
      successorDue = clock.instant().plus(pause);
    } else if (link == current) {
      current = successor;
      successor = null;
      replacing = false;
      due = clock.instant().plus(pause);
    }
    owner.disconnected(this, reason);
  }
}
