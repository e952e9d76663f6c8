package io.tapelake.jobs.sql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A result's rows in their order, few of them in memory at a time.
 *
 * <p>Spark's own iterator takes a partition as a whole. Where tasks run in this process they hand
 * over their rows as they make them, and wait while nobody takes them: as many partitions are at
 * work as there are cores, the first ones first. On a cluster it is Spark's iterator.
 */
final class RowStream implements Iterator<Row>, AutoCloseable {

  private static final int BATCH = 1_000;
  private static final int BATCHES_AHEAD = 8;
  private static final int LOOK_UP_MILLIS = 100;

  /** Where the tasks of this process find the streams that are read. */
  private static final Map<String, RowStream> OPEN = new ConcurrentHashMap<>();

  /** Behind a partition's last row. */
  private static final List<Row> END = List.of();

  private final String id = UUID.randomUUID().toString();
  private final List<BlockingQueue<List<Row>>> partitions = new ArrayList<>();
  private final ExecutorService jobs;
  private volatile RuntimeException failure;
  private int partition;
  private Iterator<Row> batch = Collections.emptyIterator();

  private RowStream(JavaRDD<Row> rows, int cores) {
    for (int i = 0; i < rows.getNumPartitions(); i++) {
      partitions.add(new ArrayBlockingQueue<>(BATCHES_AHEAD));
    }
    OPEN.put(id, this);
    // Threads that this one starts: Spark knows their jobs as this one's.
    jobs = Executors.newFixedThreadPool(cores);
    String name = id;
    JavaRDD<Row> handedOver =
        rows.mapPartitionsWithIndex(
            (index, each) -> {
              handOver(name, index, each);
              return Collections.emptyIterator();
            },
            true);
    for (int i = 0; i < partitions.size(); i++) {
      int index = i;
      jobs.execute(() -> run(handedOver, index));
    }
  }

  /** The rows of a result; reading them runs its jobs. */
  static Iterator<Row> of(Dataset<Row> result) {
    var context = result.sparkSession().sparkContext();
    return context.isLocal()
        ? new RowStream(result.toJavaRDD(), Math.max(1, context.defaultParallelism()))
        : result.toLocalIterator();
  }

  private void run(JavaRDD<Row> rows, int index) {
    try {
      if (OPEN.containsKey(id)) {
        rows.collectPartitions(new int[] {index});
      }
    } catch (RuntimeException e) {
      failure = e;
    } catch (Throwable e) {
      failure = new IllegalStateException(e);
    } finally {
      offer(index, END);
    }
  }

  private static void handOver(String id, int index, Iterator<Row> rows) {
    RowStream stream = OPEN.get(id);
    List<Row> batch = new ArrayList<>(BATCH);
    while (stream != null && rows.hasNext()) {
      batch.add(rows.next());
      if (batch.size() == BATCH || !rows.hasNext()) {
        if (!stream.offer(index, batch)) {
          return;
        }
        batch = new ArrayList<>(BATCH);
      }
    }
  }

  /** Waits until there is room; false when nobody reads any more. */
  private boolean offer(int index, List<Row> rows) {
    try {
      while (OPEN.containsKey(id)) {
        if (partitions.get(index).offer(rows, LOOK_UP_MILLIS, TimeUnit.MILLISECONDS)) {
          return true;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  @Override
  public boolean hasNext() {
    while (!batch.hasNext() && partition < partitions.size()) {
      List<Row> next = take();
      if (next.isEmpty()) {
        partitions.set(partition++, null);
      }
      batch = next.iterator();
    }
    return batch.hasNext();
  }

  private List<Row> take() {
    try {
      while (true) {
        List<Row> next = partitions.get(partition).poll(LOOK_UP_MILLIS, TimeUnit.MILLISECONDS);
        // After taking, not before: what a failed task leaves behind looks like a partition's end.
        if (failure != null) {
          throw failure;
        }
        if (next != null) {
          return next;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Job cancelled while its rows were read", e);
    }
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return batch.next();
  }

  @Override
  public void close() {
    OPEN.remove(id);
    jobs.shutdown();
  }
}
