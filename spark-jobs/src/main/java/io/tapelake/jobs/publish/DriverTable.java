package io.tapelake.jobs.publish;

import io.delta.kernel.DataWriteContext;
import io.delta.kernel.Operation;
import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.expressions.And;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.hook.PostCommitHook;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.ScanImpl;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.statistics.DataFileStatistics;
import io.delta.kernel.transaction.DataLayoutSpec;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.tapelake.jobs.plan.DayRange;
import io.tapelake.jobs.read.TradeFile;
import io.tapelake.jobs.window.MinuteRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * A Delta table of minutes, partitioned by {@code date}, that the driver reads and writes by itself
 * with Delta's own library, Kernel. The rows of a block of files are on the driver anyway, and a
 * Spark job to read or write some thousands of them costs more than everything else that a small
 * run does. Every write is one commit. Not meant for concurrent writers.
 */
final class DriverTable {

  private static final String ENGINE = "Tapelake";
  private static final String DATE = "date";
  private static final int SECONDS_A_MINUTE = 60;
  private static final int MINUTES_A_DAY = 1440;
  private static final long MICROS_A_SECOND = 1_000_000L;

  /** A larger file is not copied any more: putting files together costs so much at most. */
  private static final long SMALL_BYTES = 64L << 20;

  /** The place of every table's first column, the instrument. */
  private static final int INSTRUMENT = 0;

  /** The place of every table's second column, the minute that a row is about. */
  private static final int TIME = 1;

  private final Engine engine;
  private final Configuration configuration;
  private final String uri;
  private final Map<String, String> properties;

  /**
   * A table that may not exist yet.
   *
   * @param properties what a new table gets
   */
  DriverTable(Configuration configuration, String uri, Map<String, String> properties) {
    engine = DefaultEngine.create(configuration);
    this.configuration = configuration;
    this.uri = uri;
    this.properties = properties;
  }

  /** Makes the table, with these rows in it. */
  void create(List<Row> rows, StructType schema) throws IOException {
    Transaction transaction = creation(schema);
    commit(transaction, adds(transaction, rows));
  }

  /** Makes the table of files that are written already. */
  void createOf(List<TradeFile> files, StructType schema) throws IOException {
    Transaction transaction = creation(schema);
    commit(transaction, addFiles(transaction, files));
  }

  private Transaction creation(StructType schema) {
    return TableManager.buildCreateTableTransaction(uri, KernelRows.kernelSchema(schema), ENGINE)
        .withTableProperties(properties)
        .withDataLayoutSpec(DataLayoutSpec.partitioned(List.of(new Column(DATE))))
        .build(engine);
  }

  /** Takes all rows out and gives the table these columns. */
  void clear(StructType schema) throws IOException {
    Transaction transaction =
        ((SnapshotImpl) snapshot())
            .buildReplaceTableTransaction(KernelRows.kernelSchema(schema), ENGINE)
            .withTableProperties(properties)
            .withDataLayoutSpec(DataLayoutSpec.partitioned(List.of(new Column(DATE))))
            .build(engine);
    commit(transaction, List.of());
  }

  /** Takes all rows out. */
  void clear() throws IOException {
    Snapshot snapshot = snapshot();
    List<io.delta.kernel.data.Row> actions = new ArrayList<>();
    files(snapshot).values().forEach(file -> actions.add(remove(file, true)));
    if (!actions.isEmpty()) {
      commit(update(snapshot), actions);
    }
  }

  /** Adds rows. */
  void append(List<Row> rows) throws IOException {
    Transaction transaction = update(snapshot());
    commit(transaction, adds(transaction, rows));
  }

  /** Takes files that are written already in. */
  void appendFiles(List<TradeFile> files) throws IOException {
    Transaction transaction = update(snapshot());
    commit(transaction, addFiles(transaction, files));
  }

  /**
   * Takes files that are written already in, in place of all rows that some instruments have on
   * some days. Rows of other instruments that share a file with those are written anew.
   *
   * @param replaced by day the instruments
   */
  void replaceFiles(NavigableMap<LocalDate, Set<String>> replaced, List<TradeFile> files)
      throws IOException {
    Snapshot snapshot = snapshot();
    List<io.delta.kernel.data.Row> actions = new ArrayList<>();
    Scan scan =
        snapshot
            .getScanBuilder()
            .withFilter(
                new And(
                    compare(">=", replaced.firstKey().toEpochDay()),
                    compare("<=", replaced.lastKey().toEpochDay())))
            .build();
    Map<LocalDate, List<io.delta.kernel.data.Row>> shared = new TreeMap<>();
    eachRow(
        ((ScanImpl) scan).getScanFiles(engine, true),
        file -> {
          LocalDate day = LocalDate.parse(InternalScanFileUtils.getPartitionValues(file).get(DATE));
          NameRange names = NameRange.of(addFile(file), snapshot.getSchema());
          Set<String> instruments = replaced.getOrDefault(day, Set.of());
          if (instruments.stream().anyMatch(names::mayHold)) {
            actions.add(remove(file));
            if (instruments.stream().noneMatch(names::isAll)) {
              shared.computeIfAbsent(day, key -> new ArrayList<>()).add(file);
            }
          }
        });
    io.delta.kernel.data.Row state = scan.getScanState(engine);
    List<TradeFile> added = new ArrayList<>(files);
    added.addAll(
        shared.entrySet().parallelStream()
            .flatMap(
                day ->
                    writeOthers(state, day.getKey(), day.getValue(), replaced.get(day.getKey()))
                        .stream())
            .toList());
    Transaction transaction = update(snapshot);
    actions.addAll(addFiles(transaction, added));
    if (!actions.isEmpty()) {
      commit(transaction, actions);
    }
  }

  /**
   * Whose rows a file has, as far as its statistics tell.
   *
   * @param first the first instrument by name, or null when that is not known
   * @param last the last one, or null
   */
  private record NameRange(String first, String last) {

    static final String COLUMN = "inst_id";
    private static final Column NAME = new Column(COLUMN);

    static NameRange of(AddFile file, io.delta.kernel.types.StructType schema) {
      DataFileStatistics statistics = file.getStats(schema).orElse(null);
      return statistics == null
          ? new NameRange(null, null)
          : new NameRange(text(statistics.getMinValues()), text(statistics.getMaxValues()));
    }

    private static String text(Map<Column, Literal> bounds) {
      Literal bound = bounds.get(NAME);
      return bound == null ? null : (String) bound.getValue();
    }

    boolean mayHold(String instrument) {
      return (first == null || first.compareTo(instrument) <= 0)
          && (last == null || last.compareTo(instrument) >= 0);
    }

    boolean isAll(String instrument) {
      return instrument.equals(first) && instrument.equals(last);
    }
  }

  /** Writes what some files of a day have of other instruments than these, row by row. */
  private Optional<TradeFile> writeOthers(
      io.delta.kernel.data.Row state,
      LocalDate day,
      List<io.delta.kernel.data.Row> files,
      Set<String> instruments) {
    try (TradeCopy copy =
        new TradeCopy(
            configuration,
            uri,
            day,
            KernelRows.sparkSchema(ScanStateRow.getLogicalSchema(state)),
            instruments)) {
      for (io.delta.kernel.data.Row file : files) {
        try (CloseableIterator<io.delta.kernel.data.Row> rows = rows(state, file)) {
          while (rows.hasNext()) {
            copy.add(rows.next());
          }
        }
      }
      return copy.finish();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + day + " of " + uri, e);
    }
  }

  private List<io.delta.kernel.data.Row> addFiles(Transaction transaction, List<TradeFile> files)
      throws IOException {
    io.delta.kernel.data.Row state = transaction.getTransactionState(engine);
    TreeMap<Long, List<DataFileStatus>> days = new TreeMap<>();
    for (TradeFile file : files) {
      days.computeIfAbsent(file.epochDay(), day -> new ArrayList<>()).add(status(file));
    }
    List<io.delta.kernel.data.Row> actions = new ArrayList<>();
    for (Map.Entry<Long, List<DataFileStatus>> day : days.entrySet()) {
      actions.addAll(appendActions(state, writeContext(state, day.getKey()), day.getValue()));
    }
    return actions;
  }

  /** Where the files of a day go. */
  private DataWriteContext writeContext(io.delta.kernel.data.Row state, long epochDay) {
    return Transaction.getWriteContext(engine, state, Map.of(DATE, Literal.ofDate((int) epochDay)));
  }

  /** What takes files of a day in. */
  private List<io.delta.kernel.data.Row> appendActions(
      io.delta.kernel.data.Row state, DataWriteContext context, List<DataFileStatus> files)
      throws IOException {
    try (CloseableIterator<io.delta.kernel.data.Row> actions =
        Transaction.generateAppendActions(
            engine, state, Utils.toCloseableIterator(files.iterator()), context)) {
      return actions.toInMemoryList();
    }
  }

  private static DataFileStatus status(TradeFile file) {
    return new DataFileStatus(
        file.path(),
        file.bytes(),
        file.modified(),
        Optional.of(
            new DataFileStatistics(
                file.trades(),
                bound(file.first()),
                bound(file.last()),
                Map.of(),
                Optional.empty())));
  }

  private static Map<Column, Literal> bound(TradeFile.Bound bound) {
    return Map.of(
        new Column("inst_id"), Literal.ofString(bound.instrument()),
        new Column("trade_id"), Literal.ofLong(bound.id()),
        new Column("ts"), Literal.ofTimestamp(bound.micros()));
  }

  /** Puts rows in place of those that a filter holds, which has to hold the new ones. */
  void replace(MinuteFilter replaced, List<Row> rows) throws IOException {
    Snapshot snapshot = snapshot();
    List<Row> written = new ArrayList<>(rows);
    List<io.delta.kernel.data.Row> actions = new ArrayList<>();
    if (!replaced.isEmpty()) {
      eachFile(
          snapshot,
          replaced,
          (scan, file) -> {
            List<Row> kept = new ArrayList<>();
            if (readFile(scan, file, row -> !isHeld(replaced, row), kept) > 0) {
              written.addAll(kept);
              actions.add(remove(file));
            }
          });
    }
    written.sort(DriverTable::byInstrumentAndMinute);
    Transaction transaction = update(snapshot);
    actions.addAll(adds(transaction, written));
    if (!actions.isEmpty()) {
      commit(transaction, actions);
    }
  }

  /** The rows that a filter holds, in no order. */
  List<Row> read(MinuteFilter filter) throws IOException {
    List<Row> rows = new ArrayList<>();
    if (!filter.isEmpty()) {
      eachFile(
          snapshot(),
          filter,
          (scan, file) -> readFile(scan, file, row -> isHeld(filter, row), rows));
    }
    return rows;
  }

  /**
   * How many rows an instrument has from one day to another. Files that are one instrument's alone
   * are not opened: their statistics tell.
   */
  long count(String instrument, DayRange days) throws IOException {
    Snapshot snapshot = snapshot();
    io.delta.kernel.types.StructType schema = snapshot.getSchema();
    Scan names =
        snapshot
            .getScanBuilder()
            .withReadSchema(
                new io.delta.kernel.types.StructType().add(schema.get(NameRange.COLUMN)))
            .build();
    io.delta.kernel.data.Row state = names.getScanState(engine);
    long[] count = {0};
    eachRow(
        ((ScanImpl) names).getScanFiles(engine, true),
        file -> {
          NameRange range = NameRange.of(addFile(file), schema);
          LocalDate day = LocalDate.parse(InternalScanFileUtils.getPartitionValues(file).get(DATE));
          if (days.contains(day) && range.mayHold(instrument)) {
            Optional<Long> rows = addFile(file).getNumRecords();
            boolean isTold =
                range.isAll(instrument)
                    && rows.isPresent()
                    && addFile(file).getDeletionVector().isEmpty();
            count[0] += isTold ? rows.get() : count(state, file, instrument);
          }
        });
    return count[0];
  }

  private long count(
      io.delta.kernel.data.Row state, io.delta.kernel.data.Row file, String instrument)
      throws IOException {
    long count = 0;
    try (CloseableIterator<io.delta.kernel.data.Row> rows = rows(state, file)) {
      while (rows.hasNext()) {
        count += rows.next().getString(0).equals(instrument) ? 1 : 0;
      }
    }
    return count;
  }

  /** The newest row of an instrument that is older than a minute, or null. */
  Row newestBefore(String instrument, long minute) throws IOException {
    List<MinuteRange> justBefore = List.of(new MinuteRange(minute - 1, minute - 1));
    List<Row> found = read(new MinuteFilter(Map.of(instrument, justBefore)));
    return found.isEmpty() ? searchBefore(instrument, minute) : found.get(0);
  }

  /** Goes through the days, the newest first. */
  private Row searchBefore(String instrument, long minute) throws IOException {
    Snapshot snapshot = snapshot();
    Scan scan =
        snapshot
            .getScanBuilder()
            .withFilter(compare("<=", Math.floorDiv(minute, (long) MINUTES_A_DAY)))
            .build();
    io.delta.kernel.data.Row state = scan.getScanState(engine);
    TreeMap<String, List<io.delta.kernel.data.Row>> days = new TreeMap<>();
    eachRow(
        scan.getScanFiles(engine),
        file ->
            days.computeIfAbsent(
                    InternalScanFileUtils.getPartitionValues(file).get(DATE),
                    key -> new ArrayList<>())
                .add(file));
    for (List<io.delta.kernel.data.Row> files : days.descendingMap().values()) {
      List<Row> older = new ArrayList<>();
      for (io.delta.kernel.data.Row file : files) {
        readFile(
            state,
            file,
            row -> row.getString(INSTRUMENT).equals(instrument) && minute(row) < minute,
            older);
      }
      if (!older.isEmpty()) {
        return Collections.max(older, DriverTable::byInstrumentAndMinute);
      }
    }
    return null;
  }

  /**
   * Makes the table consist of the files that it had at an earlier version. Its schema has to be
   * the same still; otherwise nothing is done, and the answer is false.
   */
  boolean restore(long version) throws IOException {
    Snapshot now = snapshot();
    Snapshot then = TableManager.loadSnapshot(uri).atVersion(version).build(engine);
    if (!now.getSchema().equals(then.getSchema())) {
      return false;
    }
    Map<String, AddFile> filesNow = files(now);
    Map<String, AddFile> filesThen = files(then);
    List<io.delta.kernel.data.Row> actions = new ArrayList<>();
    filesNow.forEach(
        (path, file) -> {
          if (!filesThen.containsKey(path)) {
            actions.add(remove(file, true));
          }
        });
    filesThen.forEach(
        (path, file) -> {
          if (!filesNow.containsKey(path)) {
            actions.add(add(file, then.getSchema(), true));
          }
        });
    if (!actions.isEmpty()) {
      commit(update(now), actions);
    }
    return true;
  }

  /**
   * Puts the small files of each day together that has several, from one day on. No row changes,
   * and the log says so: who follows the table sees nothing new.
   */
  void compact(LocalDate from) throws IOException {
    compact(
        from,
        (transaction, state, days) -> {
          List<Row> rows = new ArrayList<>();
          for (List<io.delta.kernel.data.Row> files : days.values()) {
            for (io.delta.kernel.data.Row file : files) {
              readFile(state, file, row -> true, rows);
            }
          }
          rows.sort(DriverTable::byInstrumentAndMinute);
          return adds(transaction, rows);
        });
  }

  /** The same for files of trades, of which a day may have more than the driver has room for. */
  void compactTrades(LocalDate from) throws IOException {
    compact(
        from,
        (transaction, state, days) ->
            addFiles(
                transaction,
                days.entrySet().parallelStream()
                    .flatMap(
                        day -> writeOthers(state, day.getKey(), day.getValue(), Set.of()).stream())
                    .toList()));
  }

  /** Removes files and entries of the log that no version of the last days needs. */
  void vacuum(Instant now) throws IOException {
    new Vacuum(engine, configuration, uri).run(now);
  }

  /** Writes the rows of some days again; the actions that take what is written in. */
  private interface Rewriting {
    List<io.delta.kernel.data.Row> write(
        Transaction transaction,
        io.delta.kernel.data.Row state,
        Map<LocalDate, List<io.delta.kernel.data.Row>> days)
        throws IOException;
  }

  private void compact(LocalDate from, Rewriting rewriting) throws IOException {
    Snapshot snapshot = snapshot();
    Scan scan = snapshot.getScanBuilder().withFilter(compare(">=", from.toEpochDay())).build();
    Map<LocalDate, List<io.delta.kernel.data.Row>> days = new TreeMap<>();
    eachRow(
        ((ScanImpl) scan).getScanFiles(engine, true),
        file -> {
          if (addFile(file).getSize() < SMALL_BYTES) {
            days.computeIfAbsent(
                    LocalDate.parse(InternalScanFileUtils.getPartitionValues(file).get(DATE)),
                    key -> new ArrayList<>())
                .add(file);
          }
        });
    days.values().removeIf(files -> files.size() < 2);
    if (days.isEmpty()) {
      return;
    }
    Transaction transaction = update(snapshot);
    List<io.delta.kernel.data.Row> actions = new ArrayList<>();
    days.values()
        .forEach(files -> files.forEach(file -> actions.add(remove(addFile(file), false))));
    for (io.delta.kernel.data.Row action :
        rewriting.write(transaction, scan.getScanState(engine), days)) {
      actions.add(
          add(
              new AddFile(action.getStruct(SingleAction.ADD_FILE_ORDINAL)),
              snapshot.getSchema(),
              false));
    }
    commit(transaction, actions);
  }

  /** The files of a snapshot with their statistics, by path. */
  private Map<String, AddFile> files(Snapshot snapshot) throws IOException {
    Map<String, AddFile> files = new TreeMap<>();
    ScanImpl scan = (ScanImpl) snapshot.getScanBuilder().build();
    eachRow(
        scan.getScanFiles(engine, true),
        row -> {
          AddFile file = addFile(row);
          files.put(file.getPath(), file);
        });
    return files;
  }

  private Snapshot snapshot() {
    return TableManager.loadSnapshot(uri).build(engine);
  }

  private Transaction update(Snapshot snapshot) {
    return snapshot.buildUpdateTableTransaction(ENGINE, Operation.WRITE).build(engine);
  }

  private interface FileUse {
    void take(io.delta.kernel.data.Row scanState, io.delta.kernel.data.Row file) throws IOException;
  }

  private void eachFile(Snapshot snapshot, MinuteFilter filter, FileUse use) throws IOException {
    Scan scan =
        snapshot
            .getScanBuilder()
            .withFilter(
                new And(
                    new And(
                        compare(">=", filter.firstDay().toEpochDay()),
                        compare("<=", filter.lastDay().toEpochDay())),
                    new And(
                        compare(snapshot, ">=", filter.firstMinute()),
                        compare(snapshot, "<=", filter.lastMinute()))))
            .build();
    io.delta.kernel.data.Row state = scan.getScanState(engine);
    eachRow(
        scan.getScanFiles(engine),
        file -> {
          String day = InternalScanFileUtils.getPartitionValues(file).get(DATE);
          if (filter.touches(LocalDate.parse(day))) {
            use.take(state, file);
          }
        });
  }

  /** What is done with each row. */
  interface RowUse {
    void take(io.delta.kernel.data.Row row) throws IOException;
  }

  /** Goes through what a scan finds. */
  static void eachRow(CloseableIterator<FilteredColumnarBatch> scanned, RowUse use)
      throws IOException {
    try (CloseableIterator<FilteredColumnarBatch> batches = scanned) {
      while (batches.hasNext()) {
        try (CloseableIterator<io.delta.kernel.data.Row> rows = batches.next().getRows()) {
          while (rows.hasNext()) {
            use.take(rows.next());
          }
        }
      }
    }
  }

  private static Predicate compare(String operator, long epochDay) {
    return new Predicate(operator, new Column(DATE), Literal.ofDate((int) epochDay));
  }

  /** Kernel leaves out files whose statistics say that they have no such minute. */
  private static Predicate compare(Snapshot snapshot, String operator, long minute) {
    String time = snapshot.getSchema().at(TIME).getName();
    return new Predicate(
        operator,
        new Column(time),
        Literal.ofTimestamp(minute * SECONDS_A_MINUTE * MICROS_A_SECOND));
  }

  private interface Choice {
    boolean takes(Row row);
  }

  /** Adds the chosen rows of a file to a list; how many were not chosen. */
  private int readFile(
      io.delta.kernel.data.Row state, io.delta.kernel.data.Row file, Choice choice, List<Row> rows)
      throws IOException {
    int left = 0;
    PackedRow.Layout layout =
        PackedRow.Layout.of(KernelRows.sparkSchema(ScanStateRow.getLogicalSchema(state)));
    try (CloseableIterator<io.delta.kernel.data.Row> logical = rows(state, file)) {
      while (logical.hasNext()) {
        Row row = KernelRows.sparkRow(logical.next(), layout);
        if (choice.takes(row)) {
          rows.add(row);
        } else {
          left++;
        }
      }
    }
    return left;
  }

  /** What a file holds, its day among it. */
  private CloseableIterator<io.delta.kernel.data.Row> rows(
      io.delta.kernel.data.Row state, io.delta.kernel.data.Row file) throws IOException {
    CloseableIterator<ColumnarBatch> physical =
        engine
            .getParquetHandler()
            .readParquetFiles(
                Utils.singletonCloseableIterator(InternalScanFileUtils.getAddFileStatus(file)),
                ScanStateRow.getPhysicalDataReadSchema(state),
                Optional.empty())
            .map(FileReadResult::getData);
    return Utils.intoRows(Scan.transformPhysicalData(engine, state, file, physical));
  }

  private static boolean isHeld(MinuteFilter filter, Row row) {
    return filter.holds(row.getString(INSTRUMENT), minute(row));
  }

  private static long minute(Row row) {
    return Math.floorDiv(row.<Instant>getAs(TIME).getEpochSecond(), (long) SECONDS_A_MINUTE);
  }

  private static int byInstrumentAndMinute(Row one, Row other) {
    int byInstrument = one.getString(INSTRUMENT).compareTo(other.getString(INSTRUMENT));
    return byInstrument != 0
        ? byInstrument
        : one.<Instant>getAs(TIME).compareTo(other.<Instant>getAs(TIME));
  }

  private static io.delta.kernel.data.Row add(
      AddFile file, io.delta.kernel.types.StructType schema, boolean changesRows) {
    return SingleAction.createAddFileSingleAction(
        AddFile.createAddFileRow(
            schema,
            file.getPath(),
            file.getPartitionValues(),
            file.getSize(),
            file.getModificationTime(),
            changesRows,
            file.getDeletionVector(),
            file.getTags(),
            file.getBaseRowId(),
            file.getDefaultRowCommitVersion(),
            file.getStats(schema)));
  }

  private static io.delta.kernel.data.Row remove(io.delta.kernel.data.Row file) {
    return remove(addFile(file), true);
  }

  private static AddFile addFile(io.delta.kernel.data.Row scanned) {
    return new AddFile(scanned.getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL));
  }

  private static io.delta.kernel.data.Row remove(AddFile added, boolean changesRows) {
    return SingleAction.createRemoveFileSingleAction(
        added.toRemoveFileRow(changesRows, Optional.of(System.currentTimeMillis())));
  }

  /** Writes one file a day, days side by side. */
  private List<io.delta.kernel.data.Row> adds(Transaction transaction, List<Row> rows) {
    io.delta.kernel.data.Row state = transaction.getTransactionState(engine);
    StructType schema = KernelRows.sparkSchema(transaction.getSchema(engine));
    PackedRow.Layout layout = PackedRow.Layout.of(schema);
    int date = schema.fieldIndex(DATE);
    TreeMap<LocalDate, List<PackedRow>> days = new TreeMap<>();
    rows.forEach(
        row ->
            days.computeIfAbsent(row.<LocalDate>getAs(date), key -> new ArrayList<>())
                .add(PackedRow.of(layout, row)));
    return days.entrySet().parallelStream()
        .flatMap(day -> writeDay(state, schema, day.getKey(), day.getValue()))
        .toList();
  }

  private java.util.stream.Stream<io.delta.kernel.data.Row> writeDay(
      io.delta.kernel.data.Row state, StructType schema, LocalDate day, List<PackedRow> rows) {
    DataWriteContext context = writeContext(state, day.toEpochDay());
    Path path =
        new Path(context.getTargetDirectory(), "part-%s.parquet".formatted(UUID.randomUUID()));
    try {
      RowParquet.write(
          HadoopOutputFile.fromPath(path, configuration), configuration, schema, DATE, rows);
      FileStatus file = path.getFileSystem(configuration).getFileStatus(path);
      DataFileStatus written =
          new DataFileStatus(
              file.getPath().toString(),
              file.getLen(),
              file.getModificationTime(),
              Optional.of(statistics(schema, rows)));
      return appendActions(state, context, List.of(written)).stream();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + day + " of " + uri, e);
    }
  }

  /** What a reader may skip a file by: whose rows it has, of which minutes. */
  private static DataFileStatistics statistics(StructType schema, List<PackedRow> rows) {
    String firstName = rows.get(0).getString(INSTRUMENT);
    String lastName = firstName;
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (PackedRow row : rows) {
      String name = row.getString(INSTRUMENT);
      firstName = name.compareTo(firstName) < 0 ? name : firstName;
      lastName = name.compareTo(lastName) > 0 ? name : lastName;
      first = Math.min(first, row.number(TIME));
      last = Math.max(last, row.number(TIME));
    }
    Column instrument = new Column(schema.fieldNames()[INSTRUMENT]);
    Column time = new Column(schema.fieldNames()[TIME]);
    return new DataFileStatistics(
        rows.size(),
        Map.of(instrument, Literal.ofString(firstName), time, Literal.ofTimestamp(first)),
        Map.of(instrument, Literal.ofString(lastName), time, Literal.ofTimestamp(last)),
        Map.of(),
        Optional.empty());
  }

  private void commit(Transaction transaction, List<io.delta.kernel.data.Row> actions)
      throws IOException {
    TransactionCommitResult result =
        transaction.commit(
            engine,
            CloseableIterable.inMemoryIterable(Utils.toCloseableIterator(actions.iterator())));
    for (PostCommitHook hook : result.getPostCommitHooks()) {
      if (hook.getType() == PostCommitHook.PostCommitHookType.CHECKPOINT
          || hook.getType() == PostCommitHook.PostCommitHookType.CHECKSUM_SIMPLE) {
        hook.threadSafeInvoke(engine);
      }
    }
  }
}
