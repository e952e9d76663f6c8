package io.tapelake.jobs.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;

/** What a word that somebody began to type may become, and what one that stands there is. */
public final class SqlCompletion {

  /**
   * What may stand in place of the characters from {@code from} to {@code to}.
   *
   * @param words the likelier ones first
   */
  public record Options(List<String> words, int from, int to) {}

  private static final Pattern TABLE_IN_USE =
      Pattern.compile("(?i)\\b(?:from|join)\\s+([\\w.`]+)(?:\\s+(?:as\\s+)?(\\w+))?");
  private static final Set<String> NO_ALIAS =
      Set.of(
          "where",
          "on",
          "join",
          "left",
          "right",
          "full",
          "inner",
          "cross",
          "group",
          "order",
          "limit",
          "having",
          "union",
          "version",
          "timestamp",
          "lateral",
          "using",
          "window");

  private final SqlSession session;
  private List<String> functions;
  private List<String> keywords;

  public SqlCompletion(SqlSession session) {
    this.session = session;
  }

  /** What the word before the cursor may become. */
  public Options at(String script, int cursor) {
    SparkSession.setActiveSession(session.spark());
    session.showViews();
    int end = Math.min(cursor, script.length());
    int from = end;
    while (from > 0 && isWordPart(script.charAt(from - 1))) {
      from--;
    }
    String begun = script.substring(from, end);
    Set<String> words = new LinkedHashSet<>();
    if (from > 0 && script.charAt(from - 1) == '.') {
      addMembers(words, qualifier(script, from - 1), begun, script);
    } else {
      Map<String, String> inUse = tablesInUse(script);
      inUse.values().forEach(table -> columns(table).forEach(each -> add(words, each, begun)));
      inUse.forEach(
          (alias, table) -> {
            if (!columns(table).isEmpty()) { // and not the beginning of a name
              add(words, alias, begun);
            }
          });
      tableNames().forEach(each -> add(words, each, begun));
      if (!begun.isEmpty()) {
        functions().forEach(each -> add(words, each, begun));
        boolean upper = begun.equals(begun.toUpperCase(Locale.ROOT));
        keywords().forEach(each -> add(words, upper ? each : each.toLowerCase(Locale.ROOT), begun));
      }
    }
    return new Options(List.copyOf(words), from, end);
  }

  /** What the word at the cursor is: a table, a column or a function; null for anything else. */
  public String describe(String script, int cursor) {
    SparkSession.setActiveSession(session.spark());
    session.showViews();
    int from = Math.min(cursor, script.length());
    int end = from;
    while (from > 0 && (isWordPart(script.charAt(from - 1)) || script.charAt(from - 1) == '.')) {
      from--;
    }
    while (end < script.length() && isWordPart(script.charAt(end))) {
      end++;
    }
    String word = script.substring(from, end);
    if (word.isEmpty()) {
      return null;
    }
    String table = describeTable(word);
    if (table != null) {
      return table;
    }
    String column = describeColumn(word, script);
    return column != null ? column : describeFunction(word);
  }

  private String describeTable(String name) {
    if (tableNames().stream().noneMatch(name::equalsIgnoreCase)) {
      return null;
    }
    Long version = session.versions().get(name.toLowerCase(Locale.ROOT));
    StringBuilder text = new StringBuilder(name);
    text.append(version == null ? ": a view\n" : ": a Delta table, version " + version + "\n");
    StructField[] fields = session.spark().table(name).schema().fields();
    int width = Arrays.stream(fields).mapToInt(field -> field.name().length()).max().orElse(0);
    for (StructField field : fields) {
      text.append("  ").append(field.name()).append(" ".repeat(width - field.name().length() + 2));
      text.append(field.dataType().sql().toLowerCase(Locale.ROOT)).append('\n');
    }
    return text.toString();
  }

  private String describeColumn(String word, String script) {
    String name = word.substring(word.lastIndexOf('.') + 1);
    for (String table : new LinkedHashSet<>(tablesInUse(script).values())) {
      for (StructField field : fields(table)) {
        if (field.name().equalsIgnoreCase(name)) {
          return "%s.%s: %s"
              .formatted(table, field.name(), field.dataType().sql().toLowerCase(Locale.ROOT));
        }
      }
    }
    return null;
  }

  private String describeFunction(String name) {
    if (functions().stream().noneMatch(name::equalsIgnoreCase)) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    for (Row row :
        session.spark().sql("DESCRIBE FUNCTION EXTENDED `" + name + "`").collectAsList()) {
      if (!row.getString(0).startsWith("Class:")) {
        text.append(row.getString(0).strip()).append('\n');
      }
    }
    return text.toString();
  }

  private void addMembers(Set<String> words, String qualifier, String begun, String script) {
    if (qualifier.equalsIgnoreCase(VaultTables.SCHEMA)) {
      session.versions().keySet().forEach(table -> add(words, table, begun));
      return;
    }
    String table = tablesInUse(script).getOrDefault(qualifier, qualifier);
    columns(table).forEach(column -> add(words, column, begun));
  }

  private static String qualifier(String script, int end) {
    int from = end;
    while (from > 0 && isWordPart(script.charAt(from - 1))) {
      from--;
    }
    return script.substring(from, end);
  }

  /** The tables that a script names, by alias or by their own name. */
  private static Map<String, String> tablesInUse(String script) {
    Map<String, String> tables = new LinkedHashMap<>();
    Matcher named = TABLE_IN_USE.matcher(script);
    while (named.find()) {
      String table = named.group(1).replace("`", "");
      String alias = named.group(2);
      boolean hasAlias = alias != null && !NO_ALIAS.contains(alias.toLowerCase(Locale.ROOT));
      tables.put(hasAlias ? alias : table.substring(table.lastIndexOf('.') + 1), table);
    }
    return tables;
  }

  private Set<String> tableNames() {
    Set<String> names = new TreeSet<>();
    for (Row row : session.spark().sql("SHOW TABLES").collectAsList()) {
      names.add(row.getString(1));
    }
    return names;
  }

  private List<String> columns(String table) {
    return fields(table).stream().map(StructField::name).toList();
  }

  private List<StructField> fields(String table) {
    try {
      return List.of(session.spark().table(table).schema().fields());
    } catch (Exception e) {
      if (e instanceof AnalysisException || e.getCause() instanceof AnalysisException) {
        return List.of(); // not a table: a subquery's name, or one that is not there
      }
      throw e;
    }
  }

  private List<String> functions() {
    if (functions == null) {
      functions = new ArrayList<>();
      for (Row row : session.spark().sql("SHOW FUNCTIONS").collectAsList()) {
        if (Character.isLetter(row.getString(0).charAt(0))) {
          functions.add(row.getString(0));
        }
      }
    }
    return functions;
  }

  private List<String> keywords() {
    if (keywords == null) {
      keywords =
          session.spark().sql("SELECT keyword FROM sql_keywords()").collectAsList().stream()
              .map(row -> row.getString(0))
              .toList();
    }
    return keywords;
  }

  private static void add(Set<String> words, String word, String begun) {
    if (word.regionMatches(true, 0, begun, 0, begun.length())) {
      words.add(word);
    }
  }

  private static boolean isWordPart(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }
}
