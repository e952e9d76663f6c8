package io.tapelake.jobs.derive;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.bar.MinuteFlow;
import io.tapelake.analytics.window.CarriedSums;
import io.tapelake.analytics.window.PackedBar;
import io.tapelake.analytics.window.SpanSums;
import io.tapelake.analytics.window.Spans;
import io.tapelake.analytics.window.WindowSpec;
import io.tapelake.jobs.measure.MeasuredDay;
import io.tapelake.jobs.oracle.LocalSpark;
import io.tapelake.jobs.plan.OutputSettings;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Spark makes of the window query: the frame of the definition, without a shuffle or a sort.
 */
final class WindowQueryIT {

  private static final long SEED = 20_261_130L;
  private static final long FIRST_DAY = 20_000;
  private static final int DAYS = 3;
  private static final String SEGMENT_TREE = "spark.sql.window.segmentTree.enabled";

  private static final OutputSettings SETTINGS =
      new OutputSettings(
          WindowSpec.parseList("1h,4h"), Duration.ZERO, new BigDecimal("0.01"), true, null);

  @TempDir private static Path vault;

  /** One window at a time, as a user would write it. */
  private static final String DIRECT =
      "SUM(%s) OVER (PARTITION BY unit, instrument ORDER BY minute RANGE BETWEEN"
          + " INTERVAL %d MINUTES PRECEDING AND CURRENT ROW)";

  @Test
  void growingFramesGiveTheSumsOfTheMovingOne() throws IOException {
    Spans spans = SETTINGS.spans();
    Units units = new Units(spans, List.of(tape("A", 1, 300), tape("B", 2, 1_100)));
    SparkSession spark = LocalSpark.session();
    WindowQuery query = new WindowQuery(spark, SETTINGS, "file:" + vault, "work");
    DenseMinutes.remember(
        "test",
        new DenseMinutes.Plan(
            units.units(),
            spans.longestWindow(),
            units.limbs(),
            "file:" + vault,
            new SerializableConfiguration(spark.sessionState().newHadoopConf())));
    try {
      Dataset<Row> sums = query.query("test", units.limbs());
      assertThat(sums.queryExecution().executedPlan().toString())
          .doesNotContain("Exchange")
          .doesNotContain("Sort [");
      List<String> differences = new ArrayList<>();
      List<String> moving = new ArrayList<>();
      for (String column : MinuteSums.columns(units.limbs())) {
        for (WindowSpec window : spans.windows()) {
          String name = column + "_" + window.name();
          differences.add("%s - %s_before_%s AS %s".formatted(column, column, window.name(), name));
          moving.add(DIRECT.formatted(column, window.minutes() - 1) + " AS " + name);
        }
      }
      List<String> used = texts(sums.selectExpr(differences.toArray(String[]::new)));
      assertThat(used).as("seed " + SEED).hasSizeGreaterThan(2 * (DAYS - 1) * 1_440);
      for (boolean tree : new boolean[] {false, true}) {
        String before = spark.conf().get(SEGMENT_TREE);
        spark.conf().set(SEGMENT_TREE, tree);
        try {
          Dataset<Row> minutes =
              spark
                  .read()
                  .format(DenseMinutes.class.getName())
                  .option(DenseMinutes.PLAN, "test")
                  .load();
          assertThat(texts(minutes.selectExpr(moving.toArray(String[]::new))))
              .as("seed %d, segment tree %s", SEED, tree)
              .isEqualTo(used);
        } finally {
          spark.conf().set(SEGMENT_TREE, before);
        }
      }
    } finally {
      DenseMinutes.forget("test");
    }
  }

  private static List<String> texts(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(Row::toString).toList();
  }

  /**
   * An instrument with so many minutes with trades a day, its rows in files as tasks leave them.
   */
  private static Units.Tape tape(String name, int bucket, int minutesADay) throws IOException {
    Random random = new Random(SEED + bucket);
    Units.Tape tape =
        new Units.Tape(
            name, bucket, new TreeMap<>(), new TreeMap<>(), (FIRST_DAY + DAYS) * 1_440 - 1);
    for (long day = FIRST_DAY; day < FIRST_DAY + DAYS; day++) {
      List<MinuteBar> bars = bars(day, minutesADay, random);
      String path = "rows-%s-%d".formatted(name, day);
      try (DataOutputStream out =
          new DataOutputStream(Files.newOutputStream(vault.resolve(path)))) {
        for (MinuteBar bar : bars) {
          byte[] record = PackedBar.pack(bar);
          out.writeInt(record.length);
          out.write(record);
        }
      }
      tape.rows().put(day, path);
      tape.bars()
          .put(
              day,
              new MeasuredDay.Bars(
                  bars.size(),
                  bars.get(0).minute(),
                  BigDecimal.ONE,
                  SpanSums.NONE,
                  CarriedSums.none(0),
                  0,
                  new int[] {12, 12, 12},
                  new int[] {24, 16, 8}));
    }
    return tape;
  }

  private static List<MinuteBar> bars(long day, int count, Random random) {
    List<MinuteBar> bars = new ArrayList<>();
    for (int minute = 0; minute < 1_440; minute++) {
      if (random.nextInt(1_440) < count) {
        MinuteBar.Print print = new MinuteBar.Print(0, minute, number(5, random));
        bars.add(
            new MinuteBar(
                day * 1_440 + minute,
                print,
                print,
                print.price(),
                print.price(),
                1 + random.nextInt(1_000),
                0,
                number(6, random),
                number(8, random),
                number(16, random),
                BigDecimal.ZERO,
                BigDecimal.ZERO,
                number(24, random),
                BigDecimal.ZERO,
                number(24, random),
                MinuteFlow.NONE));
      }
    }
    return bars;
  }

  /** A number of up to so many digits before the point, and up to 12 behind it. */
  private static BigDecimal number(int digits, Random random) {
    StringBuilder text = new StringBuilder("1");
    int before = 1 + random.nextInt(digits);
    for (int i = 1; i < before; i++) {
      text.append(random.nextInt(10));
    }
    text.append('.');
    for (int i = random.nextInt(13); i > 0; i--) {
      text.append(random.nextInt(10));
    }
    return new BigDecimal(text.append('0').toString());
  }
}
