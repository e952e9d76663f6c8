package io.tapelake.notebooks;

import io.tapelake.jobs.sql.SqlSession;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;

/** Tells how far a query has come, once it has taken two seconds; its output takes that place. */
final class LongQuery implements AutoCloseable {

  private static final int FIRST_MILLIS = 2_000;
  private static final int EVERY_MILLIS = 1_000;

  private final SqlSession session;
  private final Screen screen;
  private final String id = UUID.randomUUID().toString();
  private final long start = System.nanoTime();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
          });
  private boolean isShown;
  private boolean isOver;

  LongQuery(SqlSession session, Screen screen) {
    this.session = session;
    this.screen = screen;
    timer.scheduleWithFixedDelay(this::tell, FIRST_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  private synchronized void tell() {
    if (isOver) {
      return;
    }
    SqlSession.Progress progress = session.progress();
    long seconds = (System.nanoTime() - start) / 1_000_000_000;
    DisplayData text =
        new DisplayData(
            "%d s: %,d of %,d tasks done, %d running"
                .formatted(seconds, progress.done(), progress.all(), progress.running()));
    text.setDisplayId(id);
    if (isShown) {
      screen.replace(id, text);
    } else {
      screen.show(text);
      isShown = true;
    }
  }

  /** Puts the output where the progress stood; what is left to show is returned. */
  synchronized DisplayData settle(DisplayData output) {
    isOver = true;
    if (!isShown || output == null) {
      return output;
    }
    screen.replace(id, output);
    return null;
  }

  @Override
  public synchronized void close() {
    isOver = true;
    timer.shutdown();
  }
}
