package io.tapelake.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.sql.SqlScript.Statement;
import org.junit.jupiter.api.Test;

/** Scripts are cut where Spark would see a statement's end. */
final class SqlScriptTest {

  @Test
  void semicolonsBetweenStatementsCut() {
    assertThat(SqlScript.split("select 1;\n\n select 2 ;; \nselect\n3"))
        .containsExactly(
            new Statement("select 1", 1),
            new Statement("select 2", 3),
            new Statement("select\n3", 4));
  }

  @Test
  void semicolonsInTextsNamesAndCommentsDoNot() {
    String script = "select ';', \"a\\\";\", `;`, r'\\' -- ;\n/* ; /* ; */ ; */ + 1";
    assertThat(SqlScript.split(script)).containsExactly(new Statement(script, 1));
  }

  @Test
  void aLineThatBeginsWithADotIsAStatement() {
    assertThat(SqlScript.split(".tables\nselect .5;\n  .schema a;\nselect 2"))
        .containsExactly(
            new Statement(".tables", 1),
            new Statement("select .5", 2),
            new Statement(".schema a", 3),
            new Statement("select 2", 4));
    assertThat(SqlScript.isClosed(".tables")).isTrue();
  }

  @Test
  void commentsAloneAreNoStatement() {
    assertThat(SqlScript.split("-- nothing; at all\n/* here */;\n")).isEmpty();
  }

  @Test
  void aStatementBeginsBehindTheCommentsBeforeIt() {
    assertThat(SqlScript.split("-- which\nfiles bars_1m;\n/* and */ -- then\n select 1 -- one"))
        .containsExactly(new Statement("files bars_1m", 2), new Statement("select 1 -- one", 4));
  }

  @Test
  void anEndThatIsMissingIsSeen() {
    assertThat(SqlScript.isClosed("select 1")).isFalse();
    assertThat(SqlScript.isClosed("select 1; -- done")).isTrue();
    assertThat(SqlScript.isClosed("select 'a;")).isFalse();
    assertThat(SqlScript.isClosed("")).isTrue();
    assertThat(SqlScript.isTorn("select 'a;")).isTrue();
    assertThat(SqlScript.isTorn("select /* a;")).isTrue();
    assertThat(SqlScript.isTorn("select 'a'")).isFalse();
  }
}
