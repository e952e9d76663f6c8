package io.tapelake.collector.write;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * Work of one writer that waits for the disk, done beside it: a disk may take a hundred times as
 * long as writing does. One at a time; not thread-safe but for the work itself.
 */
final class Forcing {

  /** A file system takes about as long for a few files at once as for one. */
  static final int THREADS = 4;

  private static final Executor EXECUTOR =
      Executors.newFixedThreadPool(
          THREADS,
          task -> {
            Thread thread = new Thread(task, "force");
            thread.setDaemon(true);
            return thread;
          });

  /** What forces something to the disk. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  private CompletableFuture<Void> work = CompletableFuture.completedFuture(null);

  boolean isDone() {
    return work.isDone();
  }

  /** Begins some work; what was begun before has to be done. */
  void begin(Work next) {
    work =
        CompletableFuture.runAsync(
            () -> {
              try {
                next.run();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            EXECUTOR);
  }

  /** Waits until it is done, whatever comes of it. */
  void await() {
    work.exceptionally(failure -> null).join();
  }

  /** Waits until it is done; throws once what it failed with. */
  void end() throws IOException {
    CompletableFuture<Void> ended = work;
    work = CompletableFuture.completedFuture(null);
    try {
      ended.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof UncheckedIOException failed) {
        throw failed.getCause();
      }
      throw e;
    }
  }
}
