package io.tapelake.jobs.lake;

import io.delta.kernel.Operation;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.CheckpointAlreadyExistsException;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.hook.PostCommitHook;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.actions.SetTransaction;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.transaction.DataLayoutSpec;
import io.delta.kernel.utils.CloseableIterable;
import io.tapelake.jobs.parquet.WrittenFile;
import io.tapelake.jobs.table.LakeSchema;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.StructType;

/**
 * A Delta table of minutes, partitioned by {@code date}, that the driver writes by itself with
 * Delta's own library, Kernel. The rows of a block of files are on the driver anyway, and a Spark
 * job to write some thousands of them costs more than everything else that a small run does. Every
 * write is one commit. Not meant for concurrent writers.
 */
final class DriverTable {

  private static final String ENGINE = "Tapelake";
  private static final int ACTIONS_OF_A_SMALL_COMMIT = 50;

  private final Engine engine;
  private final String uri;
  private final Map<String, String> properties;
  private final LongSupplier transactions;
  private final TableReader reader;
  private final DataFiles dataFiles;

  /** A table that may not exist yet; the numbers of its transactions rise. */
  DriverTable(
      Configuration configuration,
      String uri,
      Map<String, String> properties,
      LongSupplier transactions) {
    this.transactions = transactions;
    engine = DefaultEngine.create(new KeptLog(configuration));
    this.uri = uri;
    this.properties = properties;
    reader = new TableReader(engine, configuration, uri);
    dataFiles = new DataFiles(engine, configuration, uri);
  }

  /** What the table has. */
  TableReader reader() {
    return reader;
  }

  /** Makes the table, with these rows in it. */
  void create(List<org.apache.spark.sql.Row> rows, StructType schema) throws IOException {
    Transaction transaction = creation(schema);
    commit(transaction, withFence(dataFiles.write(transaction, rows)));
  }

  /** Makes the table of files that are written already. */
  void createOf(List<WrittenFile> files, StructType schema) throws IOException {
    Transaction transaction = creation(schema);
    commit(transaction, withFence(dataFiles.takeIn(transaction, files)));
  }

  private Transaction creation(StructType schema) {
    return TableManager.buildCreateTableTransaction(uri, KernelRows.kernelSchema(schema), ENGINE)
        .withTableProperties(properties)
        .withDataLayoutSpec(layout())
        .withMaxRetries(0)
        .build(engine);
  }

  /** Takes files that are written already in, in place of all rows, and gives the table columns. */
  void replaceAll(List<WrittenFile> files, StructType schema) throws IOException {
    Transaction transaction =
        ((SnapshotImpl) reader.snapshot())
            .buildReplaceTableTransaction(KernelRows.kernelSchema(schema), ENGINE)
            .withTableProperties(properties)
            .withDataLayoutSpec(layout())
            .withMaxRetries(0)
            .build(engine);
    commit(transaction, withFence(dataFiles.takeIn(transaction, files)));
  }

  private static DataLayoutSpec layout() {
    return DataLayoutSpec.partitioned(List.of(new Column(LakeSchema.PARTITION)));
  }

  /** Takes all rows out. */
  void clear() throws IOException {
    Snapshot snapshot = reader.snapshot();
    List<Row> actions = new ArrayList<>();
    TableScan.all(engine, snapshot).each(file -> actions.add(file.remove(true)));
    if (!actions.isEmpty()) {
      commit(update(snapshot), actions);
    }
  }

  /** Adds rows. */
  void append(List<org.apache.spark.sql.Row> rows) throws IOException {
    Transaction transaction = update(reader.snapshot());
    commit(transaction, dataFiles.write(transaction, rows));
  }

  /** Takes files that are written already in. */
  void appendFiles(List<WrittenFile> files) throws IOException {
    Transaction transaction = update(reader.snapshot());
    commit(transaction, dataFiles.takeIn(transaction, files));
  }

  /**
   * Takes files that are written already in, in place of all rows that some instruments have on
   * some days. Rows of other instruments that share a file with those are written anew.
   */
  void replaceFiles(NavigableMap<LocalDate, Set<String>> replaced, List<WrittenFile> files)
      throws IOException {
    Snapshot snapshot = reader.snapshot();
    List<Row> actions = new ArrayList<>();
    TableScan scan = TableScan.ofDays(engine, snapshot, replaced.firstKey(), replaced.lastKey());
    Map<LocalDate, List<TableFile>> shared = new TreeMap<>();
    scan.each(
        file -> {
          TableFile.Names names = file.names(snapshot.getSchema());
          Set<String> instruments = replaced.getOrDefault(file.day(), Set.of());
          if (instruments.stream().anyMatch(names::mayHold)) {
            actions.add(file.remove(true));
            if (instruments.stream().noneMatch(names::isAll)) {
              shared.computeIfAbsent(file.day(), key -> new ArrayList<>()).add(file);
            }
          }
        });
    List<WrittenFile> added = new ArrayList<>(files);
    added.addAll(dataFiles.copy(scan, shared, replaced));
    Transaction transaction = update(snapshot);
    actions.addAll(dataFiles.takeIn(transaction, added));
    if (!actions.isEmpty()) {
      commit(transaction, actions);
    }
  }

  /**
   * Puts rows in place of those that a filter holds, which has to hold the new ones. Day by day,
   * since rows of other instruments stand in the same files.
   */
  void replace(MinuteFilter replaced, List<org.apache.spark.sql.Row> rows) throws IOException {
    if (replaced.isEmpty()) {
      if (!rows.isEmpty()) {
        append(rows);
      }
      return;
    }
    Snapshot snapshot = reader.snapshot();
    TableScan scan = TableScan.of(engine, snapshot, replaced);
    SortedMap<LocalDate, List<TableFile>> touched = scan.byDay();
    touched.keySet().removeIf(day -> !replaced.touches(day));
    SortedMap<LocalDate, List<org.apache.spark.sql.Row>> days = DataFiles.days(rows);
    touched.keySet().forEach(day -> days.putIfAbsent(day, new ArrayList<>()));
    List<Row> actions = new ArrayList<>();
    List<WrittenFile> added = new ArrayList<>();
    for (LocalDate day : days.keySet()) {
      List<org.apache.spark.sql.Row> written = days.get(day);
      for (TableFile file : touched.getOrDefault(day, List.of())) {
        List<org.apache.spark.sql.Row> kept = new ArrayList<>();
        if (scan.read(file, row -> !TableScan.isHeld(replaced, row), kept) > 0) {
          written.addAll(kept);
          actions.add(file.remove(true));
        }
      }
      if (!written.isEmpty()) {
        written.sort(TableScan::byInstrumentAndMinute);
        added.add(dataFiles.write(scan.schema(), day, written));
      }
    }
    Transaction transaction = update(snapshot);
    actions.addAll(dataFiles.takeIn(transaction, added));
    if (!actions.isEmpty()) {
      commit(transaction, actions);
    }
  }

  /**
   * Makes the table consist of the files that it had at an earlier version. Its schema has to be
   * the same still; otherwise nothing is done, and the answer is false.
   */
  boolean restore(long version) throws IOException {
    Snapshot now = reader.snapshot();
    Snapshot then = TableManager.loadSnapshot(uri).atVersion(version).build(engine);
    if (!now.getSchema().equals(then.getSchema())) {
      return false;
    }
    Map<String, TableFile> filesNow = files(now);
    Map<String, TableFile> filesThen = files(then);
    List<Row> actions = new ArrayList<>();
    filesNow.forEach(
        (path, file) -> {
          if (!filesThen.containsKey(path)) {
            actions.add(file.remove(true));
          }
        });
    filesThen.forEach(
        (path, file) -> {
          if (!filesNow.containsKey(path)) {
            actions.add(TableFile.add(file.added(), then.getSchema(), true));
          }
        });
    filesThen.keySet().removeAll(filesNow.keySet());
    reader.checkThere(filesThen.values());
    if (!actions.isEmpty()) {
      commit(update(now), actions);
    }
    return true;
  }

  /** The files of a version by path. */
  private Map<String, TableFile> files(Snapshot snapshot) throws IOException {
    Map<String, TableFile> files = new TreeMap<>();
    TableScan.all(engine, snapshot).each(file -> files.put(file.added().getPath(), file));
    return files;
  }

  /** Commits nothing, which no transaction of a holder before can follow. */
  void shut() throws IOException {
    commit(update(reader.snapshot()), List.of());
  }

  /**
   * A transaction of this holder of the vault, which nothing repeats: when the table has gone on
   * meanwhile, or a later holder has written to it, it fails.
   */
  private Transaction update(Snapshot snapshot) {
    return snapshot
        .buildUpdateTableTransaction(ENGINE, Operation.WRITE)
        .withTransactionId(ENGINE, transactions.getAsLong())
        .withMaxRetries(0)
        .build(engine);
  }

  /** What tells the holder where a transaction is not asked for it. */
  private List<Row> withFence(List<Row> actions) {
    List<Row> all = new ArrayList<>(actions);
    all.add(
        SingleAction.createTxnSingleAction(
            new SetTransaction(
                    ENGINE, transactions.getAsLong(), Optional.of(System.currentTimeMillis()))
                .toRow()));
    return all;
  }

  private void commit(Transaction transaction, List<Row> actions) throws IOException {
    TransactionCommitResult result =
        transaction.commit(
            engine,
            CloseableIterable.inMemoryIterable(Utils.toCloseableIterator(actions.iterator())));
    reader.wrote(result.getPostCommitSnapshot().orElse(null));
    for (PostCommitHook hook : result.getPostCommitHooks()) {
      if (hook.getType() == PostCommitHook.PostCommitHookType.CHECKPOINT
          || hook.getType() == PostCommitHook.PostCommitHookType.CHECKSUM_SIMPLE) {
        hook.threadSafeInvoke(engine);
      }
    }
    if (actions.size() > ACTIONS_OF_A_SMALL_COMMIT) {
      checkpoint();
    }
  }

  /**
   * Every run until the next checkpoint would read a large entry of the log several times. A small
   * one comes on top, since the newest entry itself is read even where there is a checkpoint of it.
   */
  private void checkpoint() throws IOException {
    shut();
    try {
      reader.snapshot().writeCheckpoint(engine);
    } catch (CheckpointAlreadyExistsException e) {
      // It was due anyway.
    }
    reader.wrote(null);
  }
}
