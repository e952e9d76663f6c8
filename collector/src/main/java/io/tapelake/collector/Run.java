package io.tapelake.collector;

import io.tapelake.collector.capture.Capture;
import io.tapelake.collector.certify.ClosedDays;
import io.tapelake.collector.connect.HttpExchange;
import io.tapelake.collector.connect.Inbox;
import io.tapelake.collector.observe.Endpoint;
import io.tapelake.collector.observe.Health;
import io.tapelake.collector.observe.Metrics;
import io.tapelake.collector.observe.StatusFile;
import io.tapelake.collector.settings.Setting;
import io.tapelake.collector.settings.Settings;
import io.tapelake.collector.settings.UsageException;
import io.tapelake.collector.write.VaultFiles;
import io.tapelake.collector.write.VaultLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A capture with its real edges: the thread it runs on, the network, the clock, the endpoint. */
final class Run {

  private static final Logger LOG = LoggerFactory.getLogger(Run.class);
  private static final Duration WAIT = Duration.ofMillis(50);
  private static final Duration CHECK = Duration.ofSeconds(1);
  private static final Duration STATUS = Duration.ofSeconds(5);
  private static final int BATCH = 1024;

  /** How long trades that are on their way are waited for in the end. */
  private static final Duration LAST_TRADES = Duration.ofSeconds(1);

  private final Settings settings;
  private final VaultLock lock;
  private final Path vault;
  private final Clock wall = Clock.tickMillis(ZoneOffset.UTC);
  private final Clock steady = new SteadyClock();
  private final Metrics metrics = new Metrics();
  private final Inbox inbox;
  private final HttpExchange exchange;
  private final Capture capture;
  private final StatusFile status;
  private final ClosedDays closedDays;
  private final Duration reportInterval;
  private final long minFree;
  private final List<Runnable> events = new ArrayList<>();
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean stopping;
  private boolean lost;
  private volatile int exitCode = Collector.FAILED;
  private volatile Health health =
      new Health(List.of(), List.of(), List.of("start"), System.nanoTime());
  private Instant reportDue;
  private Instant checkDue = Instant.MIN;
  private Instant statusDue = Instant.MIN;

  /**
   * @param lock on the vault; the run ends when the vault is lost
   */
  Run(Settings settings, VaultLock lock) throws UsageException {
    this.settings = settings;
    this.lock = lock;
    this.vault = settings.vault();
    this.inbox =
        new Inbox(
            settings.number(Setting.QUEUE_LIMIT) * 1024, settings.duration(Setting.QUEUE_PATIENCE));
    this.exchange =
        new HttpExchange(settings.client(), settings.restUrl(), inbox, metrics.received::inc);
    this.capture =
        new Capture(settings, exchange, exchange, wall, steady, new SplittableRandom(), metrics);
    this.status = new StatusFile(vault, wall.instant());
    this.closedDays = new ClosedDays(vault, wall, steady);
    this.reportInterval = settings.duration(Setting.REPORT_INTERVAL);
    this.minFree = settings.number(Setting.MIN_FREE) * 1024L * 1024L;
    this.reportDue = steady.instant().plus(reportInterval);
  }

  /** Captures until told to stop, or until a guard stops it; returns the exit code. */
  int untilStopped() throws IOException, InterruptedException, UsageException {
    Endpoint endpoint = endpoint();
    try {
      while (!stopping && capture.buildFailure() == null && !lost) {
        hear();
        capture.tick();
        observe(steady.instant());
      }
      if (capture.buildFailure() != null) {
        Collector.complain("BUILD_FAIL: " + capture.buildFailure());
      }
      if (lost) {
        throw new IOException(
            vault + " is gone: it was moved, deleted or unmounted; start again when it is back");
      }
      hearLastTrades();
      capture.finish();
      int code = capture.buildFailure() != null ? Collector.BUILD_FAIL : Collector.DONE;
      status.stopped(wall.instant(), code, health.troubles());
      exitCode = code;
      LOG.info("stopped; everything is written");
      return code;
    } finally {
      exchange.shutDown();
      if (endpoint != null) {
        endpoint.close();
      }
      finished.countDown();
    }
  }

  private void hear() throws InterruptedException {
    inbox.drain(events, BATCH, WAIT);
    for (Runnable event : events) {
      event.run();
    }
    events.clear();
  }

  /** What was pushed before the exchange heard that we leave need not be asked of REST later. */
  private void hearLastTrades() throws InterruptedException {
    Instant end = steady.instant().plus(LAST_TRADES);
    capture.stopListening();
    while (exchange.hasOpenSockets() && steady.instant().isBefore(end)) {
      hear();
    }
  }

  /** Tells the capture to stop and waits until it has; false when it did not in time. */
  boolean stop(Duration patience) throws InterruptedException {
    stopping = true;
    inbox.event(() -> {});
    return finished.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What {@link #untilStopped} returned. */
  int exitCode() {
    return exitCode;
  }

  /** Without an endpoint trades are captured all the same. */
  private Endpoint endpoint() throws UsageException {
    int port = settings.number(Setting.OBSERVE_PORT);
    if (port < 0) {
      return null;
    }
    try {
      Endpoint endpoint = Endpoint.start(port, metrics, () -> health);
      LOG.info("metrics and health at http://127.0.0.1:{}", endpoint.port());
      return endpoint;
    } catch (IOException e) {
      LOG.error("port {} cannot be used, no metrics and health: {}", port, VaultFiles.reason(e));
      return null;
    }
  }

  private void observe(Instant now) {
    if (!now.isBefore(checkDue)) {
      checkDue = now.plus(CHECK);
      check(now);
    }
    if (!now.isBefore(reportDue)) {
      reportDue = now.plus(reportInterval);
      report();
    }
  }

  private void check(Instant now) {
    lost = !lock.holds();
    List<String> troubles = capture.troubles();
    Path existing = Files.exists(vault) ? vault : Path.of(".");
    // Not by Files.getFileStore: that looks for a mount point, and in a chroot there may be none.
    long free = existing.toFile().getUsableSpace();
    metrics.free.set(free);
    if (free < minFree) {
      troubles.add("only " + free / (1024 * 1024) + " MB are free for the vault");
    }
    capture.report();
    health = new Health(troubles, capture.news(), capture.waitingFor(), System.nanoTime());
    metrics.healthy.set(troubles.isEmpty() ? 1 : 0);
    if (!now.isBefore(statusDue)) {
      statusDue = now.plus(STATUS);
      status.running(wall.instant(), troubles, capture.waitingFor(), capture.skew());
    }
    closedDays.tick(capture.waitingFor().isEmpty(), capture.skew());
  }

  private void report() {
    LOG.info("{}", capture.summary(reportInterval));
  }
}
