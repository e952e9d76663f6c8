package io.tapelake.collector.connect;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What happened on other threads and waits for the capture's own. Messages are bounded in number
 * and size: when there is no room for a while, one is refused, and its connection has to go.
 */
public final class Inbox {

  /** What a message costs beside its text. */
  private static final int OVERHEAD = 96;

  private record Entry(Runnable event, int size) {}

  private final int maxBytes;
  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Condition drained = lock.newCondition();
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private int bytes;

  /**
   * @param maxBytes memory for messages that wait
   * @param patience how long the socket's thread waits for room before a message is refused
   */
  public Inbox(int maxBytes, Duration patience) {
    this.maxBytes = maxBytes;
    this.patience = patience;
  }

  /** Adds an event that is never refused, such as a closed connection. */
  public void event(Runnable event) {
    lock.lock();
    try {
      entries.add(new Entry(event, 0));
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Adds the event of a message of some characters; false when there is no room for it. */
  public boolean message(int length, Runnable event) {
    int size = length + OVERHEAD;
    lock.lock();
    try {
      long left = patience.toNanos();
      while (bytes > 0 && bytes + size > maxBytes) {
        if (left <= 0) {
          return false;
        }
        left = drained.awaitNanos(left);
      }
      bytes += size;
      entries.add(new Entry(event, size));
      if (entries.size() == 1) {
        arrived.signal();
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Moves what waits to {@code events}, at most {@code most}; waits a while when nothing does. */
  public void drain(Collection<Runnable> events, int most, Duration wait)
      throws InterruptedException {
    lock.lock();
    try {
      if (entries.isEmpty()) {
        boolean signalled = arrived.await(wait.toNanos(), TimeUnit.NANOSECONDS);
        if (!signalled && entries.isEmpty()) {
          return;
        }
      }
      for (Entry entry = entries.poll(); entry != null; entry = entries.poll()) {
        bytes -= entry.size();
        events.add(entry.event());
        if (events.size() >= most) {
          break;
        }
      }
      drained.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
