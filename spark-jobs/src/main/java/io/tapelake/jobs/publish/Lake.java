package io.tapelake.jobs.publish;

import io.tapelake.jobs.minute.MinuteBar;
import io.tapelake.jobs.plan.DayRange;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.plan.WindowSpec;
import io.tapelake.jobs.read.SliceTasks;
import io.tapelake.jobs.read.TradeFile;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.window.MinuteRange;
import io.tapelake.jobs.window.VwapRow;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** The vault's Delta tables. */
public final class Lake {

  private final Supplier<SparkSession> spark;
  private final OutputSettings settings;
  private final LakeTable bars;
  private final LakeTable vwap;
  private final LakeTable trades;

  public Lake(Supplier<SparkSession> spark, VaultStore store, OutputSettings settings) {
    this.spark = spark;
    this.settings = settings;
    bars = new LakeTable(spark, store, LakeSchema.BARS);
    vwap = new LakeTable(spark, store, LakeSchema.VWAP);
    trades = new LakeTable(spark, store, LakeSchema.TRADES);
  }

  /** The versions of all tables by name; -1 for one that does not exist. */
  public Map<String, Long> versions() throws IOException {
    Map<String, Long> versions = new LinkedHashMap<>();
    for (LakeTable table : tables()) {
      versions.put(table.name(), table.version());
    }
    return versions;
  }

  /** Brings every table that went on back to a version; true when there was one. */
  public boolean restore(Map<String, Long> versions) throws IOException {
    boolean restored = false;
    for (LakeTable table : tables()) {
      long version = versions.getOrDefault(table.name(), LakeTable.ABSENT);
      if (table.version() != version) {
        table.restore(version);
        restored = true;
      }
    }
    return restored;
  }

  /** Takes all rows of some instruments out of all tables; null takes all rows out. */
  public void clear(Collection<String> instruments) throws IOException {
    for (LakeTable table : tables()) {
      if (table.version() == LakeTable.ABSENT) {
        continue;
      }
      if (instruments != null) {
        table.deleteWhere("inst_id IN (" + quoted(instruments) + ")");
      } else if (table == bars) {
        table.clear(LakeSchema.bars());
      } else if (table == vwap) {
        table.clear(LakeSchema.vwap(settings.windows()));
      } else {
        table.clear(SliceTasks.tradeSchema());
      }
    }
  }

  /**
   * The minutes with trades of some instruments, as the table has them.
   *
   * @param ranges by instrument what to read
   */
  public Map<String, NavigableMap<Long, MinuteBar>> readBars(Map<String, List<MinuteRange>> ranges)
      throws IOException {
    Map<String, NavigableMap<Long, MinuteBar>> found = new TreeMap<>();
    ranges.keySet().forEach(instrument -> found.put(instrument, new TreeMap<>()));
    for (Row row : bars.read(new MinuteFilter(ranges))) {
      MinuteBar bar = LakeSchema.bar(row);
      found.get(row.<String>getAs("inst_id")).put(bar.minute(), bar);
    }
    return found;
  }

  /** Adds minutes with trades to {@code bars_1m}. */
  public void appendBars(Map<String, ? extends Collection<MinuteBar>> added) throws IOException {
    bars.append(barRows(added), LakeSchema.bars());
  }

  /**
   * Puts days of {@code bars_1m} in place of what was there, and adds minutes of other days.
   *
   * @param written all bars to write
   * @param replaced by instrument the ranges they replace, in which all of them lie
   */
  public void replaceBars(
      Map<String, ? extends Collection<MinuteBar>> written, Map<String, List<MinuteRange>> replaced)
      throws IOException {
    bars.replace(new MinuteFilter(replaced), barRows(written), LakeSchema.bars());
  }

  public void appendVwap(List<VwapRow> rows) throws IOException {
    vwap.append(vwapRows(rows), LakeSchema.vwap(settings.windows()));
  }

  /** Puts rows in place of those in some ranges of minutes, in which all of them lie. */
  public void replaceVwap(List<VwapRow> rows, Map<String, List<MinuteRange>> replaced)
      throws IOException {
    vwap.replace(new MinuteFilter(replaced), vwapRows(rows), LakeSchema.vwap(settings.windows()));
  }

  /** Adds trades to the table, by the files that hold them. */
  public void appendTrades(List<TradeFile> files) throws IOException {
    trades.append(files);
  }

  /** Puts the trades of some days in place of those that were there. */
  public void replaceTrades(Dataset<Row> rows, Map<String, List<LocalDate>> replaced)
      throws IOException {
    StringJoiner predicate = new StringJoiner(" OR ");
    replaced.forEach(
        (instrument, days) ->
            days.forEach(
                day ->
                    predicate.add("(inst_id = '%s' AND date = '%s')".formatted(instrument, day))));
    trades.replaceWhere(predicate.toString(), rows);
  }

  /** An instrument's rows of {@code vwap_1m}, ascending, as far as the export needs them. */
  public Iterator<VwapRow> vwapRows(String instrument, List<WindowSpec> windows)
      throws IOException {
    if (vwap.version() == LakeTable.ABSENT) {
      return Collections.emptyIterator();
    }
    spark.get().sparkContext().setJobDescription("read rows for the export of " + instrument);
    Iterator<Row> rows =
        vwap.read().where("inst_id = '" + instrument + "'").orderBy("minute").toLocalIterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public VwapRow next() {
        return LakeSchema.vwapRow(rows.next(), windows);
      }
    };
  }

  /** The rows of {@code bars_1m} in a range by minute, as text that compares. */
  public Map<Long, String> barTexts(String instrument, MinuteRange range) throws IOException {
    return texts(bars, instrument, range);
  }

  /** The rows that bars make, as text that compares. */
  public Map<Long, String> barTexts(String instrument, Collection<MinuteBar> each) {
    Map<Long, String> texts = new TreeMap<>();
    each.forEach(bar -> texts.put(bar.minute(), LakeSchema.text(LakeSchema.row(instrument, bar))));
    return texts;
  }

  /** The rows of {@code vwap_1m} in a range by minute, as text that compares. */
  public Map<Long, String> vwapTexts(String instrument, MinuteRange range) throws IOException {
    return texts(vwap, instrument, range);
  }

  /** The rows of one instrument, as text that compares. */
  public Map<Long, String> vwapTexts(Collection<VwapRow> rows) {
    Map<Long, String> texts = new TreeMap<>();
    rows.forEach(
        row -> texts.put(row.minute(), LakeSchema.text(LakeSchema.row(row, settings.windows()))));
    return texts;
  }

  /** An instrument's rows of the table of trades, from one day to another. */
  public Dataset<Row> trades(String instrument, LocalDate from, LocalDate to) throws IOException {
    if (trades.version() == LakeTable.ABSENT) {
      return empty(SliceTasks.tradeSchema());
    }
    return trades
        .read()
        .where("inst_id = '%s' AND date >= '%s' AND date <= '%s'".formatted(instrument, from, to));
  }

  /** How many rows an instrument has in each table that there is, from one day to another. */
  public Map<String, Long> countRows(String instrument, DayRange days) throws IOException {
    Map<String, Long> counts = new TreeMap<>();
    for (LakeTable table : tables()) {
      if (table.version() == LakeTable.ABSENT) {
        continue;
      }
      Dataset<Row> rows = table.read().where("inst_id = '" + instrument + "'");
      if (!days.from().equals(LocalDate.MIN)) {
        rows = rows.where("date >= '" + days.from() + "'");
      }
      if (!days.to().equals(LocalDate.MAX)) {
        rows = rows.where("date <= '" + days.to() + "'");
      }
      counts.put(table.name(), rows.count());
    }
    return counts;
  }

  private Map<Long, String> texts(LakeTable table, String instrument, MinuteRange range)
      throws IOException {
    Map<Long, String> texts = new TreeMap<>();
    for (Row row : table.read(new MinuteFilter(Map.of(instrument, List.of(range))))) {
      long minute = Math.floorDiv(row.<Instant>getAs("minute").getEpochSecond(), 60L);
      if (texts.put(minute, LakeSchema.text(row)) != null) {
        texts.put(minute, "two rows of " + LakeSchema.instant(minute));
      }
    }
    return texts;
  }

  /** Puts the small files of a table's days together, from a day on. */
  public void compact(String table, LocalDate from) throws IOException {
    for (LakeTable each : tables()) {
      if (each.name().equals(table) && each.version() != LakeTable.ABSENT) {
        each.compact("date >= '" + from + "'");
      }
    }
  }

  /** Removes files that no version of the last seven days needs. */
  public void vacuum() throws IOException {
    for (LakeTable each : tables()) {
      if (each.version() != LakeTable.ABSENT) {
        each.vacuum();
      }
    }
  }

  private static List<Row> barRows(Map<String, ? extends Collection<MinuteBar>> written) {
    List<Row> rows = new ArrayList<>();
    written.forEach(
        (instrument, each) -> each.forEach(bar -> rows.add(LakeSchema.row(instrument, bar))));
    return rows;
  }

  private List<Row> vwapRows(List<VwapRow> rows) {
    return rows.stream().map(row -> LakeSchema.row(row, settings.windows())).toList();
  }

  private Dataset<Row> empty(StructType schema) {
    return spark.get().createDataFrame(List.of(), schema);
  }

  private List<LakeTable> tables() {
    return List.of(bars, vwap, trades);
  }

  private static String quoted(Collection<String> names) {
    StringJoiner list = new StringJoiner(", ");
    names.forEach(name -> list.add("'" + name + "'"));
    return list.toString();
  }
}
