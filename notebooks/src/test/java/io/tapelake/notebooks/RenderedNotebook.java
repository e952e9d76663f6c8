package io.tapelake.notebooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the cells of a notebook that was run show: tables, and pictures. */
record RenderedNotebook(List<List<Map<String, String>>> tables, List<String> charts) {

  private static final ObjectMapper JSON = new ObjectMapper();

  static RenderedNotebook read(Path file) throws IOException {
    List<List<Map<String, String>>> tables = new ArrayList<>();
    List<String> charts = new ArrayList<>();
    for (JsonNode cell : JSON.readTree(file.toFile()).required("cells")) {
      for (JsonNode output : cell.path("outputs")) {
        if (output.required("output_type").asText().equals("error")) {
          throw new AssertionError(file + ": " + output.required("evalue").asText());
        }
        JsonNode data = output.path("data");
        String html = data.has("text/html") ? text(data.get("text/html")) : "";
        if (html.contains("<svg")) {
          charts.add(html);
        } else if (!html.isEmpty()) {
          tables.add(rows(text(data.get("text/plain"))));
        }
      }
    }
    return new RenderedNotebook(tables, charts);
  }

  private static String text(JsonNode lines) {
    StringBuilder text = new StringBuilder();
    if (lines.isArray()) {
      lines.forEach(line -> text.append(line.asText()));
      return text.toString();
    }
    return lines.asText();
  }

  /** The rows of a table of text, by its ruler of hyphens. */
  private static List<Map<String, String>> rows(String text) {
    List<String> lines = text.lines().toList();
    String ruler = lines.get(1);
    List<Map<String, String>> rows = new ArrayList<>();
    for (String line : lines.subList(2, lines.size() - 1)) {
      Map<String, String> row = new LinkedHashMap<>();
      int at = 0;
      while (at < ruler.length()) {
        int end = ruler.indexOf(' ', at) < 0 ? ruler.length() : ruler.indexOf(' ', at);
        row.put(part(lines.get(0), at, end), part(line, at, end));
        at = end + 2;
      }
      rows.add(row);
    }
    return rows;
  }

  private static String part(String line, int from, int to) {
    return line.substring(Math.min(from, line.length()), Math.min(to, line.length())).strip();
  }
}
