package io.tapelake.jobs.window;

import io.tapelake.jobs.minute.MinuteBar;
import io.tapelake.jobs.minute.MinuteFlow;
import io.tapelake.jobs.plan.WindowSpec;
import io.tapelake.jobs.window.WindowChunk.MinuteRow;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Computes the rows of {@code vwap_1m}: minute rows → sums over RANGE frames → differences →
 * quotients.
 *
 * <p>The window of W minutes at minute M covers M−(W−1) … M, which is what a RANGE frame up to M
 * holds and one up to W minutes before does not.
 */
public final class RollingWindows {

  private static final String[] SUMS = {"price_notional", "notional", "base_volume"};

  /**
   * Up to so many rows a shuffle costs more than a second task gains, and to compile the query more
   * than to interpret it.
   */
  private static final int FEW_ROWS = 4000;

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
   * The rows of some ranges of minutes, by instrument and minute.
   *
   * @param bars by instrument the minutes with trades, from the longest window before its first
   *     range
   * @param ranges by instrument the disjoint ranges to compute
   */
  public List<VwapRow> compute(
      Map<String, NavigableMap<Long, MinuteBar>> bars,
      Map<String, ? extends Collection<MinuteRange>> ranges) {
    return compute(bars, ranges, FEW_ROWS);
  }

  private List<VwapRow> compute(
      Map<String, NavigableMap<Long, MinuteBar>> bars,
      Map<String, ? extends Collection<MinuteRange>> ranges,
      int fewRows) {
    List<WindowChunk> chunks = new ArrayList<>();
    ranges.forEach(
        (instrument, each) ->
            each.forEach(
                range ->
                    chunks.addAll(
                        WindowChunk.cut(instrument, bars.get(instrument), range, longest))));
    if (chunks.isEmpty()) {
      return List.of();
    }
    int[] limbs = limbsNeeded(chunks);
    List<Row> minutes = minuteRows(chunks, limbs);
    List<Row> sums =
        minutes.size() <= fewRows
            ? interpreted(() -> sumOverWindows(minutes, limbs, true))
            : sumOverWindows(minutes, limbs, false);
    RowQuotients quotients = new RowQuotients(windows, limbs, chunks);
    return sums.parallelStream()
        .map(quotients::row)
        .filter(Objects::nonNull)
        .sorted(Comparator.comparing(VwapRow::instrument).thenComparingLong(VwapRow::minute))
        .toList();
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
    compute(Map.of("", bars), Map.of("", List.of(new MinuteRange(0, 1))), many ? 0 : FEW_ROWS);
  }

  /**
   * Sums every limb up to each minute, and up to where each window of that minute begins, in the
   * order in which {@link RowQuotients} reads them. All these frames only grow, so that Spark adds
   * each minute once, where a frame with a moving beginning is summed anew for each row: rows ×
   * width.
   */
  private List<Row> sumOverWindows(List<Row> rows, int[] limbs, boolean inOneTask) {
    List<String> columns = new ArrayList<>(List.of("chunk", "minute"));
    for (String column : summedColumns(limbs)) {
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
    Dataset<Row> minutes = spark.get().createDataFrame(rows, minuteSchema(limbs));
    return (inOneTask ? minutes.coalesce(1) : minutes)
        .selectExpr(columns.toArray(String[]::new))
        .collectAsList();
  }

  /** Asks a query that Spark does not compile; the session's settings are as before after it. */
  private List<Row> interpreted(Supplier<List<Row>> query) {
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

  private static StructType minuteSchema(int[] limbs) {
    StructType schema =
        new StructType()
            .add("chunk", DataTypes.IntegerType, false)
            .add("minute", DataTypes.TimestampType, false);
    for (String column : summedColumns(limbs)) {
      schema = schema.add(column, DataTypes.LongType, false);
    }
    return schema;
  }

  private static List<Row> minuteRows(List<WindowChunk> chunks, int[] limbs) {
    List<Row> rows = new ArrayList<>();
    int width = 2 + summedColumns(limbs).size();
    for (int chunk = 0; chunk < chunks.size(); chunk++) {
      for (MinuteRow minute : chunks.get(chunk).rows()) {
        Object[] values = new Object[width];
        values[0] = chunk;
        values[1] = Instant.ofEpochSecond(minute.minute() * 60);
        putSums(values, 2, minute.bar(), chunks.get(chunk).scales(), limbs);
        rows.add(RowFactory.create(values));
      }
    }
    return rows;
  }

  private static void putSums(
      Object[] values, int at, MinuteBar bar, WindowChunk.Scales scales, int[] limbs) {
    values[at] = bar == null ? 0L : bar.tradeCount();
    int next = at + 1;
    for (int sum = 0; sum < SUMS.length; sum++) {
      BigInteger integer = bar == null ? BigInteger.ZERO : integer(bar, sum, scales);
      for (int limb = 0; limb < limbs[sum]; limb++) {
        values[next++] = Limbs.limb(integer, limb);
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
