package io.tapelake.jobs.cli;

import io.tapelake.jobs.outcome.ExitCode;
import io.tapelake.jobs.outcome.JobException;
import io.tapelake.jobs.session.SparkSessions;
import io.tapelake.jobs.sql.ResultFile;
import io.tapelake.jobs.sql.ResultFormat;
import io.tapelake.jobs.sql.SqlError;
import io.tapelake.jobs.sql.SqlScript;
import io.tapelake.jobs.sql.SqlScript.Statement;
import io.tapelake.jobs.sql.SqlSession;
import io.tapelake.jobs.sql.SqlShell;
import io.tapelake.jobs.store.VaultStore;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sql}: asks the tables. */
@Command(
    name = "sql",
    description = {
      "Runs Spark SQL with the vault's tables in view: bars_1m, vwap_1m, trades and the others of"
          + " lake/,",
      "each as the last finished run left it; lake.NAME has their history and earlier versions;",
      "job_runs, refused_lines, gap_events and completeness are what job and collector noted.",
      "bands, flow, bars('15m') and volume_bars(100) are put together of the tables; vwap(price,"
          + " notional) stays exact.",
      ".tables, .schema NAME and files NAME tell what is in view.",
      "Without a query: on a terminal it asks for one, otherwise it reads standard input.",
      "Example: ./tapelake sql \"select minute, vwap_1h from vwap_1m order by minute desc limit 5\""
    })
public final class SqlCommand implements Callable<Integer> {

  private static final int DEFAULT_LIMIT = 1_000;

  @Mixin private VaultOptions options = new VaultOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "QUERY",
      description = "SQL statements, separated by semicolons")
  private String query;

  @Option(names = "-e", paramLabel = "QUERY", description = "the same, as an option")
  private String quoted;

  @Option(names = "-f", paramLabel = "FILE", description = "the same, from a file; - is stdin")
  private Path file;

  @Option(
      names = "--format",
      paramLabel = ResultFormat.NAMES,
      defaultValue = "table",
      description = "how rows are printed (default: table); parquet needs -o")
  private String format;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "write the rows to this file instead, which is there when all of them are")
  private Path output;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description =
          "print at most so many rows of a statement; 0 for all (default: 1000, with -o all)")
  private Integer given;

  @Option(names = "--timing", description = "tell on standard error how long each statement took")
  private boolean isTimed;

  private int limit;

  @Override
  public Integer call() throws Exception {
    ResultFormat printed = ResultFormat.parse(format);
    limit = given != null ? given : output != null ? 0 : DEFAULT_LIMIT;
    if (limit < 0) {
      throw JobException.usage("--limit " + limit + " is negative; give 0 for all rows");
    }
    String script = script();
    ResultFile file = output == null ? null : new ResultFile(output);
    if (printed == ResultFormat.PARQUET && file == null) {
      throw JobException.usage("--format parquet makes a file: add -o FILE");
    }
    if (file != null && (script == null || SqlScript.split(script).size() != 1)) {
      throw JobException.usage("-o %s takes the rows of one statement".formatted(output));
    }
    VaultStore store = options.openVault();
    if (script != null && SqlScript.split(script).isEmpty()) {
      throw JobException.usage(
          "there is no query: give one, or -f FILE; on a terminal './tapelake sql' alone asks for"
              + " it");
    }
    SqlSession session = new SqlSession(SparkSessions.open(options.master()));
    session.open(store);
    if (script == null) {
      SqlShell.onTerminal(session, printed, limit).run();
      return ExitCode.DONE.code();
    }
    try {
      session.begin();
      for (Statement statement : SqlScript.split(script)) {
        long start = System.nanoTime();
        if (file != null) {
          session.ask(statement, result -> file.write(result, printed, limit));
        } else {
          print(session, statement, printed);
        }
        if (isTimed) {
          System.err.printf(
              Locale.ROOT,
              "tapelake: line %d: %.2f s%n",
              statement.line(),
              (System.nanoTime() - start) / 1e9);
        }
      }
    } catch (SqlError e) {
      if (e.isUserFault()) {
        // One line, as every message of a verb.
        String line = e.getMessage().lines().findFirst().orElseThrow();
        boolean isDamage =
            session.leftOut().stream().anyMatch(each -> line.contains("`" + each + "`"));
        throw isDamage ? JobException.needsPerson(line, e) : JobException.usage(line, e);
      }
      throw e;
    }
    return ExitCode.DONE.code();
  }

  private void print(SqlSession session, Statement statement, ResultFormat printed) {
    StandardOutput file = new StandardOutput();
    PrintStream out =
        new PrintStream(new BufferedOutputStream(file, 1 << 16), false, StandardCharsets.UTF_8);
    boolean hasAll = session.ask(statement, result -> printed.print(result, limit, out));
    out.flush();
    if (file.failure != null && !file.hasNoReader()) {
      throw JobException.failed(
          "cannot write the rows to standard output (%s); those that are there are not all"
              .formatted(file.failure.getMessage()));
    }
    if (file.failure == null && !hasAll && printed != ResultFormat.TABLE) {
      System.err.printf("tapelake: there are more than %d rows: raise --limit, or 0%n", limit);
    }
  }

  /** Keeps why it failed, which a stream that prints on it does not tell. */
  private static final class StandardOutput extends FileOutputStream {
    private IOException failure;

    StandardOutput() {
      super(FileDescriptor.out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        super.write(bytes, from, length);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    /** Whether a program such as {@code head} has seen enough. */
    boolean hasNoReader() {
      return String.valueOf(failure.getMessage()).contains("Broken pipe");
    }
  }

  /** What to run; null for what a person is about to type. */
  private String script() throws IOException {
    if (Stream.of(query, quoted, file).filter(each -> each != null).count() > 1) {
      throw JobException.usage("a query, -e and -f exclude each other; leave all but one out");
    }
    if (file != null && !file.toString().equals("-")) {
      if (!Files.isRegularFile(file)) {
        throw JobException.usage("-f %s: there is no such file".formatted(file));
      }
      try {
        return Files.readString(file);
      } catch (IOException e) {
        throw JobException.usage("-f %s: cannot read it as UTF-8 (%s)".formatted(file, e), e);
      }
    }
    if (query != null || quoted != null) {
      return query != null ? query : quoted;
    }
    return file == null && System.console() != null
        ? null
        : new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
  }
}
