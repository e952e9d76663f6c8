package io.tapelake.jobs.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tapelake.jobs.sql.SqlScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How long the queries of README, docs/ and notebooks take over a year of two instruments. Cold is
 * a process of its own for a query of a page, and the first time in a session for a cell of a
 * notebook; warm is the median of the further times in a session. Of pages' queries as many rows
 * are printed as {@code sql} prints by default, of cells all.
 */
final class PageQueries {

  static final String HEADER =
      """
      | query | cold | warm |
      |---|---|---|
      """;

  private static final Pattern ON_PAGE =
      Pattern.compile("(?m)^tapelake sql [^\"\n]*\"([^\"]+)\"|`(select (?![^`]*delta_scan)[^`]+)`");
  private static final Pattern TIMING = Pattern.compile("tapelake: line \\d+: ([0-9.]+) s");
  private static final LocalDate FIRST_DAY = LocalDate.of(2025, 6, 1);
  private static final int DAYS = 365;
  private static final int TRADES_A_DAY = 3000;

  private final Path launcher;
  private final Path vault;
  private final int rounds;
  private final Path script;
  private final Path log;

  PageQueries(Path launcher, Path dir, int rounds) {
    this.launcher = launcher;
    this.vault = dir.resolve("queries-" + FIRST_DAY);
    this.rounds = rounds;
    this.script = dir.resolve("queries.sql");
    this.log = dir.resolve("queries.log");
  }

  /** The lines of the table. */
  List<String> measure() throws IOException, InterruptedException {
    new DataSet(vault.getFileName().toString(), 2, FIRST_DAY, DAYS, TRADES_A_DAY).writeTo(vault);
    if (!Files.exists(vault.resolve("state/vwap/runs.jsonl"))) {
      ChildProcess.run(tapelake("backfill"), log);
    }
    List<String> lines = new ArrayList<>();
    Map<String, List<String>> queries = ofPages();
    List<double[]> warm = times(queries, 1_000);
    int at = 0;
    for (Map.Entry<String, List<String>> query : queries.entrySet()) {
      double[] cold = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        cold[round] = ChildProcess.run(tapelake("sql", query.getValue().get(0)), log).seconds();
      }
      lines.add(line(query.getKey(), median(cold), warm.get(at++)));
    }
    for (Path notebook : files("notebooks", ".ipynb")) {
      Map<String, List<String>> cells = ofNotebook(notebook);
      at = 0;
      for (double[] times : times(cells, 0)) {
        lines.add(line(List.copyOf(cells.keySet()).get(at++), times[0], times));
      }
    }
    return lines;
  }

  private static String line(String query, double cold, double[] warm) {
    return String.format(
        Locale.ROOT,
        "| %s | %.1f s | %.2f s |",
        query,
        cold,
        median(Arrays.copyOfRange(warm, 1, warm.length)));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Runs all of them once, and then as often as there are rounds; the seconds of each. */
  private List<double[]> times(Map<String, List<String>> queries, int limit)
      throws IOException, InterruptedException {
    List<String> all = queries.values().stream().flatMap(List::stream).toList();
    Files.writeString(script, (String.join(";\n", all) + ";\n").repeat(rounds + 1));
    ChildProcess.run(
        tapelake(
            "sql", "-f", script.toString(), "--timing", "--format", "csv", "--limit", "" + limit),
        log);
    List<double[]> times = new ArrayList<>();
    queries.forEach((name, statements) -> times.add(new double[rounds + 1]));
    try (Stream<String> lines = Files.lines(log)) {
      List<Double> seconds =
          lines
              .map(TIMING::matcher)
              .filter(Matcher::matches)
              .map(each -> Double.parseDouble(each.group(1)))
              .toList();
      int next = 0;
      for (int round = 0; round <= rounds; round++) {
        int query = 0;
        for (List<String> statements : queries.values()) {
          for (int i = 0; i < statements.size(); i++) {
            times.get(query)[round] += seconds.get(next++);
          }
          query++;
        }
      }
    }
    return times;
  }

  private Map<String, List<String>> ofPages() throws IOException {
    Map<String, List<String>> queries = new LinkedHashMap<>();
    List<Path> pages = new ArrayList<>(files("docs", ".md"));
    pages.add(0, launcher.resolveSibling("README.md"));
    for (Path page : pages) {
      Matcher query = ON_PAGE.matcher(Files.readString(page));
      while (query.find()) {
        String text = query.group(1) == null ? query.group(2) : query.group(1);
        queries.put("`" + text.replaceAll("\\s+", " ") + "`", List.of(text));
      }
    }
    return queries;
  }

  private static Map<String, List<String>> ofNotebook(Path notebook) throws IOException {
    Map<String, List<String>> cells = new LinkedHashMap<>();
    String name = notebook.getFileName().toString().replace(".ipynb", "");
    for (JsonNode cell : new ObjectMapper().readTree(notebook.toFile()).required("cells")) {
      if (cell.required("cell_type").asText().equals("code")) {
        StringBuilder source = new StringBuilder();
        cell.required("source").forEach(line -> source.append(line.asText()));
        String sql = source.toString().replaceAll("(?m)^%.*$", "");
        cells.put(
            "%s, cell %d".formatted(name, cells.size() + 1),
            SqlScript.split(sql).stream().map(SqlScript.Statement::text).toList());
      }
    }
    return cells;
  }

  private List<Path> files(String folder, String end) throws IOException {
    try (Stream<Path> files = Files.list(launcher.resolveSibling(folder))) {
      return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
    }
  }

  private List<String> tapelake(String verb, String... options) {
    List<String> command = new ArrayList<>(List.of(launcher.toString(), verb));
    command.addAll(List.of("--vault", vault.toString()));
    command.addAll(List.of(options));
    return command;
  }
}
