package io.tapelake.jobs.job;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** Work beside what the run's thread does. */
final class Background {

  /** Something to do. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  private final Future<Void> task;

  private Background(Future<Void> task) {
    this.task = task;
  }

  static Background start(Work work) {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              work.run();
              return null;
            });
    Thread thread = new Thread(task, "publish");
    thread.setDaemon(true);
    thread.start();
    return new Background(task);
  }

  /** Waits for the end of all; throws what the first of them that failed threw. */
  static void await(List<Background> all) throws IOException {
    IOException failure = null;
    for (Background each : all) {
      try {
        each.await();
      } catch (IOException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /**
   * Waits for the end, even when it is interrupted meanwhile: nothing goes on behind a run that has
   * ended. Throws what the work threw.
   */
  void await() throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          task.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Does something while this goes on, and waits for its end, whatever becomes of either. */
  void awaitBeside(Work other) throws IOException {
    try {
      other.run();
    } catch (IOException | RuntimeException | Error e) {
      try {
        await();
      } catch (IOException also) {
        e.addSuppressed(also);
      }
      throw e;
    }
    await();
  }
}
