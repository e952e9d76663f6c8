package io.tapelake.jobs.job;

import java.io.IOException;
import java.io.InterruptedIOException;
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

  /** Waits for the end; throws what the work threw. */
  void await() throws IOException {
    try {
      task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while writing");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    }
  }
}
