package io.tapelake.notebooks;

import io.tapelake.jobs.sql.SqlScript;
import io.tapelake.jobs.sql.SqlScript.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is written in a cell: SQL statements, and lines that begin with {@code %}. */
record Cell(List<Step> steps) {

  /** A part of a cell. */
  sealed interface Step permits Query, Magic {}

  /** An SQL statement. */
  record Query(Statement statement) implements Step {}

  /** A line that begins with {@code %} and a name; lines of a cell are counted from 1. */
  record Magic(String name, String arguments, int line) implements Step {}

  private static final Pattern MAGIC = Pattern.compile("\\s*%([a-z]\\w*)(?:\\s+(.*?))?\\s*");

  static Cell parse(String source) {
    List<Step> steps = new ArrayList<>();
    StringBuilder sql = new StringBuilder();
    int sqlBegin = 1;
    int number = 0;
    for (String line : source.split("\n", -1)) {
      number++;
      Matcher magic = MAGIC.matcher(line);
      // A percent sign may also stand within a text, or divide: only then is no word behind it.
      if (magic.matches() && !SqlScript.isTorn(sql.toString())) {
        addQueries(steps, sql, sqlBegin);
        String arguments = magic.group(2) == null ? "" : magic.group(2);
        steps.add(new Magic(magic.group(1), arguments, number));
        sqlBegin = number + 1;
      } else {
        sql.append(line).append('\n');
      }
    }
    addQueries(steps, sql, sqlBegin);
    return new Cell(List.copyOf(steps));
  }

  private static void addQueries(List<Step> steps, StringBuilder sql, int begin) {
    for (Statement each : SqlScript.split(sql.toString())) {
      steps.add(new Query(new Statement(each.text(), begin + each.line() - 1)));
    }
    sql.setLength(0);
  }
}
