package io.tapelake.jobs.sql;

import io.tapelake.jobs.sql.SqlScript.Statement;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;

/** Asks a person for statements, with history and completion, until there are no more. */
public final class SqlShell {

  private static final Set<String> LEAVING = Set.of("exit", "quit", "\\q");

  private static final String HELP =
      """
      A statement ends with a semicolon and may take several lines. Tab completes tables, columns, functions
      and keywords; the arrow keys and Ctrl-R bring back what was typed before; Ctrl-C ends a query.
        .tables                                 what is in view
        .schema vwap_1m                         the columns of a table or view
        files vwap_1m;                          the files of a table's version in view, for other engines
        describe history lake.vwap_1m;          its versions
        select * from lake.vwap_1m version as of 3;
        exit                                    or Ctrl-D
      """;

  private final SqlSession session;
  private final SqlCompletion completion;
  private final ResultFormat format;
  private final int limit;
  private final Terminal terminal;
  private final LineReader reader;
  private final PrintStream out;

  /** A shell on a terminal; {@code history} may be null. */
  SqlShell(SqlSession session, ResultFormat format, int limit, Terminal terminal, Path history) {
    this.session = session;
    this.format = format;
    this.limit = limit;
    this.terminal = terminal;
    completion = new SqlCompletion(session);
    out = new PrintStream(terminal.output(), true, StandardCharsets.UTF_8);
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("tapelake sql")
            .parser(new StatementLine.Parser(SqlShell::isWhole))
            .completer(this::complete)
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "  -> ")
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true);
    if (history != null) {
      builder.variable(LineReader.HISTORY_FILE, history);
    }
    reader = builder.build();
  }

  /** A shell on this process's terminal, which remembers what was typed. */
  public static SqlShell onTerminal(SqlSession session, ResultFormat format, int limit)
      throws IOException {
    Terminal terminal = TerminalBuilder.builder().name("tapelake").system(true).build();
    return new SqlShell(session, format, limit, terminal, historyFile());
  }

  /** Takes statements until the person leaves. */
  public void run() throws IOException {
    out.println("Tapelake SQL: " + tables() + ". 'help' for help, 'exit' to leave.");
    try (terminal) {
      while (true) {
        String typed;
        try {
          typed = reader.readLine("sql> ").strip();
        } catch (UserInterruptException e) {
          continue; // Ctrl-C empties the line
        } catch (EndOfFileException e) {
          return;
        }
        String word = word(typed);
        if (LEAVING.contains(word)) {
          return;
        } else if (word.equals("help")) {
          out.print(HELP);
        } else if (!typed.isEmpty()) {
          answer(typed);
        }
      }
    }
  }

  private String tables() {
    return session.versions().isEmpty()
        ? "this vault has no tables yet ('./tapelake run' makes them)"
        : String.join(", ", session.versions().keySet());
  }

  private void answer(String typed) throws IOException {
    Terminal.SignalHandler before = terminal.handle(Signal.INT, signal -> session.interrupt());
    long start = System.nanoTime();
    try {
      session.begin();
      for (Statement statement : SqlScript.split(typed)) {
        session.ask(statement, result -> format.print(result, limit, out));
        out.printf(Locale.ROOT, "%.2f s%n", (System.nanoTime() - start) / 1e9);
      }
    } catch (SqlError e) {
      out.println(e.getMessage());
    } finally {
      terminal.handle(Signal.INT, before);
    }
  }

  private void complete(LineReader from, ParsedLine line, List<Candidate> candidates) {
    SqlCompletion.Options options = completion.at(line.line(), line.cursor());
    int rank = 0;
    for (String word : options.words()) {
      candidates.add(new Candidate(word, word, null, null, null, null, true, rank++));
    }
  }

  private static boolean isWhole(String typed) {
    return typed.isBlank()
        || LEAVING.contains(word(typed))
        || word(typed).equals("help")
        || typed.stripLeading().startsWith(".")
        || SqlScript.isClosed(typed);
  }

  private static String word(String typed) {
    String word = typed.strip().toLowerCase(Locale.ROOT);
    return word.endsWith(";") ? word.substring(0, word.length() - 1).strip() : word;
  }

  private static Path historyFile() {
    String state = System.getenv("XDG_STATE_HOME");
    List<String> parts = new ArrayList<>(List.of("tapelake", "sql_history"));
    if (state == null || state.isEmpty()) {
      state = System.getProperty("user.home");
      parts.addAll(0, List.of(".local", "state"));
    }
    return Path.of(state, parts.toArray(String[]::new));
  }
}
