package io.tapelake.jobs.sql;

import java.util.ArrayList;
import java.util.List;

/** A text of SQL statements that semicolons separate. */
public final class SqlScript {

  /**
   * One statement.
   *
   * @param text without the semicolon and without white space around it
   * @param line the line of the script on which it begins, from 1
   */
  public record Statement(String text, int line) {}

  private final String script;
  private final List<Statement> statements = new ArrayList<>();
  private int at;
  private int begin;
  private boolean hasCode;
  private boolean torn;

  private SqlScript(String script) {
    this.script = script;
    while (at < script.length()) {
      step();
    }
    if (hasCode) {
      add(script.length());
    }
  }

  /** The statements of a script; comments alone are none. */
  public static List<Statement> split(String script) {
    return List.copyOf(new SqlScript(script).statements);
  }

  /** Whether the last statement of a script is ended by a semicolon, or there is none. */
  public static boolean isClosed(String script) {
    SqlScript read = new SqlScript(script);
    return !read.torn && !read.hasCode;
  }

  /** Whether a script ends inside a text, a quoted name or a comment. */
  public static boolean isTorn(String script) {
    return new SqlScript(script).torn;
  }

  private void step() {
    char c = script.charAt(at);
    if (c == '.' && !hasCode) {
      skipDotCommand();
    } else if (script.startsWith("--", at) || script.startsWith("/*", at)) {
      skipComment();
      begin = hasCode ? begin : at;
    } else if (c == ';') {
      if (hasCode) {
        add(at);
      }
      at++;
      begin = at;
      hasCode = false;
    } else if (c == '\'' || c == '"' || c == '`') {
      hasCode = true;
      skipQuoted(c);
    } else {
      hasCode |= !Character.isWhitespace(c);
      at++;
    }
  }

  /** A line such as {@code .tables} needs no semicolon. */
  private void skipDotCommand() {
    begin = at;
    int end = script.indexOf('\n', at);
    at = end < 0 ? script.length() : end;
    String line = script.substring(begin, at).stripTrailing();
    add(line.endsWith(";") ? begin + line.length() - 1 : at);
    begin = at;
  }

  /** Comments in comments are comments, as they are in Spark. */
  private void skipComment() {
    if (script.charAt(at) == '-') {
      int end = script.indexOf('\n', at);
      at = end < 0 ? script.length() : end;
      return;
    }
    int depth = 0;
    do {
      if (script.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (script.startsWith("*/", at)) {
        depth--;
        at += 2;
      } else {
        at++;
      }
    } while (depth > 0 && at < script.length());
    torn = depth > 0;
  }

  private void skipQuoted(char quote) {
    boolean escapes = quote != '`' && !isRaw();
    at++;
    while (at < script.length() && script.charAt(at) != quote) {
      at += escapes && script.charAt(at) == '\\' ? 2 : 1;
    }
    torn = at >= script.length();
    at = Math.min(at + 1, script.length());
  }

  /**
   * Whether the quote is that of a text such as r'C:\', in which a backslash is nothing special.
   */
  private boolean isRaw() {
    return at > 0
        && Character.toLowerCase(script.charAt(at - 1)) == 'r'
        && (at == 1 || !Character.isJavaIdentifierPart(script.charAt(at - 2)));
  }

  private void add(int end) {
    int from = begin;
    while (Character.isWhitespace(script.charAt(from))) {
      from++;
    }
    int line = 1 + (int) script.substring(0, from).chars().filter(c -> c == '\n').count();
    statements.add(new Statement(script.substring(from, end).stripTrailing(), line));
  }
}
