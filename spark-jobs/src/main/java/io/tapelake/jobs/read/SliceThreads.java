package io.tapelake.jobs.read;

import io.tapelake.jobs.plan.Slice;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;

/**
 * Reads slices in threads of this process, which is all that a local Spark would do with them, but
 * without waiting for it to be up.
 */
public final class SliceThreads implements SliceReader {

  private final String vaultUri;
  private final Configuration configuration;
  private final int threads;

  /**
   * A reader of one vault.
   *
   * @param vaultUri the vault's root as a URI without a slash at its end
   * @param threads how many slices are read at a time
   */
  public SliceThreads(String vaultUri, Configuration configuration, int threads) {
    this.vaultUri = vaultUri;
    this.configuration = configuration;
    this.threads = threads;
  }

  @Override
  public List<SliceResult> scan(List<Slice> slices) throws IOException {
    List<Callable<SliceResult>> tasks = new ArrayList<>();
    slices.forEach(slice -> tasks.add(() -> scan(slice)));
    return sideBySide(tasks);
  }

  @Override
  public List<TradeFile> writeTrades(List<Slice> slices, String table) throws IOException {
    List<Callable<Optional<TradeFile>>> tasks = new ArrayList<>();
    TradeGroups.of(slices)
        .forEach(
            group ->
                tasks.add(() -> new TradeFileWriter(vaultUri, configuration).write(group, table)));
    return sideBySide(tasks).stream().flatMap(Optional::stream).toList();
  }

  private <T> List<T> sideBySide(List<Callable<T>> tasks) throws IOException {
    ExecutorService pool =
        Executors.newFixedThreadPool(Math.max(1, Math.min(threads, tasks.size())));
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> result : pool.invokeAll(tasks)) {
        results.add(result.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading raw files");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private SliceResult scan(Slice slice) throws IOException {
    return SliceScan.scan(slice, new RawFileBytes(vaultUri + "/" + slice.path(), configuration));
  }
}
