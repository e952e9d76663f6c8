package io.tapelake.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.sql.SqlScript.Statement;
import io.tapelake.jobs.sql.SqlSession;
import io.tapelake.jobs.store.VaultStores;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another engine that reads the files which {@code files NAME} lists sees the same rows. */
final class TablesInDuckDbIT {

  @TempDir private Path folder;

  @Test
  void everyTableIsTheSameInDuckDb() throws Exception {
    Path vault = folder.resolve("it's a vault");
    SampleVault.write(vault);
    // The second run leaves files behind that are no longer in the tables.
    for (String asOf : List.of("2026-01-02T22:30:00Z", SampleVault.AS_OF)) {
      String[] words = {"run", "--vault", "" + vault, "--master", "local[2]", "--as-of", asOf};
      assertThat(Tapelake.execute(words)).isZero();
    }
    SqlSession session = new SqlSession(SparkSession.active());
    session.open(VaultStores.open(vault.toString(), new Configuration()));
    session.begin();
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
      duck.createStatement().execute("set TimeZone = 'UTC'");
      for (String table : session.versions().keySet()) {
        List<String> columns = columns(session, table);
        List<String> expected =
            ask(session, "select %s from %s".formatted(String.join(", ", columns), table)).stream()
                .map(TablesInDuckDbIT::text)
                .sorted()
                .toList();
        assertThat(rows(duck, session, table, columns)).as(table).isEqualTo(expected);
        assertThat(expected).as(table).isNotEmpty();
      }
    }
  }

  private static List<String> columns(SqlSession session, String table) {
    return ask(session, ".schema " + table).stream()
        .map(row -> "`" + row.getString(0) + "`")
        .toList();
  }

  private static List<String> rows(
      Connection duck, SqlSession session, String table, List<String> columns) throws SQLException {
    String files =
        ask(session, "files " + table).stream()
            .map(row -> "'" + row.getString(0).replace("'", "''") + "'")
            .collect(Collectors.joining(", "));
    String query =
        "select %s from read_parquet([%s], hive_partitioning = true)"
            .formatted(String.join(", ", columns).replace('`', '"'), files);
    List<String> rows = new ArrayList<>();
    try (ResultSet result = duck.createStatement().executeQuery(query)) {
      while (result.next()) {
        List<String> cells = new ArrayList<>();
        for (int i = 1; i <= columns.size(); i++) {
          cells.add(cell(result.getObject(i)));
        }
        rows.add(String.join("|", cells));
      }
    }
    return rows.stream().sorted().toList();
  }

  private static String text(Row row) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      cells.add(cell(row.get(i)));
    }
    return String.join("|", cells);
  }

  private static String cell(Object value) {
    if (value instanceof BigDecimal number) {
      return number.setScale(18).toPlainString();
    }
    if (value instanceof OffsetDateTime time) {
      return time.toInstant().toString();
    }
    if (value instanceof Instant || value instanceof LocalDate) {
      return value.toString();
    }
    return String.valueOf(value);
  }

  private static List<Row> ask(SqlSession session, String query) {
    return session.ask(new Statement(query, 1), result -> result.collectAsList());
  }
}
