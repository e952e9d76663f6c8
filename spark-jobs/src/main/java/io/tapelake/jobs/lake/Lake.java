package io.tapelake.jobs.lake;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.signal.Signal;
import io.tapelake.analytics.window.MinuteRange;
import io.tapelake.analytics.window.SessionDay;
import io.tapelake.jobs.parquet.WrittenFile;
import io.tapelake.jobs.plan.DayRange;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.published.DamagedException;
import io.tapelake.jobs.published.Published.TableState;
import io.tapelake.jobs.read.SliceTasks;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.store.VaultStores;
import io.tapelake.jobs.table.BarsTable;
import io.tapelake.jobs.table.Derived;
import io.tapelake.jobs.table.DerivedColumns;
import io.tapelake.jobs.table.LakeSchema;
import io.tapelake.jobs.table.SessionsTable;
import io.tapelake.jobs.table.SignalsTable;
import io.tapelake.jobs.table.StoredSignal;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** The vault's Delta tables. */
public final class Lake {

  /** So many transactions a holder may make, in powers of two. */
  private static final int TRANSACTION_BITS = 20;

  private final Supplier<SparkSession> spark;
  private final DerivedColumns columns;
  private final LakeTable bars;
  private final LakeTable trades;
  private final Map<Derived, LakeTable> derived = new EnumMap<>(Derived.class);

  /** The last transaction's number: it rises with each transaction, and with each holder. */
  private final AtomicLong transactions;

  /** Read once for all tables: that takes its time. */
  private Configuration hadoop;

  /** The tables for those who only read them. */
  public Lake(Supplier<SparkSession> spark, VaultStore store, OutputSettings settings) {
    this(spark, store, settings, 0);
  }

  /**
   * The tables for who holds the vault.
   *
   * @param fence the holder's number
   */
  public Lake(Supplier<SparkSession> spark, VaultStore store, OutputSettings settings, long fence) {
    this.spark = spark;
    transactions = new AtomicLong(fence << TRANSACTION_BITS);
    columns = new DerivedColumns(settings.spans());
    bars = table(store, LakeSchema.BARS);
    trades = table(store, LakeSchema.TRADES);
    for (Derived each : Derived.values()) {
      derived.put(each, table(store, each.table()));
    }
  }

  private LakeTable table(VaultStore store, String name) {
    return new LakeTable(spark, this::hadoop, transactions::incrementAndGet, store, name);
  }

  private synchronized Configuration hadoop() {
    if (hadoop == null) {
      hadoop = VaultStores.configuration();
    }
    return hadoop;
  }

  /** Whether any of the tables is in a vault. */
  public static boolean isIn(VaultStore store) throws IOException {
    List<String> names = new ArrayList<>(List.of(LakeSchema.BARS, LakeSchema.TRADES));
    Arrays.stream(Derived.values()).map(Derived::table).forEach(names::add);
    for (String name : names) {
      if (LakeTable.version(store, name) != LakeTable.ABSENT) {
        return true;
      }
    }
    return false;
  }

  /**
   * The tables as they are now.
   *
   * @param before as they were published before
   */
  public Map<String, TableState> states(Map<String, TableState> before) throws IOException {
    Map<String, TableState> states = new TreeMap<>();
    for (LakeTable table : tables()) {
      if (table.version() != LakeTable.ABSENT) {
        states.put(table.name(), table.state(before.get(table.name())));
      }
    }
    return states;
  }

  /**
   * Brings every table back to what was published; true when one had to be.
   *
   * @throws DamagedException when one cannot be, naming it
   */
  public boolean restore(Map<String, TableState> published) throws IOException {
    boolean restored = false;
    for (LakeTable table : tables()) {
      restored |= table.restore(published.get(table.name()));
    }
    return restored;
  }

  /** Leaves a transaction in every table, so that none of a holder before can follow. */
  public void shut() throws IOException {
    for (LakeTable table : tables()) {
      if (table.version() != LakeTable.ABSENT) {
        table.shut();
      }
    }
  }

  /** Reads published versions from now on, whatever comes after them. */
  public void pin(Map<String, TableState> published) {
    for (LakeTable table : tables()) {
      table.pin(published.get(table.name()));
    }
  }

  /** Tables to which somebody has written since, by name, with the versions they have now. */
  public Map<String, Long> ahead(Map<String, TableState> published) throws IOException {
    Map<String, Long> ahead = new TreeMap<>();
    for (LakeTable table : tables()) {
      TableState state = published.get(table.name());
      long version = table.version();
      if (version > (state == null ? LakeTable.ABSENT : state.version())) {
        ahead.put(table.name(), version);
      }
    }
    return ahead;
  }

  /** What is damaged of the tables, by name: their logs, and files that are gone or cut. */
  public Map<String, List<String>> damages(Map<String, TableState> published) {
    Map<String, List<String>> damages = new TreeMap<>();
    for (LakeTable table : tables()) {
      TableState state = published.get(table.name());
      List<String> found = state == null ? List.of() : table.damages(state);
      if (!found.isEmpty()) {
        damages.put(table.name(), found);
      }
    }
    return damages;
  }

  /**
   * Takes all rows of some instruments out of all tables; null takes all rows out.
   *
   * @param keepsFiles whether files that lie there without a table stay
   */
  public void clear(Collection<String> instruments, boolean keepsFiles) throws IOException {
    for (LakeTable table : tables()) {
      if (table.version() == LakeTable.ABSENT) {
        table.removeRest(keepsFiles);
      } else if (instruments != null) {
        table.deleteWhere("inst_id IN (" + quoted(instruments) + ")");
      } else {
        table.clear(schema(table));
      }
    }
  }

  /**
   * Takes files that are written already into a table.
   *
   * @param isAll whether they come in place of all rows, or beside those of other instruments
   */
  public void takeIn(String name, List<WrittenFile> files, boolean isAll) throws IOException {
    LakeTable table = table(name);
    table.takeIn(files, schema(table), isAll);
  }

  /** A table's columns; null for a table that these settings do not make. */
  private StructType schema(LakeTable table) {
    if (table == bars) {
      return BarsTable.schema();
    } else if (table == trades) {
      return SliceTasks.tradeSchema();
    }
    for (Map.Entry<Derived, LakeTable> each : derived.entrySet()) {
      if (each.getValue() == table) {
        return columns.schema(each.getKey());
      }
    }
    throw new IllegalArgumentException("no table of the vault: " + table.name());
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
      MinuteBar bar = BarsTable.bar(row);
      found.get(row.<String>getAs("inst_id")).put(bar.minute(), bar);
    }
    return found;
  }

  /** Adds minutes with trades to {@code bars_1m}. */
  public void appendBars(Map<String, ? extends Collection<MinuteBar>> added) throws IOException {
    bars.append(barRows(added), BarsTable.schema());
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
    bars.replace(new MinuteFilter(replaced), barRows(written), BarsTable.schema());
  }

  public boolean has(Derived table) throws IOException {
    return derived.get(table).version() != LakeTable.ABSENT;
  }

  /** Adds rows to a table. */
  public void append(Derived table, List<Row> rows) throws IOException {
    derived.get(table).append(rows, columns.schema(table));
  }

  /** Puts rows in place of those in some ranges of minutes, in which all of them lie. */
  public void replace(Derived table, List<Row> rows, Map<String, List<MinuteRange>> replaced)
      throws IOException {
    derived.get(table).replace(new MinuteFilter(replaced), rows, columns.schema(table));
  }

  /** The signals of some ranges of minutes, in no order, those that were taken back among them. */
  public List<StoredSignal> signals(String instrument, List<MinuteRange> ranges)
      throws IOException {
    return derived.get(Derived.SIGNALS).read(new MinuteFilter(Map.of(instrument, ranges))).stream()
        .map(SignalsTable::signal)
        .toList();
  }

  /** An instrument's signals that stand, by minute and id. */
  public Iterator<Signal> standingSignals(String instrument) throws IOException {
    Iterator<Row> rows = rows(Derived.SIGNALS, instrument, "withdrawn_as_of IS NULL", "id");
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Signal next() {
        return SignalsTable.signal(rows.next()).signal();
      }
    };
  }

  /**
   * Days of some instruments, and by instrument the newest day before them.
   *
   * @param ranges from which day to which, by instrument
   */
  public Map<String, List<SessionDay>> sessions(Map<String, MinuteRange> ranges)
      throws IOException {
    LakeTable table = derived.get(Derived.SESSIONS);
    Map<String, List<MinuteRange>> wanted = new TreeMap<>();
    Map<String, List<SessionDay>> found = new TreeMap<>();
    for (Map.Entry<String, MinuteRange> each : ranges.entrySet()) {
      wanted.put(each.getKey(), List.of(each.getValue()));
      List<SessionDay> days = new ArrayList<>();
      found.put(each.getKey(), days);
      Row before = table.newestBefore(each.getKey(), each.getValue().from());
      if (before != null) {
        days.add(SessionsTable.day(before));
      }
    }
    for (Row row : table.read(new MinuteFilter(wanted))) {
      found.get(row.<String>getAs("inst_id")).add(SessionsTable.day(row));
    }
    return found;
  }

  /** The newest minute with trades of an instrument that is older than a minute, or null. */
  public MinuteBar newestBarBefore(String instrument, long minute) throws IOException {
    Row row = bars.newestBefore(instrument, minute);
    return row == null ? null : BarsTable.bar(row);
  }

  /** Adds trades to the table, by the files that hold them. */
  public void appendTrades(List<WrittenFile> files) throws IOException {
    trades.takeIn(files, SliceTasks.tradeSchema(), false);
  }

  /**
   * Adds trades to the table, by the files that hold them, and takes out what it had of some days.
   *
   * @param replaced by instrument the days
   */
  public void replaceTrades(Map<String, List<LocalDate>> replaced, List<WrittenFile> files)
      throws IOException {
    NavigableMap<LocalDate, Set<String>> byDay = new TreeMap<>();
    replaced.forEach(
        (instrument, days) ->
            days.forEach(
                day -> byDay.computeIfAbsent(day, key -> new TreeSet<>()).add(instrument)));
    trades.replace(byDay, files);
  }

  /** An instrument's rows of a table of minutes, ascending, as many as there are. */
  public Iterator<Row> rows(Derived table, String instrument) throws IOException {
    return rows(table, instrument, "true", "minute");
  }

  private Iterator<Row> rows(Derived table, String instrument, String which, String thenBy)
      throws IOException {
    if (derived.get(table).version() == LakeTable.ABSENT) {
      return Collections.emptyIterator();
    }
    spark
        .get()
        .sparkContext()
        .setJobDescription("read %s of %s".formatted(table.table(), instrument));
    return derived
        .get(table)
        .read()
        .where("inst_id = '" + instrument + "'")
        .where(which)
        .orderBy("minute", thenBy)
        .toLocalIterator();
  }

  /** The rows that bars make, as text that compares. */
  public Map<Long, String> barTexts(String instrument, Collection<MinuteBar> each) {
    Map<Long, String> texts = new TreeMap<>();
    each.forEach(bar -> texts.put(bar.minute(), LakeSchema.text(BarsTable.row(instrument, bar))));
    return texts;
  }

  /** The rows of a table in a range by minute, as text that compares. */
  public Map<Long, String> texts(String name, String instrument, MinuteRange range)
      throws IOException {
    return texts(table(name).read(new MinuteFilter(Map.of(instrument, List.of(range)))));
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

  /** How many rows an instrument has in a table, from one day to another. */
  public long countRows(String name, String instrument, DayRange days) throws IOException {
    LakeTable table = table(name);
    return table.version() == LakeTable.ABSENT ? 0 : table.count(instrument, days);
  }

  /** Rows of one instrument by minute, as text that compares. */
  public static Map<Long, String> texts(Collection<Row> rows) {
    Map<Long, TreeSet<String>> byMinute = new TreeMap<>();
    for (Row row : rows) {
      long minute = LakeSchema.minute(row);
      if (!byMinute.computeIfAbsent(minute, key -> new TreeSet<>()).add(LakeSchema.text(row))) {
        byMinute.get(minute).add("twice: " + LakeSchema.text(row));
      }
    }
    Map<Long, String> texts = new TreeMap<>();
    byMinute.forEach((minute, each) -> texts.put(minute, String.join(" ", each)));
    return texts;
  }

  /** Puts a table's small files together. */
  public void optimize(String name) {
    table(name).optimize();
  }

  /** Removes files that no version of a table needs that it keeps; the newest one has to count. */
  public void vacuum(String name) {
    table(name).vacuum();
  }

  private LakeTable table(String name) {
    return tables().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  private static List<Row> barRows(Map<String, ? extends Collection<MinuteBar>> written) {
    List<Row> rows = new ArrayList<>();
    written.forEach(
        (instrument, each) -> each.forEach(bar -> rows.add(BarsTable.row(instrument, bar))));
    return rows;
  }

  private Dataset<Row> empty(StructType schema) {
    return spark.get().createDataFrame(List.of(), schema);
  }

  private List<LakeTable> tables() {
    List<LakeTable> tables = new ArrayList<>(List.of(bars));
    tables.addAll(derived.values());
    tables.add(trades);
    return tables;
  }

  private static String quoted(Collection<String> names) {
    StringJoiner list = new StringJoiner(", ");
    names.forEach(name -> list.add("'" + name + "'"));
    return list.toString();
  }
}
