package io.tapelake.jobs.sql;

import io.tapelake.jobs.sql.SqlScript.Statement;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A question about what is in view: {@code .tables}, {@code .schema NAME}, {@code .files NAME}, the
 * last one also without its dot. The answers are rows as any other.
 */
record DotCommand(String name, String argument) {

  static final List<String> NAMES = List.of(".tables", ".schema", ".files");

  private static final Pattern SHAPE =
      Pattern.compile("(?is)(?:\\.(\\w*)|(files))\\s*(?:\\s+`?([\\w.]+)`?)?\\s*");

  /** The command that a statement is; null for SQL. */
  static DotCommand parse(Statement statement) {
    Matcher shape = SHAPE.matcher(statement.text());
    if (!shape.matches()) {
      if (statement.text().startsWith(".")) {
        throw unknown(statement);
      }
      return null;
    }
    String name = shape.group(1) == null ? shape.group(2) : shape.group(1);
    return new DotCommand(name.toLowerCase(Locale.ROOT), shape.group(3));
  }

  Dataset<Row> run(SqlSession session, Statement statement) {
    if (!NAMES.contains("." + name) || name.equals("tables") != (argument == null)) {
      throw unknown(statement);
    }
    if (argument == null) {
      return tables(session);
    }
    return name.equals("files") ? files(session, statement) : schema(session);
  }

  private static SqlError unknown(Statement statement) {
    return SqlError.usage(
        "'%s': there are .tables, .schema NAME and .files NAME".formatted(statement.text()),
        statement.line());
  }

  private static Dataset<Row> tables(SqlSession session) {
    List<Row> rows = new ArrayList<>();
    for (Row each : session.spark().sql("SHOW VIEWS").collectAsList()) {
      Long version = session.versions().get(each.getString(1));
      rows.add(RowFactory.create(each.getString(1), version == null ? "view" : "table", version));
    }
    return session
        .spark()
        .createDataFrame(rows, StructType.fromDDL("name string, kind string, version bigint"))
        .orderBy("kind", "name");
  }

  private Dataset<Row> schema(SqlSession session) {
    List<Row> rows = new ArrayList<>();
    for (StructField field : session.spark().table(argument).schema().fields()) {
      rows.add(RowFactory.create(field.name(), field.dataType().sql().toLowerCase(Locale.ROOT)));
    }
    return session.spark().createDataFrame(rows, StructType.fromDDL("column string, type string"));
  }

  /** What another engine has to read for the same rows: all that lies in the folder is more. */
  private Dataset<Row> files(SqlSession session, Statement statement) {
    if (!session.versions().containsKey(argument.toLowerCase(Locale.ROOT))) {
      throw SqlError.usage(
          "'%s' is no Delta table of this vault; there are %s"
              .formatted(argument, String.join(", ", session.versions().keySet())),
          statement.line());
    }
    List<Row> rows =
        Arrays.stream(session.spark().table(argument).inputFiles())
            .map(DotCommand::path)
            .sorted()
            .map(path -> RowFactory.create(path))
            .toList();
    return session.spark().createDataFrame(rows, StructType.fromDDL("file string"));
  }

  /** Local files by their path, others with their scheme; Delta gives both without encoding. */
  private static String path(String file) {
    URI known = new Path(file).toUri();
    return "file".equals(known.getScheme()) ? known.getPath() : file;
  }
}
