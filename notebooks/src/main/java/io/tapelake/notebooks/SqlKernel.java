package io.tapelake.notebooks;

import io.tapelake.jobs.cli.VaultOptions;
import io.tapelake.jobs.session.SparkSessions;
import io.tapelake.jobs.sql.SqlCompletion;
import io.tapelake.jobs.sql.SqlError;
import io.tapelake.jobs.sql.SqlScript;
import io.tapelake.jobs.sql.SqlSession;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.store.VaultStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.HelpLink;
import org.dflib.jjava.jupyter.kernel.JupyterIO;
import org.dflib.jjava.jupyter.kernel.LanguageInfo;
import org.dflib.jjava.jupyter.kernel.ReplacementOptions;
import org.dflib.jjava.jupyter.kernel.comm.CommManager;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.util.StringStyler;
import org.dflib.jjava.jupyter.messages.Message;
import org.dflib.jjava.jupyter.messages.reply.KernelInfoReply;
import org.dflib.jjava.jupyter.messages.request.KernelInfoRequest;

/**
 * Answers a notebook: a cell is SQL over a vault's tables. Spark starts in the background, so that
 * Jupyter need not wait for it.
 */
final class SqlKernel extends BaseKernel {

  private static final HelpLink SQL_REFERENCE =
      new HelpLink(
          "Spark SQL reference", "https://spark.apache.org/docs/latest/sql-ref-syntax.html");

  private final CompletableFuture<Desk> desk;

  /** What a cell needs, once Spark is up. */
  private record Desk(SqlSession session, SqlCompletion completion, CellRunner runner) {}

  private SqlKernel(CompletableFuture<Desk> desk, JupyterIO io) {
    super(
        "tapelake",
        "0.1.0",
        new LanguageInfo.Builder("sql")
            .version("4.2")
            .mimetype("text/x-sql")
            .fileExtension(".sql")
            .pygments("sql")
            .codemirror("text/x-sql")
            .build(),
        List.of(SQL_REFERENCE),
        null,
        io,
        new CommManager(),
        new Renderer(),
        null,
        null,
        false,
        new StringStyler.Builder().build());
    this.desk = desk;
  }

  /** A kernel over the vault that the options name, which need not be there yet. */
  static SqlKernel open(VaultOptions options) {
    JupyterIO io = new JupyterIO(StandardCharsets.UTF_8);
    // A thread of its own, since it hands on the class loader that knows this jar.
    Executor starter = task -> new Thread(task, "start-spark").start();
    return new SqlKernel(CompletableFuture.supplyAsync(() -> openDesk(options, io), starter), io);
  }

  private static Desk openDesk(VaultOptions options, JupyterIO io) {
    SqlSession session = new SqlSession(SparkSessions.open(options.master()));
    CellRunner runner =
        new CellRunner(session, new Screen.Page(io.display), root -> session.open(vault(root)));
    try {
      session.open(options.openVault());
    } catch (IOException | RuntimeException e) {
      runner.noVault(e.getMessage());
    }
    return new Desk(session, new SqlCompletion(session), runner);
  }

  /** The vault of a folder or URI, opened as Spark was told to. */
  static VaultStore vault(String root) throws IOException {
    return VaultStores.open(root, VaultStores.configuration());
  }

  @Override
  public Object evalRaw(String source) {
    try {
      return desk().runner().run(source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public DisplayData eval(String source) {
    return (DisplayData) evalRaw(source);
  }

  @Override
  public ReplacementOptions complete(String code, int at) {
    int begin = code.lastIndexOf('\n', Math.max(0, at - 1)) + 1;
    String line = code.substring(begin, at);
    if (line.stripLeading().startsWith("%") && !line.strip().contains(" ")) {
      String begun = line.strip();
      List<String> names = Magics.NAMES.stream().filter(name -> name.startsWith(begun)).toList();
      return new ReplacementOptions(names, at - begun.length(), at);
    }
    SqlCompletion.Options options = desk().completion().at(code, at);
    return new ReplacementOptions(options.words(), options.from(), options.to());
  }

  @Override
  public DisplayData inspect(String code, int at, boolean extraDetail) {
    String text = desk().completion().describe(code, at);
    return text == null ? null : new DisplayData(text);
  }

  /** A console asks whether to run what was typed or to take another line. */
  @Override
  public String isComplete(String code) {
    boolean isMagic = code.stripLeading().startsWith("%") && !code.contains("\n");
    return isMagic || SqlScript.isClosed(code) ? IS_COMPLETE_YES : "";
  }

  @Override
  public void interrupt() {
    if (desk.isDone()) {
      desk().session().interrupt();
    }
  }

  @Override
  public List<String> formatError(Throwable failure) {
    return failure.getMessage() == null
        ? List.of(failure.toString())
        : failure.getMessage().lines().toList();
  }

  @Override
  protected void handleKernelInfoRequest(
      ShellReplyEnvironment env, Message<KernelInfoRequest> request) {
    env.setBusyDeferIdle();
    env.<KernelInfoReply>reply(new InfoReply(this));
  }

  private Desk desk() {
    try {
      return desk.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof SqlError known) {
        throw known;
      }
      throw new IllegalStateException("Spark did not start: " + e.getCause().getMessage(), e);
    }
  }
}
