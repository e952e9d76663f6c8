package io.tapelake.jobs.session;

import io.tapelake.jobs.read.SliceReader;
import io.tapelake.jobs.read.SliceTasks;
import io.tapelake.jobs.read.SliceThreads;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.store.VaultStores;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
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
  private final Consumer<SparkSession> rehearsal;
  private final CompletableFuture<SparkSession> session = new CompletableFuture<>();
  private final CompletableFuture<Void> rehearsed = new CompletableFuture<>();
  private boolean begun;
  private volatile boolean wanted;

  /**
   * A session that is not opened yet.
   *
   * @param master from the command line, or null for spark-submit's, or all local cores
   * @param rehearsal what to do with a new session as long as nobody asks for it: the first query
   *     of a process costs seconds, whatever it is about
   */
  public SparkStart(String master, Consumer<SparkSession> rehearsal) {
    this.master = SparkSessions.master(master);
    this.rehearsal = rehearsal;
  }

  /** Begins to open the session, or takes the one that this process has. */
  public synchronized void begin() {
    if (begun) {
      return;
    }
    begun = true;
    if (SparkSession.getDefaultSession().isDefined()) {
      session.complete(SparkSessions.open(master));
      rehearsed.complete(null);
      return;
    }
    Thread thread = new Thread(this::open, "spark-start");
    thread.setDaemon(true);
    thread.start();
  }

  private void open() {
    try {
      SparkSession open = SparkSessions.open(master);
      session.complete(open);
      if (!wanted) {
        rehearsal.accept(open);
      }
    } catch (Throwable e) {
      // Of no effect when only the rehearsal failed: what follows will tell.
      session.completeExceptionally(e);
    } finally {
      rehearsed.complete(null);
    }
  }

  /** Leaves no session behind that is half open. */
  @Override
  public synchronized void close() {
    if (begun) {
      wanted = true;
      rehearsed.join();
    }
  }

  @Override
  public SparkSession get() {
    begin();
    wanted = true;
    try {
      SparkSession open = session.join();
      rehearsed.join();
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
