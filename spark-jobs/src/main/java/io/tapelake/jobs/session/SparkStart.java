package io.tapelake.jobs.session;

import io.tapelake.jobs.read.SliceReader;
import io.tapelake.jobs.read.SliceTasks;
import io.tapelake.jobs.read.SliceThreads;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.store.VaultStores;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;

/**
 * A Spark session that is opened when there is something to do, while the run goes on with what
 * needs none: that takes seconds in a fresh process. Whoever asks for it waits until it is up.
 */
public final class SparkStart implements Supplier<SparkSession>, AutoCloseable {

  /** Examples: {@code local}, {@code local[4]}, {@code local[*]}. */
  private static final Pattern LOCAL = Pattern.compile("local(\\[(\\d+|\\*)(,.*)?])?");

  private final String master;
  private final CompletableFuture<SparkSession> session = new CompletableFuture<>();
  private boolean begun;

  /**
   * A session that is not opened yet.
   *
   * @param master from the command line, or null for spark-submit's, or all local cores
   */
  public SparkStart(String master) {
    this.master = SparkSessions.master(master);
  }

  /** Begins to open the session, or takes the one that this process has. */
  public synchronized void begin() {
    if (begun) {
      return;
    }
    begun = true;
    if (SparkSession.getDefaultSession().isDefined()) {
      session.complete(SparkSessions.open(master));
      return;
    }
    Thread thread = new Thread(this::open, "spark-start");
    thread.setDaemon(true);
    thread.start();
  }

  private void open() {
    try {
      session.complete(SparkSessions.open(master));
    } catch (Throwable e) {
      session.completeExceptionally(e);
    }
  }

  /** Leaves no session behind that is half open. */
  @Override
  public synchronized void close() {
    if (begun) {
      session.exceptionally(failure -> null).join();
    }
  }

  @Override
  public SparkSession get() {
    begin();
    try {
      SparkSession open = session.join();
      SparkSession.setActiveSession(open);
      return open;
    } catch (CompletionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException("Spark did not start: " + e.getCause(), e.getCause());
    }
  }

  /** Reads raw files where the work is done: on a cluster in tasks, otherwise in this process. */
  public SliceReader sliceReader(VaultStore store) {
    Matcher local = LOCAL.matcher(master);
    if (!local.matches()) {
      return new SliceTasks(this, store.uri(""));
    }
    String cores = local.group(2);
    int threads =
        cores == null
            ? 1
            : cores.equals("*")
                ? Runtime.getRuntime().availableProcessors()
                : Integer.parseInt(cores);
    return new SliceThreads(store.uri(""), VaultStores.configuration(), threads);
  }
}
