package io.tapelake.jobs.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What lies in a vault after the job ran, compared with what has to. */
final class Published {

  /** What tells the rows of a table from each other, where it is not the instrument and minute. */
  private static final Map<String, List<String>> KEYS =
      Map.of(
          "volume_profile",
          List.of("inst_id", "session", "bucket"),
          "sessions_1d",
          List.of("inst_id", "session"),
          "signals",
          List.of("id"));

  /** What a row hands on to the next one is the job's own business. */
  private static final Set<String> NOT_COMPARED =
      Set.of("own_sums", "start_sums", "added_sums", "start_signal_state", "signal_state");

  private final Path vault;

  /** What a failure is to say first. */
  private final String label;

  Published(Path vault, String label) {
    this.vault = vault;
    this.label = label;
  }

  /** Exports and quarantine byte for byte, the compatible part of the cursors. */
  void filesEqual(Expected expected) throws IOException {
    equalFiles("export", exports(), withoutEmpty(expected.exports()));
    equalFiles(
        "CVD export",
        withoutEmpty(found("derived/cvd/okx/perps", "/cvd_1m.jsonl")),
        withoutEmpty(expected.cvdExports()));
    equalFiles("quarantine", quarantines(), expected.quarantines());
    for (Map.Entry<String, Expected.CursorHead> cursor : expected.cursors().entrySet()) {
      assertThat(cursorHead(cursor.getKey()))
          .as("%s: cursor of %s", label, cursor.getKey())
          .isEqualTo(
              List.of(
                  Map.entry("last_timestamp_utc", Optional.of(cursor.getValue().lastTimestamp())),
                  Map.entry("last_trade_id", Optional.of(cursor.getValue().lastTradeId())),
                  Map.entry("last_minute_processed", Optional.of(cursor.getValue().lastMinute()))));
    }
  }

  /** Every row of every table. */
  void tablesEqual(Expected expected) throws IOException {
    tablesWithoutTradesEqual(expected);
    equalLines("trades", KernelTable.rows(vault, "trades"), expected.trades());
  }

  void tablesWithoutTradesEqual(Expected expected) {
    Map<String, List<TableRow>> tables = new TreeMap<>(expected.analytics());
    tables.put("bars_1m", expected.bars());
    tables.put("vwap_1m", expected.vwaps());
    assertAll(
        label,
        tables.entrySet().stream()
            .map(
                table ->
                    () ->
                        equalRows(
                            table.getKey(),
                            KernelTable.tableRows(vault, table.getKey()),
                            table.getValue())));
  }

  /** The signals that stand, in the table and in the export byte for byte. */
  void signalsEqual(Expected expected) throws IOException {
    List<TableRow> standing =
        KernelTable.tableRows(vault, "signals").stream().filter(TableRow::stands).toList();
    equalRows("signals", standing, expected.signals());
    equalFiles(
        "signals",
        withoutEmpty(found("derived/signals/okx/perps", "/signals.jsonl")),
        withoutEmpty(expected.signalExports()));
  }

  /** Row by row, in no order, each value as exactly as the row says. */
  void equalRows(String table, List<TableRow> actual, List<TableRow> expected) {
    Map<String, TableRow> found = byKey(table, actual);
    Map<String, TableRow> wanted = byKey(table, expected);
    assertThat(found.keySet()).as("%s: rows of %s", label, table).isEqualTo(wanted.keySet());
    List<String> differences = new ArrayList<>();
    wanted.forEach(
        (key, row) ->
            row.differences(found.get(key), NOT_COMPARED)
                .forEach(difference -> differences.add(key + " " + difference)));
    if (!differences.isEmpty()) {
      throw new AssertionError(
          "%s: %d values of %s differ, first:%n%s"
              .formatted(
                  label,
                  differences.size(),
                  table,
                  String.join("\n", differences.subList(0, Math.min(12, differences.size())))));
    }
  }

  private Map<String, TableRow> byKey(String table, List<TableRow> rows) {
    Map<String, TableRow> byKey = new TreeMap<>();
    for (TableRow row : rows) {
      String key = row.key(KEYS.getOrDefault(table, List.of("inst_id", "minute")));
      if (byKey.put(key, row) != null) {
        throw new AssertionError("%s: %s has two rows of %s".formatted(label, table, key));
      }
    }
    return byKey;
  }

  /** As sets of lines; the first that differ are named. */
  void equalLines(String what, List<String> actual, List<String> expected) {
    List<String> missing = difference(expected, actual);
    List<String> surplus = difference(actual, expected);
    if (!missing.isEmpty() || !surplus.isEmpty()) {
      throw new AssertionError(
          "%s: %s has %d rows, expected %d%n%d missing, first:%n%s%n%d surplus, first:%n%s"
              .formatted(
                  label,
                  what,
                  actual.size(),
                  expected.size(),
                  missing.size(),
                  first(missing),
                  surplus.size(),
                  first(surplus)));
    }
  }

  /** The commits of every table, which a run without anything to do leaves as they are. */
  List<String> commits() throws IOException {
    Path lake = vault.resolve("lake");
    if (!Files.isDirectory(lake)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.walk(lake)) {
      return paths
          .map(path -> lake.relativize(path).toString())
          .filter(name -> name.contains("_delta_log") && name.endsWith(".json"))
          .sorted()
          .toList();
    }
  }

  /** Exports, quarantine and cursors by their path in the vault. */
  SortedMap<String, byte[]> files() throws IOException {
    SortedMap<String, byte[]> files = new TreeMap<>();
    for (String folder : List.of("derived", "quarantine", "state/vwap/okx/perps")) {
      if (Files.isDirectory(vault.resolve(folder))) {
        try (Stream<Path> paths = Files.walk(vault.resolve(folder))) {
          for (Path path : paths.filter(Files::isRegularFile).toList()) {
            files.put(vault.relativize(path).toString(), Files.readAllBytes(path));
          }
        }
      }
    }
    return files;
  }

  /** Byte for byte, the same files; the first line that differs is named. */
  void equalFiles(String what, Map<String, byte[]> actual, Map<String, byte[]> expected) {
    assertThat(actual.keySet()).as("%s: %s", label, what).isEqualTo(expected.keySet());
    expected.forEach(
        (name, bytes) -> {
          List<String> expectedLines = lines(bytes);
          List<String> actualLines = lines(actual.get(name));
          for (int i = 0; i < Math.max(expectedLines.size(), actualLines.size()); i++) {
            String wanted = i < expectedLines.size() ? expectedLines.get(i) : "(nothing)";
            String found = i < actualLines.size() ? actualLines.get(i) : "(nothing)";
            if (!wanted.equals(found)) {
              throw new AssertionError(
                  "%s: %s of %s, line %d%nexpected %s%n but was %s"
                      .formatted(label, what, name, i + 1, shortened(wanted), shortened(found)));
            }
          }
          assertThat(actual.get(name)).as("%s: %s of %s", label, what, name).isEqualTo(bytes);
        });
  }

  private SortedMap<String, byte[]> exports() throws IOException {
    return withoutEmpty(found("derived/vwap/okx/perps", "/vwap_1m.jsonl"));
  }

  private SortedMap<String, byte[]> quarantines() throws IOException {
    return found("quarantine/okx/trades_perps", ".jsonl");
  }

  /** Files below a folder, by the part of their path before the ending. */
  private SortedMap<String, byte[]> found(String folder, String ending) throws IOException {
    SortedMap<String, byte[]> found = new TreeMap<>();
    for (Map.Entry<String, byte[]> file : files().entrySet()) {
      if (file.getKey().startsWith(folder + "/")) {
        assertThat(file.getKey()).as("%s: unexpected file", label).endsWith(ending);
        String name = file.getKey().substring(folder.length() + 1);
        found.put(name.substring(0, name.length() - ending.length()), file.getValue());
      }
    }
    return found;
  }

  private List<Map.Entry<String, Optional<String>>> cursorHead(String instrument)
      throws IOException {
    Path cursor = vault.resolve("state/vwap/okx/perps").resolve(instrument + ".state.json");
    try {
      Map<String, Optional<String>> members = JsonObjectReader.read(Files.readString(cursor));
      return new ArrayList<>(members.entrySet()).subList(0, 3);
    } catch (JsonObjectReader.Malformed e) {
      throw new AssertionError(label + ": " + cursor, e);
    }
  }

  /** An instrument that has lost all of its trades keeps exports without a line. */
  static SortedMap<String, byte[]> withoutEmpty(SortedMap<String, byte[]> files) {
    SortedMap<String, byte[]> filled = new TreeMap<>(files);
    filled.values().removeIf(bytes -> bytes.length == 0);
    return filled;
  }

  private static List<String> lines(byte[] bytes) {
    return List.of(new String(bytes, StandardCharsets.UTF_8).split("\n", -1));
  }

  /** Lines of one that the other lacks, each as often as it lacks them. */
  private static List<String> difference(List<String> one, List<String> other) {
    Map<String, Integer> counts = new TreeMap<>();
    one.forEach(line -> counts.merge(line, 1, Integer::sum));
    other.forEach(line -> counts.merge(line, -1, Integer::sum));
    List<String> lines = new ArrayList<>();
    counts.forEach((line, count) -> lines.addAll(Collections.nCopies(Math.max(0, count), line)));
    return lines;
  }

  private static String first(List<String> lines) {
    return lines.isEmpty() ? "-" : lines.get(0);
  }

  private static String shortened(String line) {
    return line.length() <= 2_000 ? line : line.substring(0, 2_000) + "… " + line.length();
  }
}
