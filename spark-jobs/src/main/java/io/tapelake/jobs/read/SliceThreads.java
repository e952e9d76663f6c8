package io.tapelake.jobs.read;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.jobs.parquet.WrittenFile;
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
  public List<SliceRead> scan(List<Slice> slices) throws IOException {
    return each(slices, slice -> SliceRead.of(() -> SliceScan.scan(slice, bytes(slice))));
  }

  @Override
  public List<List<MinuteBar>> sort(List<UnsortedMinutes> portions) throws IOException {
    return each(portions, portion -> MinuteSort.sort(portion, bytes(portion.slice())));
  }

  @Override
  public List<WrittenFile> writeTrades(List<Slice> slices, String table) throws IOException {
    return each(
            TradeGroups.of(slices),
            group -> TradeGroups.write(group, vaultUri, table, configuration))
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private interface Reading<T, R> {
    R of(T part) throws IOException;
  }

  private <T, R> List<R> each(List<T> parts, Reading<T, R> reading) throws IOException {
    List<Callable<R>> tasks = new ArrayList<>();
    parts.forEach(part -> tasks.add(() -> reading.of(part)));
    ExecutorService pool =
        Executors.newFixedThreadPool(Math.max(1, Math.min(threads, tasks.size())));
    try {
      List<R> results = new ArrayList<>();
      for (Future<R> result : pool.invokeAll(tasks)) {
        results.add(result.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading raw files");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private RawBytes bytes(Slice slice) throws IOException {
    return new RawFileBytes(vaultUri + "/" + slice.path(), configuration);
  }
}
