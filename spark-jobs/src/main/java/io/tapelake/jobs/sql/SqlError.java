package io.tapelake.jobs.sql;

import io.tapelake.jobs.published.DamagedException;
import io.tapelake.jobs.sql.SqlScript.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.QueryContext;
import org.apache.spark.QueryContextType;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;

/** Why a statement failed, in few words and with its place in the script. */
public final class SqlError extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Examples: {@code line 2, pos 14}, {@code (line 1, position 8)}, {@code line 1 pos 9}. */
  private static final Pattern PLACE = Pattern.compile("line (\\d+),? pos(?:ition)? (\\d+)");

  private static final Pattern CONDITION = Pattern.compile("^\\[([A-Z0-9_.]+)]\\s*");
  private static final Pattern TAIL =
      Pattern.compile("(\\s*SQLSTATE: \\w{5})?[;\\s]*(\\(?line \\d+,? pos \\d+\\)?)?;?\\s*$");
  private static final Pattern ANSI_HINT = Pattern.compile("\\s*If necessary set \"spark\\.sql.*");

  private static final int MOST_CHARACTERS = 600;

  private final int line;
  private final boolean interrupted;
  private final boolean userFault;

  private SqlError(
      String message, int line, boolean interrupted, boolean userFault, Throwable cause) {
    super(message, cause);
    this.line = line;
    this.interrupted = interrupted;
    this.userFault = userFault;
  }

  /** What a failure means to the person who wrote the statement. */
  public static SqlError of(Throwable failure, Statement statement) {
    Throwable told = told(failure);
    String text = told.getMessage() == null ? told.toString() : told.getMessage();
    if (text.contains("cancelled") && text.contains("Job")) {
      return new SqlError("interrupted", statement.line(), true, false, failure);
    }
    int[] place = place(told, text, statement);
    String message = inFewWords(told, text);
    if (place == null) {
      return new SqlError(
          "line %d: %s".formatted(statement.line(), message),
          statement.line(),
          false,
          isUserFault(told),
          failure);
    }
    int line = statement.line() + place[0] - 1;
    String source = statement.text().lines().skip(place[0] - 1).findFirst().orElse("");
    String pointer = " ".repeat(Math.min(place[1], source.length())) + "^";
    return new SqlError(
        "line %d: %s\n  %s\n  %s".formatted(line, message, source, pointer),
        line,
        false,
        isUserFault(told),
        failure);
  }

  /** An error that was found before Spark saw the statement. */
  public static SqlError usage(String message, int line) {
    return new SqlError("line %d: %s".formatted(line, message), line, false, true, null);
  }

  /** The same with a sentence more, on a line of its own. */
  public SqlError andThen(String sentence) {
    return new SqlError(getMessage() + "\n" + sentence, line, interrupted, userFault, getCause());
  }

  /** The same because a table is damaged, which is said on a line of its own. */
  SqlError because(DamagedException damage) {
    return new SqlError(
        getMessage() + "\n" + damage.withWayOut(), line, interrupted, userFault, damage);
  }

  /** The line of the script, from 1. */
  public int line() {
    return line;
  }

  /** Whether somebody interrupted the statement. */
  public boolean isInterrupted() {
    return interrupted;
  }

  /** Whether the statement is what has to be changed, as far as Spark tells. */
  public boolean isUserFault() {
    return userFault;
  }

  /** The cause that says most: the innermost one of Spark's own that has a name. */
  private static Throwable told(Throwable failure) {
    Throwable told = null;
    Throwable last = failure;
    for (Throwable at = failure; at != null; at = at.getCause()) {
      last = at;
      if (at instanceof SparkThrowable named
          && named.getCondition() != null
          && (told == null || !named.getCondition().startsWith("INTERNAL"))) {
        told = at;
      }
      if (at.getCause() == at) {
        break;
      }
    }
    return told == null ? last : told;
  }

  /** Whether SQL's own name for the failure speaks of the statement or of the data in it. */
  private static boolean isUserFault(Throwable told) {
    return told instanceof AnalysisException
        || (told instanceof SparkThrowable named
            && named.getSqlState() != null
            && (named.getSqlState().startsWith("42") || named.getSqlState().startsWith("22")));
  }

  /** Line, from 1, and column, from 0, within the statement; null when Spark names none. */
  private static int[] place(Throwable told, String text, Statement statement) {
    if (told instanceof SparkThrowable named) {
      for (QueryContext context : named.getQueryContext()) {
        if (context.contextType() == QueryContextType.SQL
            && context.objectType().isEmpty()
            && context.startIndex() >= 0
            && context.startIndex() < statement.text().length()) {
          String before = statement.text().substring(0, context.startIndex());
          int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
          return new int[] {line, before.length() - before.lastIndexOf('\n') - 1};
        }
      }
    }
    Matcher place = PLACE.matcher(text);
    return place.find()
        ? new int[] {Integer.parseInt(place.group(1)), Integer.parseInt(place.group(2))}
        : null;
  }

  private static String inFewWords(Throwable told, String text) {
    String line = text.lines().findFirst().orElse("").strip();
    line = TAIL.matcher(line).replaceFirst("");
    Matcher condition = CONDITION.matcher(line);
    String name = told.getClass().getSimpleName();
    if (condition.find()) {
      name = condition.group(1);
      line = line.substring(condition.end());
    }
    line = ANSI_HINT.matcher(line).replaceFirst("");
    if (line.length() > MOST_CHARACTERS) {
      line = line.substring(0, MOST_CHARACTERS) + "…";
    }
    return line.isEmpty() ? name : line + " [" + name + "]";
  }
}
