package io.tapelake.collector.certify;

import io.tapelake.collector.write.VaultFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certifies days while a collector runs, in the background: reading a day takes seconds. A process
 * that ends meanwhile leaves whole certificates only.
 */
public final class ClosedDays {

  private static final Logger LOG = LoggerFactory.getLogger(ClosedDays.class);
  private static final Duration BETWEEN_PASSES = Duration.ofMinutes(10);

  /** One instrument that is not listed yet keeps no days of the others from their certificates. */
  private static final Duration START_WITHIN = Duration.ofMinutes(1);

  private final DayCertifier certifier;
  private final Clock wall;
  private final Clock steady;
  private final Executor background;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final Set<String> said = new HashSet<>();
  private Instant due;
  private boolean begun;

  /**
   * @param wall tells the time, which may jump
   * @param steady tells how much of it has passed
   */
  public ClosedDays(Path vault, Clock wall, Clock steady) {
    this(vault, wall, steady, ClosedDays::start);
  }

  ClosedDays(Path vault, Clock wall, Clock steady, Executor background) {
    this.certifier = new DayCertifier(vault);
    this.wall = wall;
    this.steady = steady;
    this.due = steady.instant().plus(START_WITHIN);
    this.background = background;
  }

  private static void start(Runnable pass) {
    Thread thread = new Thread(pass, "certify");
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    thread.start();
  }

  /**
   * Begins a pass over the closed days when one is due. Returns at once; to be called often, by one
   * thread.
   *
   * @param isReady whether everything is captured that was asked for; the first pass waits for
   *     that, though not for long
   * @param clockOffset how far the exchange's clock is ahead of the local one; null when not known
   */
  public void tick(boolean isReady, Duration clockOffset) {
    boolean isFirst = !begun && isReady;
    if ((!isFirst && steady.instant().isBefore(due)) || !busy.compareAndSet(false, true)) {
      return;
    }
    begun = true;
    due = steady.instant().plus(BETWEEN_PASSES);
    Instant now = wall.instant().plus(clockOffset == null ? Duration.ZERO : clockOffset);
    background.execute(() -> pass(now, clockOffset));
  }

  private void pass(Instant exchangeNow, Duration clockOffset) {
    try {
      for (String failure : certifier.certifyClosedDays(exchangeNow, clockOffset)) {
        if (said.add(failure)) {
          LOG.warn("{}", failure);
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("days cannot be certified: {}", VaultFiles.reason(e));
    } finally {
      busy.set(false);
    }
  }
}
