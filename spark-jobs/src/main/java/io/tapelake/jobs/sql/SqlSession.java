package io.tapelake.jobs.sql;

import io.tapelake.jobs.published.DamagedException;
import io.tapelake.jobs.sql.SqlScript.Statement;
import io.tapelake.jobs.store.LocalFiles;
import io.tapelake.jobs.store.VaultStore;
import java.io.IOException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Statements of one person over one vault. One thread asks; another may interrupt it or look at how
 * far it has come.
 */
public final class SqlSession {

  /** How far a statement has come, in tasks of the jobs that Spark has planned so far. */
  public record Progress(int done, int running, int all) {}

  private static final Pattern NAMES_LAKE = Pattern.compile("(?is).*(\\blake\\s*\\.|`lake`).*");
  private static final Pattern NAMES_VERSIONS =
      Pattern.compile("(?is).*\\b" + VaultTables.VERSIONS + "\\b.*");

  private static final Pattern NAMES_OLD_VERSION =
      Pattern.compile("(?i)\\b(version|timestamp)\\s+as\\s+of\\b|@v[0-9]");

  private static final Pattern NAMES_FILES =
      Pattern.compile(
          "(?is).*\\b(%s|%s|%s|%s)\\b.*"
              .formatted(
                  VaultTables.RUNS,
                  VaultTables.REFUSED,
                  VaultTables.GAPS,
                  VaultTables.COMPLETENESS));

  private final SparkSession spark;
  private VaultTables tables;
  private VaultGuard guard;
  private volatile String group;
  private volatile boolean interrupted;

  public SqlSession(SparkSession spark) {
    this.spark = spark;
    ExactSums.register(spark);
  }

  public SparkSession spark() {
    return spark;
  }

  /** Brings a vault's tables into view, in place of another's; none when it is damaged. */
  public void open(VaultStore vault) throws IOException {
    if (tables != null) {
      tables.drop();
      tables = null;
    }
    guard = new VaultGuard(spark, vault);
    VaultTables opened = new VaultTables(spark, vault);
    refresh(opened);
    tables = opened;
  }

  /** Whether a vault is open. */
  public boolean isOpen() {
    return tables != null;
  }

  /** Tables that are damaged, and folders that cannot be listed: neither are in view. */
  public Set<String> leftOut() {
    return tables == null ? Set.of() : tables.leftOut();
  }

  /** The Delta tables in view and their versions. */
  public SortedMap<String, Long> versions() {
    return tables == null ? new TreeMap<>() : tables.versions();
  }

  /**
   * Begins a script: its statements see the tables as the last finished run left them, whatever is
   * written meanwhile.
   */
  public void begin() throws IOException {
    SparkSession.setActiveSession(spark);
    interrupted = false;
    group = "sql-" + UUID.randomUUID();
    if (tables != null) {
      refresh(tables);
    }
  }

  private static void refresh(VaultTables tables) throws IOException {
    try {
      tables.refresh();
    } catch (DamagedException e) {
      DamagedException.tell(e);
      throw e;
    }
  }

  /**
   * Runs a statement.
   *
   * @param read what to do with its result, while it can still be interrupted
   * @throws SqlError when it fails, or was interrupted
   */
  public <T> T ask(Statement statement, Function<Dataset<Row>, T> read) {
    refuseChanges(statement);
    // Else a thread that is not the one in which Spark started would see Spark's own defaults.
    SparkSession.setActiveSession(spark);
    spark.sparkContext().setJobGroup(group, firstWords(statement.text()), true);
    try {
      if (interrupted) {
        throw new IllegalStateException("Job cancelled before it began");
      }
      if (tables != null && NAMES_LAKE.matcher(statement.text()).matches()) {
        tables.registerSchema();
      }
      if (tables != null && NAMES_VERSIONS.matcher(statement.text()).matches()) {
        tables.showVersions();
      }
      if (tables != null && NAMES_FILES.matcher(statement.text()).matches()) {
        tables.showFiles();
      }
      if (VaultViews.mayBeIn(statement.text())) {
        showViews();
      }
      return read.apply(result(statement));
    } catch (Exception | StackOverflowError | OutOfMemoryError e) {
      throw e instanceof SqlError known
          ? known
          : isRefusal(e) ? change(statement) : failure(e, statement);
    } finally {
      spark.sparkContext().clearJobGroup();
    }
  }

  private static SqlError failure(Throwable cause, Statement statement) {
    SqlError error = SqlError.of(cause, statement);
    // What only an old version had is removed in time, on purpose.
    boolean isOfOldVersion = NAMES_OLD_VERSION.matcher(statement.text()).find();
    DamagedException damage = isOfOldVersion ? null : DamagedException.ofTable(cause);
    return damage == null ? error : error.because(damage);
  }

  /** Spark runs what changes something at once, and what only reads when its rows are taken. */
  private Dataset<Row> result(Statement statement) {
    DotCommand command = DotCommand.parse(statement);
    try (LocalFiles.Refusal refusal = tables == null ? () -> {} : guard.refuseChanges()) {
      return command == null ? spark.sql(statement.text()) : command.run(this, statement);
    }
  }

  /** Ends the statement that is running, and those of the script that would come after it. */
  public void interrupt() {
    interrupted = true;
    if (group != null) {
      spark.sparkContext().cancelJobGroupAndFutureJobs(group);
    }
  }

  /** Brings all that is no table into view, for who looks at names. */
  void showViews() {
    if (tables != null) {
      tables.showViews();
    }
  }

  /** How far the statement that is running has come. */
  public Progress progress() {
    int[] tasks = new int[3];
    if (group != null) {
      org.apache.spark.SparkStatusTracker tracker = spark.sparkContext().statusTracker();
      for (int job : tracker.getJobIdsForGroup(group)) {
        tracker
            .getJobInfo(job)
            .foreach(
                info -> {
                  for (int stage : info.stageIds()) {
                    tracker
                        .getStageInfo(stage)
                        .foreach(
                            each -> {
                              tasks[0] += each.numCompletedTasks();
                              tasks[1] += each.numActiveTasks();
                              tasks[2] += each.numTasks();
                              return null;
                            });
                  }
                  return null;
                });
      }
    }
    return new Progress(tasks[0], tasks[1], tasks[2]);
  }

  /** The job is the tables' only writer: its cursor would no longer tell what is in them. */
  private void refuseChanges(Statement statement) {
    if (tables != null && DotCommand.parse(statement) == null && guard.isChange(statement.text())) {
      throw change(statement);
    }
  }

  private static SqlError change(Statement statement) {
    return SqlError.usage(
        "the vault's tables are written by the job alone: write to a table of your own, such as"
            + " delta.`/tmp/mine`",
        statement.line());
  }

  private static boolean isRefusal(Throwable failure) {
    return failure != null
        && (failure instanceof ReadOnlyFileSystemException || isRefusal(failure.getCause()));
  }

  private static String firstWords(String statement) {
    String line = statement.replaceAll("\\s+", " ");
    return line.length() > 80 ? line.substring(0, 80) + "…" : line;
  }
}
