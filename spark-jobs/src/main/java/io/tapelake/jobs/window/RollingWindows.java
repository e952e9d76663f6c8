package io.tapelake.jobs.window;

import io.tapelake.analytics.window.MinuteRange;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.bar.MinuteFlow;
import io.tapelake.analytics.window.WindowSpec;
import io.tapelake.jobs.window.WindowChunk.MinuteRow;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Computes the rows of {@code vwap_1m}: chunks of minutes → their minutes → sums over RANGE frames
 * → differences → quotients.
 *
 * <p>The window of W minutes at minute M covers M−(W−1) … M, which is what a RANGE frame up to M
 * holds and one up to W minutes before does not.
 */
public final class RollingWindows {

  /** All minutes of a chunk, since 1970, and one of them. */
  private static final String ALL_MINUTES = "epoch_minutes";

  private static final String MINUTE = "epoch_minute";

  private static final String[] SUMS = {"price_notional", "notional", "base_volume"};

  /** Up to so many minutes to compile a query costs more than to interpret it. */
  private static final int FEW_MINUTES = 4000;

  /** What a query of its own is worth. */
  private static final int MINUTES_OF_A_QUERY = 10_000;

  private static final Map<String, String> INTERPRETED =
      Map.of(
          "spark.sql.codegen.wholeStage", "false",
          "spark.sql.codegen.factoryMode", "NO_CODEGEN");

  private final Supplier<SparkSession> spark;
  private final List<WindowSpec> windows;
  private final int longest;

  public RollingWindows(Supplier<SparkSession> spark, List<WindowSpec> windows) {
    this.spark = spark;
    this.windows = List.copyOf(windows);
    longest = windows.stream().mapToInt(WindowSpec::minutes).max().orElseThrow();
  }

  /**
   * Computes the rows of some ranges of minutes, by instrument and minute. No more of them are
   * there at once than who takes them keeps.
   *
   * @param bars by instrument the minutes with trades, from the longest window before its first
   *     range
   * @param ranges by instrument the disjoint ranges to compute, ascending
   * @param taker takes some of the rows; several do side by side
   * @return what each of them made, in the order of the rows
   */
  public <T> List<T> compute(
      Map<String, NavigableMap<Long, MinuteBar>> bars,
      Map<String, ? extends Collection<MinuteRange>> ranges,
      Function<Iterator<VwapRow>, T> taker) {
    return compute(bars, ranges, taker, FEW_MINUTES);
  }

  private <T> List<T> compute(
      Map<String, NavigableMap<Long, MinuteBar>> bars,
      Map<String, ? extends Collection<MinuteRange>> ranges,
      Function<Iterator<VwapRow>, T> taker,
      int few) {
    List<WindowChunk> chunks = new ArrayList<>();
    new TreeMap<>(ranges)
        .forEach(
            (instrument, each) ->
                each.forEach(
                    range ->
                        chunks.addAll(
                            WindowChunk.cut(instrument, bars.get(instrument), range, longest))));
    List<Callable<T>> queries = new ArrayList<>();
    for (List<WindowChunk> portion : portions(chunks)) {
      queries.add(() -> taker.apply(compute(portion, few)));
    }
    return sideBySide(queries);
  }

  /**
   * Chunks in portions of about the same size, as many as there are cores. Each is a query of one
   * task: what the driver does for it is then done on all cores, and nothing has to be shuffled.
   */
  private List<List<WindowChunk>> portions(List<WindowChunk> chunks) {
    long minutes = chunks.stream().mapToLong(chunk -> chunk.rows().size()).sum();
    long most = minutes;
    if (minutes >= 2 * MINUTES_OF_A_QUERY) {
      int cores = spark.get().sparkContext().defaultParallelism();
      most = Math.max(MINUTES_OF_A_QUERY, minutes / cores);
    }
    List<List<WindowChunk>> portions = new ArrayList<>();
    long room = 0;
    for (WindowChunk chunk : chunks) {
      if (room <= 0) {
        portions.add(new ArrayList<>());
        room = most;
      }
      portions.get(portions.size() - 1).add(chunk);
      room -= chunk.rows().size();
    }
    return portions;
  }

  private static <T> List<T> sideBySide(List<Callable<T>> work) {
    // Threads of our own know the class loader that the job was submitted with.
    ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, work.size()));
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> each : threads.invokeAll(work)) {
        results.add(each.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while windows were computed", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private Iterator<VwapRow> compute(List<WindowChunk> chunks, int few) {
    int[] limbs = limbsNeeded(chunks);
    int minutes = chunks.stream().mapToInt(chunk -> chunk.rows().size()).sum();
    Iterator<Row> sums =
        minutes <= few
            ? interpreted(() -> sumOverWindows(chunks, limbs).collectAsList().iterator())
            : sumOverWindows(chunks, limbs).toLocalIterator();
    return new RowQuotients(windows, limbs, chunks).rows(sums);
  }

  /**
   * Computes two made-up minutes, for Spark to have done it once.
   *
   * @param many the way that many minutes go
   */
  public void rehearse(boolean many) {
    NavigableMap<Long, MinuteBar> bars = new TreeMap<>();
    BigDecimal large = BigDecimal.valueOf(Long.MAX_VALUE);
    for (long minute = 0; minute < 2; minute++) {
      MinuteBar.Print print = new MinuteBar.Print(0, minute, BigDecimal.ONE);
      bars.put(
          minute,
          new MinuteBar(
              minute,
              print,
              print,
              large,
              large,
              1,
              1,
              large,
              large,
              large,
              large,
              large,
              large,
              large,
              large,
              MinuteFlow.NONE));
    }
    compute(
        Map.of("", bars),
        Map.of("", List.of(new MinuteRange(0, 1))),
        rows -> {
          rows.forEachRemaining(row -> {});
          return rows;
        },
        many ? 0 : FEW_MINUTES);
  }

  /**
   * Sums every limb up to each minute, and up to where each window of that minute begins, in the
   * order in which {@link RowQuotients} reads them. All these frames only grow, so that Spark adds
   * each minute once, where a frame with a moving beginning is summed anew for each row: rows ×
   * width.
   */
  private Dataset<Row> sumOverWindows(List<WindowChunk> chunks, int[] limbs) {
    List<String> minute = new ArrayList<>(List.of("chunk", "position"));
    minute.add("timestamp_seconds(%s * 60) AS minute".formatted(MINUTE));
    List<String> columns = new ArrayList<>(List.of("chunk", "position"));
    for (String column : summedColumns(limbs)) {
      minute.add("%s[position] AS %s".formatted(column, column));
      columns.add(sumUpTo("CURRENT ROW", column) + " AS " + column);
    }
    for (WindowSpec window : windows) {
      for (String column : summedColumns(limbs)) {
        String before = "INTERVAL %d MINUTES PRECEDING".formatted(window.minutes());
        columns.add(
            "COALESCE(%s, 0) AS %s_before_%s"
                .formatted(sumUpTo(before, column), column, window.name()));
      }
    }
    return spark
        .get()
        .createDataFrame(chunkRows(chunks, limbs), chunkSchema(limbs))
        .coalesce(1)
        .selectExpr("*", "posexplode(%s) AS (position, %s)".formatted(ALL_MINUTES, MINUTE))
        .selectExpr(minute.toArray(String[]::new))
        .selectExpr(columns.toArray(String[]::new));
  }

  /** Asks a query that Spark does not compile; the session's settings are as before after it. */
  private <T> T interpreted(Supplier<T> query) {
    RuntimeConfig settings = spark.get().conf();
    Map<String, String> before = new HashMap<>();
    INTERPRETED.forEach(
        (key, value) -> {
          before.put(key, settings.get(key));
          settings.set(key, value);
        });
    try {
      return query.get();
    } finally {
      before.forEach(settings::set);
    }
  }

  private static String sumUpTo(String bound, String column) {
    return "SUM(%s) OVER (PARTITION BY chunk ORDER BY minute RANGE BETWEEN UNBOUNDED PRECEDING AND %s)"
        .formatted(column, bound);
  }

  private static List<String> summedColumns(int[] limbs) {
    List<String> columns = new ArrayList<>(List.of("trade_count"));
    for (int sum = 0; sum < SUMS.length; sum++) {
      for (int limb = 0; limb < limbs[sum]; limb++) {
        columns.add(SUMS[sum] + "_" + limb);
      }
    }
    return columns;
  }

  private static StructType chunkSchema(int[] limbs) {
    DataType numbers = DataTypes.createArrayType(DataTypes.LongType, false);
    StructType schema =
        new StructType()
            .add("chunk", DataTypes.IntegerType, false)
            .add(ALL_MINUTES, numbers, false);
    for (String column : summedColumns(limbs)) {
      schema = schema.add(column, numbers, false);
    }
    return schema;
  }

  /** A chunk is one row of arrays: as rows its minutes would take ten times the room. */
  private static List<Row> chunkRows(List<WindowChunk> chunks, int[] limbs) {
    List<Row> rows = new ArrayList<>();
    for (int chunk = 0; chunk < chunks.size(); chunk++) {
      List<MinuteRow> minutes = chunks.get(chunk).rows();
      long[][] columns = new long[1 + summedColumns(limbs).size()][minutes.size()];
      for (int i = 0; i < minutes.size(); i++) {
        columns[0][i] = minutes.get(i).minute();
        putSums(columns, i, minutes.get(i).bar(), chunks.get(chunk).scales(), limbs);
      }
      Object[] values = new Object[1 + columns.length];
      values[0] = chunk;
      System.arraycopy(columns, 0, values, 1, columns.length);
      rows.add(RowFactory.create(values));
    }
    return rows;
  }

  private static void putSums(
      long[][] columns, int at, MinuteBar bar, WindowChunk.Scales scales, int[] limbs) {
    if (bar == null) {
      return;
    }
    int next = 1;
    columns[next++][at] = bar.tradeCount();
    for (int sum = 0; sum < SUMS.length; sum++) {
      BigInteger integer = integer(bar, sum, scales);
      for (int limb = 0; limb < limbs[sum]; limb++) {
        columns[next++][at] = Limbs.limb(integer, limb);
      }
    }
  }

  private static int[] limbsNeeded(List<WindowChunk> chunks) {
    int[] limbs = {1, 1, 1};
    for (WindowChunk chunk : chunks) {
      for (MinuteRow minute : chunk.rows()) {
        for (int sum = 0; sum < SUMS.length && minute.bar() != null; sum++) {
          limbs[sum] =
              Math.max(limbs[sum], Limbs.count(integer(minute.bar(), sum, chunk.scales())));
        }
      }
    }
    return limbs;
  }

  private static BigInteger integer(MinuteBar bar, int sum, WindowChunk.Scales scales) {
    return switch (sum) {
      case 0 -> WindowChunk.integer(bar.priceNotional(), scales.priceNotional());
      case 1 -> WindowChunk.integer(bar.notional(), scales.notional());
      default -> WindowChunk.integer(bar.baseVolume(), scales.baseVolume());
    };
  }

  /** A sum's integer limbs back as the number they stand for. */
  static BigDecimal number(long[] limbs, int scale) {
    return new BigDecimal(Limbs.join(limbs), scale);
  }
}
