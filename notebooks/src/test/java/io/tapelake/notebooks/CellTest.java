package io.tapelake.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.sql.SqlScript.Statement;
import io.tapelake.notebooks.Cell.Magic;
import io.tapelake.notebooks.Cell.Query;
import org.junit.jupiter.api.Test;

/** Cells are taken apart where their author would. */
final class CellTest {

  @Test
  void magicsAndStatementsInTheirOrderWithTheirLines() {
    assertThat(
            Cell.parse("%limit 5\nselect 1;\n\n%chart line x=a title=\"b c\"\nselect 2\n;select 3")
                .steps())
        .containsExactly(
            new Magic("limit", "5", 1),
            new Query(new Statement("select 1", 2)),
            new Magic("chart", "line x=a title=\"b c\"", 4),
            new Query(new Statement("select 2", 5)),
            new Query(new Statement("select 3", 6)));
  }

  @Test
  void percentSignsInTextsAndDivisionsAreNoMagics() {
    String text = "select '\n%limit 3\n', 7\n % 4";
    assertThat(Cell.parse(text).steps()).containsExactly(new Query(new Statement(text, 1)));
  }

  @Test
  void anEmptyCellHasNoSteps() {
    assertThat(Cell.parse("\n -- nothing\n/* here */ ;").steps()).isEmpty();
  }
}
