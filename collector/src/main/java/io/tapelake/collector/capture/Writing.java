package io.tapelake.collector.capture;

import io.tapelake.collector.settings.Setting;
import io.tapelake.collector.settings.Settings;
import io.tapelake.collector.settings.UsageException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * When lines go to the files, files to the disk, and what is remembered to the vault: often, but
 * never for all instruments at once. Not thread-safe.
 */
final class Writing {

  /** Lines of an instrument are written when this much is pending, before their time is up. */
  private static final int FLUSH_BYTES = 48 * 1024;

  /** However many instruments there are, memories are not kept more often than this. */
  private static final Duration BETWEEN_MEMORIES = Duration.ofMillis(100);

  private final List<Feed> feeds;
  private final Room room;
  private final Settings.Fsync fsync;
  private final Duration flushInterval;
  private final Turns syncs;
  private final Turns memories;
  private Instant flushDue = Instant.MIN;

  Writing(Settings settings, Collection<Feed> feeds, Room room) throws UsageException {
    this.feeds = List.copyOf(feeds);
    this.room = room;
    this.fsync = settings.fsync();
    this.flushInterval = settings.duration(Setting.FLUSH);
    this.syncs = new Turns(this.feeds, settings.duration(Setting.FSYNC_INTERVAL), Duration.ZERO);
    this.memories =
        new Turns(this.feeds, settings.duration(Setting.STATE_INTERVAL), BETWEEN_MEMORIES);
  }

  /**
   * Writes what is due.
   *
   * @param guard does what is due of an instrument, and keeps to it what goes wrong
   */
  void tick(Instant now, BiConsumer<Feed, Runnable> guard) {
    boolean all = !now.isBefore(flushDue);
    flushDue = all ? now.plus(flushInterval) : flushDue;
    long pending = 0;
    for (Feed feed : feeds) {
      if (all || feed.recording.pendingBytes() >= FLUSH_BYTES) {
        guard.accept(feed, () -> write(feed, now));
      }
      pending += feed.recording.pendingBytes();
    }
    room.used(pending);
    if (fsync == Settings.Fsync.INTERVAL) {
      for (Feed feed = syncs.next(now); feed != null; feed = syncs.next(now)) {
        feed.recording.beginSync(now);
      }
    }
    for (Feed next = memories.next(now); next != null; next = memories.next(now)) {
      Feed feed = next;
      guard.accept(feed, () -> remember(feed, now));
    }
  }

  private void write(Feed feed, Instant now) {
    feed.recording.flush(now);
    if (fsync == Settings.Fsync.ALWAYS) {
      feed.recording.sync(now);
    }
  }

  private void remember(Feed feed, Instant now) {
    feed.recording.flush(now);
    feed.recording.rememberIfChanged(fsync != Settings.Fsync.NEVER, now);
  }

  /** Gives every instrument its turn once in an interval, one after the other. */
  private static final class Turns {
    private final List<Feed> feeds;
    private final Duration step;
    private int at;
    private Instant due;

    Turns(List<Feed> feeds, Duration interval, Duration leastStep) {
      this.feeds = feeds;
      Duration share = interval.dividedBy(feeds.size());
      this.step = share.compareTo(leastStep) < 0 ? leastStep : share;
    }

    /** The next one whose turn it is; null when it is nobody's. */
    Feed next(Instant now) {
      due = due == null ? now.plus(step) : due;
      if (now.isBefore(due) || step.isZero()) {
        return null;
      }
      // After a long pause nobody has several turns at once.
      Instant latest = now.minus(step.multipliedBy(feeds.size()));
      due = due.isBefore(latest) ? latest.plus(step) : due.plus(step);
      at = (at + 1) % feeds.size();
      return feeds.get(at);
    }
  }
}
