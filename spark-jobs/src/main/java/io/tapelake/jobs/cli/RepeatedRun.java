package io.tapelake.jobs.cli;

import io.tapelake.jobs.outcome.ExitCode;
import io.tapelake.jobs.outcome.JobException;
import io.tapelake.jobs.published.DamagedException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FSError;
import sun.misc.Signal;

/**
 * Runs again at a fixed interval until SIGTERM or SIGINT, which let the run at hand finish. A run
 * that takes longer than the interval is followed at once by one, not by as many as were missed.
 */
final class RepeatedRun {

  private final Duration interval;
  private final CountDownLatch stopped = new CountDownLatch(1);

  RepeatedRun(Duration interval) {
    this.interval = interval;
  }

  /**
   * Repeats until told to stop. A run that fails is reported, and the next one tries again; wrong
   * usage ends the first one, since it would stay wrong. Later it is a storage that is away for a
   * moment.
   */
  ExitCode repeat(Callable<ExitCode> run) throws Exception {
    // Spark's own shutdown hook would pull the session from under the run at hand.
    for (String name : new String[] {"TERM", "INT"}) {
      Signal.handle(new Signal(name), signal -> stopped.countDown());
    }
    ExitCode last = ExitCode.DONE;
    long next = System.nanoTime();
    boolean isFirst = true;
    do {
      last = runOnce(run, isFirst);
      isFirst = false;
      next = Math.max(next + interval.toNanos(), System.nanoTime());
    } while (!stopped.await(next - System.nanoTime(), TimeUnit.NANOSECONDS));
    return last;
  }

  static ExitCode runOnce(Callable<ExitCode> run, boolean isFirst) throws Exception {
    try {
      return run.call();
    } catch (JobException e) {
      if (isFirst && e.exitCode() == ExitCode.USAGE) {
        throw e;
      }
      System.err.println("tapelake: " + e.getMessage());
      return e.exitCode();
    } catch (Exception | FSError e) {
      // A full disk is an error to Hadoop. Without memory nothing would go well again.
      if (JobException.isOutOfMemory(e)) {
        throw e;
      }
      System.err.println(
          "tapelake: this run failed, the next one tries again: " + DamagedException.reason(e));
      return ExitCode.FAILED;
    }
  }
}
