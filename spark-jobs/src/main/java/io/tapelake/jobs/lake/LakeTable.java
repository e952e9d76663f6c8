package io.tapelake.jobs.lake;

import io.delta.kernel.exceptions.CommitStateUnknownException;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.delta.tables.DeltaTable;
import io.tapelake.jobs.parquet.WrittenFile;
import io.tapelake.jobs.plan.DayRange;
import io.tapelake.jobs.published.DamagedException;
import io.tapelake.jobs.published.Published;
import io.tapelake.jobs.published.Published.TableState;
import io.tapelake.jobs.read.SliceTasks;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** One Delta table of the vault. */
final class LakeTable {

  /** Stands for a table that does not exist. */
  static final long ABSENT = -1;

  /** Example: {@code 00000000000000000012.json}. */
  private static final Pattern COMMIT = Pattern.compile("(\\d{20})\\.json");

  /** What a new table gets; one that exists keeps its own. */
  private static final Map<String, String> PROPERTIES =
      Map.of(
          "delta.checkpointInterval", "50",
          "delta.logRetentionDuration", "interval 7 days",
          "delta.deletedFileRetentionDuration", "interval 7 days");

  private final Supplier<SparkSession> spark;
  private final Supplier<Configuration> hadoop;
  private final LongSupplier transactions;
  private final VaultStore store;
  private final String name;
  private final String folder;

  /** As far as it was looked for: a log of a week of minutes takes its time to list. */
  private long known = ABSENT;

  /** Made when it is needed, as Hadoop's configuration is. */
  private DriverTable onDriver;

  /** The version to read when it is not the newest one, otherwise {@link #ABSENT}. */
  private long pinned = ABSENT;

  private boolean isPinned;

  /** What counts of it, or null. */
  private TableState counts;

  LakeTable(
      Supplier<SparkSession> spark,
      Supplier<Configuration> hadoop,
      LongSupplier transactions,
      VaultStore store,
      String name) {
    this.spark = spark;
    this.hadoop = hadoop;
    this.transactions = transactions;
    this.store = store;
    this.name = name;
    folder = VaultLayout.table(name);
  }

  String name() {
    return name;
  }

  /** The table's version, or {@link #ABSENT}. */
  long version() throws IOException {
    if (isPinned) {
      return pinned;
    }
    if (known == ABSENT || !store.exists(commit(known)) || store.exists(commit(known + 1))) {
      known = version(store, name);
    }
    return known;
  }

  private String commit(long version) {
    return folder + "/_delta_log/" + TableReader.commit(version);
  }

  /** The version of the table of a name, or {@link #ABSENT}. */
  static long version(VaultStore store, String name) throws IOException {
    long version = ABSENT;
    for (String entry : store.names(VaultLayout.table(name) + "/_delta_log")) {
      Matcher commit = COMMIT.matcher(entry);
      if (commit.matches()) {
        version = Math.max(version, Long.parseLong(commit.group(1)));
      }
    }
    return version;
  }

  /** Adds rows that are on the driver; makes the table when there is none. */
  void append(List<Row> rows, StructType schema) throws IOException {
    if (version() == ABSENT) {
      onDriver().create(rows, schema);
    } else {
      onDriver().append(rows);
    }
  }

  /** Takes files of trades in, in place of what some instruments have on some days. */
  void replace(NavigableMap<LocalDate, Set<String>> replaced, List<WrittenFile> files)
      throws IOException {
    if (version() == ABSENT) {
      takeIn(files, SliceTasks.tradeSchema(), false);
    } else {
      onDriver().replaceFiles(replaced, files);
    }
  }

  /** Takes files that are written already in; makes the table when there is none. */
  void takeIn(List<WrittenFile> files, StructType schema, boolean isAll) throws IOException {
    if (version() == ABSENT) {
      onDriver().createOf(files, schema);
    } else if (isAll) {
      onDriver().replaceAll(files, schema);
    } else {
      onDriver().appendFiles(files);
    }
  }

  /** Puts rows that are on the driver in place of those that a filter holds. */
  void replace(MinuteFilter replaced, List<Row> rows, StructType schema) throws IOException {
    if (version() == ABSENT) {
      onDriver().create(rows, schema);
    } else {
      onDriver().replace(replaced, rows);
    }
  }

  /** The rows that a filter holds, in no order; none when there is no table. */
  List<Row> read(MinuteFilter filter) throws IOException {
    return version() == ABSENT ? List.of() : onDriver().reader().read(filter);
  }

  /** How many rows an instrument has from one day to another. */
  long count(String instrument, DayRange days) throws IOException {
    return onDriver().reader().count(instrument, days);
  }

  /**
   * The newest row of an instrument that is older than a minute, or null.
   *
   * @param columns those to read, the first two among them; none for all
   */
  Row newestBefore(String instrument, long minute) throws IOException {
    return version() == ABSENT ? null : onDriver().reader().newestBefore(instrument, minute);
  }

  Dataset<Row> read() {
    DataFrameReader reader = spark.get().read().format("delta");
    return (isPinned ? reader.option("versionAsOf", pinned) : reader).load(store.uri(folder));
  }

  /** Takes all rows out and gives the table these columns; null leaves it those it has. */
  void clear(StructType schema) throws IOException {
    try {
      if (schema == null) {
        onDriver().clear();
      } else {
        onDriver().replaceAll(List.of(), schema);
      }
    } catch (IOException | RuntimeException e) {
      damage(e);
      // The next write makes the table anew.
      removeRest(false);
    }
  }

  /**
   * The damage of the table that a failure tells of.
   *
   * @throws IOException when the storage does not work, or somebody else has written
   */
  private DamagedException damage(Exception e) throws IOException {
    if (e instanceof ConcurrentWriteException || e instanceof CommitStateUnknownException) {
      throw new IOException("%s cannot be written: %s".formatted(folder, e.getMessage()), e);
    }
    return DamagedException.damage(folder, e);
  }

  /** Removes what is left of a table that is not there any more: its log, and its files or not. */
  void removeRest(boolean keepsFiles) throws IOException {
    store.delete(keepsFiles ? folder + "/_delta_log" : folder);
    onDriver = null;
    counts = null;
    known = ABSENT;
  }

  void deleteWhere(String predicate) {
    describe("delete rows of");
    DeltaTable.forPath(spark.get(), store.uri(folder)).delete(predicate);
  }

  /** The table as it is now; it has to be there. */
  TableState state(TableState before) throws IOException {
    long version = version();
    int checksum = Published.checksum(store.read(commit(version)));
    if (before != null && before.version() == version && before.checksum() == checksum) {
      return before;
    }
    // What counted before is not looked at again.
    boolean goesOn = before != null && before.equals(counts) && before.version() < version;
    long first = goesOn ? before.version() + 1 : 0;
    long from = version + 1;
    long bytes = 0;
    while (from > first && !store.exists(checkpoint(from - 1))) {
      long length = store.length(commit(from - 1));
      if (length < 0) {
        break;
      }
      from--;
      bytes += length;
    }
    if (goesOn && from == first) {
      from = before.from();
      bytes += before.logBytes();
    }
    expect(new TableState(onDriver().reader().id(), version, checksum, from, bytes));
    return counts;
  }

  private String checkpoint(long version) {
    return "%s/_delta_log/%020d.checkpoint.parquet".formatted(folder, version);
  }

  /** Undoes every commit after the one that was published; true when there was one. */
  boolean restore(TableState published) throws IOException {
    if (published == null) {
      boolean isThere = store.exists(folder);
      removeRest(false);
      return isThere;
    }
    checkSame(published);
    expect(published);
    if (!store.exists(commit(published.version() + 1))) {
      known = published.version();
      return false;
    }
    try {
      // Delta's own RESTORE takes many Spark jobs, which makes it the slowest part of a run.
      if (!onDriver().restore(published.version())) {
        describe("restore");
        DeltaTable.forPath(spark.get(), store.uri(folder)).restoreToVersion(published.version());
      }
      return true;
    } catch (IOException | RuntimeException e) {
      throw new DamagedException(
          "%s cannot be brought back to version %d, which counts (%s)"
              .formatted(folder, published.version(), DamagedException.reason(damage(e))),
          e);
    }
  }

  /** A version's entry in the log is like no other one. */
  private void checkSame(TableState published) throws IOException {
    String commit = commit(published.version());
    if (!store.exists(commit)) {
      throw new DamagedException(
          "%s is gone, or older than what counts: it has no version %d"
              .formatted(folder, published.version()),
          null);
    }
    if (Published.checksum(store.read(commit)) != published.checksum()) {
      throw new DamagedException(
          "%s is another table, or an older one: its version %d is not the one that counts, of the"
                  .formatted(folder, published.version())
              + " table "
              + published.id(),
          null);
    }
  }

  /** Leaves an empty transaction. */
  void shut() throws IOException {
    onDriver().shut();
  }

  /** Reads a version from now on. */
  void pin(TableState published) {
    isPinned = true;
    pinned = published == null ? ABSENT : published.version();
    onDriver().reader().pin(pinned);
    expect(published);
  }

  private void expect(TableState published) {
    counts = published;
    if (onDriver != null) {
      onDriver.reader().expect(published);
    }
  }

  /** What is damaged of a version. */
  List<String> damages(TableState published) {
    try {
      checkSame(published);
      expect(published);
      return onDriver().reader().damagedFiles(published.version());
    } catch (DamagedException e) {
      return List.of(e.getMessage());
    } catch (IOException | RuntimeException e) {
      return List.of("%s cannot be read: %s".formatted(folder, DamagedException.reason(e)));
    }
  }

  void optimize() {
    describe("optimize");
    DeltaTable.forPath(spark.get(), store.uri(folder)).optimize().executeCompaction();
  }

  void vacuum() {
    describe("vacuum");
    DeltaTable.forPath(spark.get(), store.uri(folder)).vacuum();
  }

  private void describe(String verb) {
    spark.get().sparkContext().setJobDescription(verb + " " + name);
  }

  private DriverTable onDriver() {
    if (onDriver == null) {
      onDriver = new DriverTable(hadoop.get(), store.uri(folder), PROPERTIES, transactions);
      onDriver.reader().expect(counts);
    }
    return onDriver;
  }
}
