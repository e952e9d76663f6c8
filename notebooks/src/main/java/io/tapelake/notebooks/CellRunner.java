package io.tapelake.notebooks;

import io.tapelake.jobs.outcome.JobException;
import io.tapelake.jobs.sql.ResultFile;
import io.tapelake.jobs.sql.ResultFormat;
import io.tapelake.jobs.sql.ResultTable;
import io.tapelake.jobs.sql.SqlError;
import io.tapelake.jobs.sql.SqlScript.Statement;
import io.tapelake.jobs.sql.SqlSession;
import io.tapelake.notebooks.Cell.Magic;
import io.tapelake.notebooks.Cell.Query;
import io.tapelake.notebooks.Cell.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;

/** Runs cells, one after the other. */
final class CellRunner {

  /** Opens the vault of a folder or URI. */
  @FunctionalInterface
  interface Vaults {
    void open(String root) throws IOException;
  }

  private static final int DEFAULT_LIMIT = 100;
  private static final int MOST_LIMIT = 10_000;

  private final SqlSession session;
  private final Screen screen;
  private final Vaults vaults;
  private int limit = DEFAULT_LIMIT;
  private String noVault;
  private Statement last;

  /** Whether the tables in view are those of this cell; magics need none. */
  private boolean hasBegun;

  CellRunner(SqlSession session, Screen screen, Vaults vaults) {
    this.session = session;
    this.screen = screen;
    this.vaults = vaults;
  }

  /** Tells why there is no vault in view, for whoever looks for its tables. */
  void noVault(String reason) {
    noVault = reason;
  }

  /**
   * Runs a cell; the output of its last part is returned, the others are shown at once.
   *
   * @throws SqlError when a part fails: those behind it are not run
   */
  DisplayData run(String source) throws IOException {
    hasBegun = false;
    DisplayData output = null;
    List<Magic> waiting = new ArrayList<>();
    for (Step step : Cell.parse(source).steps()) {
      if (step instanceof Magic magic && isAboutRows(magic)) {
        waiting.add(magic);
        continue;
      }
      showBefore(output);
      if (step instanceof Query query) {
        last = query.statement();
        output = waiting.isEmpty() ? table(last) : with(waiting, last);
        waiting.clear();
      } else {
        output = obey((Magic) step);
      }
    }
    if (waiting.isEmpty()) {
      return output;
    }
    if (last == null) {
      throw SqlError.usage(
          "%%%s needs a query, in the same cell or before it".formatted(waiting.get(0).name()),
          waiting.get(0).line());
    }
    showBefore(output);
    return with(waiting, last);
  }

  /** Shows an output that is not the cell's last; that of a statement without rows says nothing. */
  private void showBefore(DisplayData output) {
    if (output != null && !(output instanceof Done)) {
      screen.show(output);
    }
  }

  /** That a statement without rows is done. */
  private static final class Done extends DisplayData {
    Done(Clock clock) {
      super("done in " + clock);
    }
  }

  private static boolean isAboutRows(Magic magic) {
    return magic.name().equals("chart") || magic.name().equals("save");
  }

  private DisplayData obey(Magic magic) throws IOException {
    return switch (magic.name()) {
      case "help" -> new DisplayData(Magics.HELP);
      case "limit" -> limit(magic);
      case "vault" -> vault(magic);
      default ->
          throw SqlError.usage(
              "there is no %%%s: %s".formatted(magic.name(), String.join(", ", Magics.NAMES)),
              magic.line());
    };
  }

  private DisplayData limit(Magic magic) {
    if (!magic.arguments().matches("[1-9][0-9]{0,4}")
        || Integer.parseInt(magic.arguments()) > MOST_LIMIT) {
      throw SqlError.usage(
          "%%limit '%s': give a number from 1 to %d".formatted(magic.arguments(), MOST_LIMIT),
          magic.line());
    }
    limit = Integer.parseInt(magic.arguments());
    return null;
  }

  private DisplayData vault(Magic magic) throws IOException {
    String root = magic.arguments();
    boolean isFolder = !root.matches("[A-Za-z][A-Za-z0-9+.-]+:.*");
    if (root.isEmpty() || (isFolder && !Files.isDirectory(Path.of(root)))) {
      throw SqlError.usage(
          root.isEmpty()
              ? "%vault needs a folder or a URI"
              : "%%vault: there is no folder %s".formatted(Path.of(root).toAbsolutePath()),
          magic.line());
    }
    try {
      vaults.open(root);
    } catch (IOException | RuntimeException e) {
      noVault = e.getMessage();
      throw e;
    }
    hasBegun = false;
    noVault = null;
    return new DisplayData(
        session.versions().isEmpty()
            ? root + " has no tables yet: './tapelake run --vault " + root + "' makes them"
            : root + ": " + String.join(", ", session.versions().keySet()));
  }

  /** Runs a statement and shows its first rows. */
  private DisplayData table(Statement statement) throws IOException {
    return timed(statement, this::firstRows);
  }

  private DisplayData firstRows(Dataset<Row> result, Clock clock) {
    if (result.columns().length == 0) {
      return new Done(clock);
    }
    ResultTable table = ResultTable.of(result, limit);
    String took = clock.toString();
    int shown = table.rows().size();
    String caption =
        table.hasMore()
            ? "first %,d of %,d rows, %s".formatted(shown, result.count(), took)
            : "%,d %s, %s".formatted(shown, shown == 1 ? "row" : "rows", took);
    DisplayData data = new DisplayData(table.text() + caption);
    data.putHTML(HtmlTable.of(table, caption));
    return data;
  }

  /** Runs a statement for what magics want of its rows. */
  private DisplayData with(List<Magic> magics, Statement statement) throws IOException {
    DisplayData output = null;
    for (Magic magic : magics) {
      if (output != null) {
        screen.show(output);
      }
      output =
          magic.name().equals("chart")
              ? chart(magic, statement)
              : timed(statement, (result, clock) -> save(magic, result));
    }
    return output;
  }

  private DisplayData chart(Magic magic, Statement statement) throws IOException {
    ChartSpec spec = ChartSpec.parse(magic.arguments(), magic.line());
    return timed(
        statement,
        (result, clock) -> {
          ResultTable table = ResultTable.of(result, Charts.MOST_ROWS);
          if (table.hasMore()) {
            throw SqlError.usage(
                "%%chart draws at most %,d rows: take fewer minutes, or aggregate them"
                    .formatted(Charts.MOST_ROWS),
                magic.line());
          }
          String html = Charts.draw(spec, ChartData.of(table, magic.line()), magic.line());
          DisplayData picture = new DisplayData();
          picture.putText("chart of %,d rows, %s".formatted(table.rows().size(), clock));
          picture.putHTML(html);
          return picture;
        });
  }

  private static DisplayData save(Magic magic, Dataset<Row> result) {
    if (magic.arguments().isEmpty() || result.columns().length == 0) {
      throw SqlError.usage("%save needs a file's name and a statement with rows", magic.line());
    }
    Path file = Path.of(magic.arguments()).toAbsolutePath().normalize();
    try {
      new ResultFile(file).write(result, format(file), 0);
    } catch (JobException | UncheckedIOException e) {
      throw SqlError.usage("%%save: " + e.getMessage(), magic.line());
    }
    return new DisplayData("saved in " + file);
  }

  /** What a file's name ends with tells its format; CSV otherwise. */
  private static ResultFormat format(Path file) {
    String name = file.getFileName().toString();
    for (ResultFormat format : ResultFormat.values()) {
      if (name.endsWith("." + format.name().toLowerCase(Locale.ROOT))) {
        return format;
      }
    }
    return ResultFormat.CSV;
  }

  /** Runs a statement, telling how far it is when it takes long. */
  private DisplayData timed(
      Statement statement, BiFunction<Dataset<Row>, Clock, DisplayData> reading)
      throws IOException {
    if (!hasBegun) {
      session.begin();
      hasBegun = true;
    }
    Clock clock = new Clock(System.nanoTime());
    try (LongQuery waiting = new LongQuery(session, screen)) {
      DisplayData output = session.ask(statement, result -> reading.apply(result, clock));
      return waiting.settle(output);
    } catch (SqlError e) {
      throw withWayOn(e);
    }
  }

  /** Where a table is missing, what to do about it. */
  private SqlError withWayOn(SqlError e) {
    if (!e.getMessage().contains("TABLE_OR_VIEW_NOT_FOUND")) {
      return e;
    }
    return noVault != null
        ? SqlError.usage("no vault is open: " + noVault + "; or give %vault DIR", e.line())
        : e.andThen("In view are %s; .tables lists all.".formatted(names()));
  }

  private String names() {
    return String.join(", ", session.versions().keySet());
  }

  /** The time since a statement began, as people read it. */
  private record Clock(long start) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.2f s", (System.nanoTime() - start) / 1e9);
    }
  }
}
