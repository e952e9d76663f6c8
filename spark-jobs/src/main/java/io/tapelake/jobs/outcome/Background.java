package io.tapelake.jobs.outcome;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Work beside what the run's thread does. */
public final class Background {

  /** Something to do. */
  @FunctionalInterface
  public interface Work {
    void run() throws IOException;
  }

  private final Thread thread;
  private volatile Throwable failure;
  private volatile long failedAt;

  private Background(Work work) {
    thread = new Thread(() -> run(work), "publish");
    thread.setDaemon(true);
  }

  public static Background start(Work work) {
    Background background = new Background(work);
    background.thread.start();
    return background;
  }

  private void run(Work work) {
    try {
      work.run();
    } catch (Throwable e) {
      failedAt = System.nanoTime();
      failure = e;
    }
  }

  /** Waits for the end of all; throws what the first of them in time threw. */
  public static void await(List<Background> all) throws IOException {
    all.forEach(Background::join);
    Background first = null;
    for (Background each : all) {
      if (each.failure != null && (first == null || each.failedAt - first.failedAt < 0)) {
        first = each;
      }
    }
    if (first != null) {
      first.await();
    }
  }

  /**
   * Waits for the end, even when it is interrupted meanwhile: nothing goes on behind a run that has
   * ended. Throws what the work threw.
   */
  public void await() throws IOException {
    join();
    if (failure instanceof IOException known) {
      throw known;
    } else if (failure instanceof RuntimeException known) {
      throw known;
    } else if (failure instanceof Error known) {
      throw known;
    }
  }

  private void join() {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Does something while this goes on. */
  public void awaitBeside(Work other) throws IOException {
    beside(List.of(this), other);
  }

  /**
   * Does something while others go on, and waits for their end, whatever becomes of any of them.
   * Throws what the first of all that failed threw.
   */
  public static void beside(List<Background> all, Work other) throws IOException {
    Background here = new Background(other);
    here.run(other);
    List<Background> every = new ArrayList<>(all);
    every.add(here);
    await(every);
  }
}
