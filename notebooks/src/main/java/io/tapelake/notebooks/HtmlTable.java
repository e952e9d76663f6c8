package io.tapelake.notebooks;

import io.tapelake.jobs.sql.ResultTable;
import org.apache.spark.sql.Row;

/** Rows as HTML that scrolls when it is long or wide, with numbers at the right. */
final class HtmlTable {

  private HtmlTable() {}

  static String of(ResultTable table, String caption) {
    StringBuilder html = new StringBuilder();
    html.append("<div style=\"max-height:28em;max-width:100%;overflow:auto\"><table><thead><tr>");
    String[] names = table.schema().fieldNames();
    for (int i = 0; i < names.length; i++) {
      html.append("<th").append(align(table, i)).append('>').append(escape(names[i]));
      html.append("</th>");
    }
    html.append("</tr></thead><tbody>\n");
    for (Row row : table.rows()) {
      html.append("<tr>");
      for (int i = 0; i < names.length; i++) {
        String cell = table.cell(row, i);
        html.append("<td").append(align(table, i)).append('>');
        html.append(cell == null ? "<span style=\"color:#aaa\">NULL</span>" : escape(cell));
        html.append("</td>");
      }
      html.append("</tr>\n");
    }
    html.append("</tbody></table></div>");
    if (!caption.isEmpty()) {
      html.append("<p style=\"color:#777;font-size:85%\">").append(escape(caption)).append("</p>");
    }
    return html.toString();
  }

  private static String align(ResultTable table, int column) {
    return " style=\"white-space:nowrap;text-align:"
        + (table.isNumber(column) ? "right;font-variant-numeric:tabular-nums\"" : "left\"");
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
