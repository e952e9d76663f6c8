package io.tapelake.jobs.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares what both programs exported: a benchmark of different work would say nothing. */
final class SameResults {

  private static final double TOLERANCE = 1e-12;
  private static final List<String> VWAPS = List.of("vwap_1h", "vwap_4h");
  private static final List<String> COUNTS = List.of("trade_count_1h", "trade_count_4h");
  private static final ObjectMapper JSON = new ObjectMapper();

  private SameResults() {}

  /**
   * Checks that counts are equal and VWAPs equal as far as a DOUBLE goes.
   *
   * @throws IllegalStateException when they are not
   */
  static void check(Path vault, Path peerExport) throws IOException {
    Map<String, JsonNode> peer = new HashMap<>();
    read(peerExport, row -> peer.put(key(row), row));
    try (var exports = Files.walk(vault.resolve("derived"))) {
      for (Path export : exports.filter(Files::isRegularFile).toList()) {
        read(export, row -> compare(row, peer.remove(key(row))));
      }
    }
    if (!peer.isEmpty()) {
      throw new IllegalStateException("only DuckDB has " + peer.values().iterator().next());
    }
  }

  private interface Rows {
    void add(JsonNode row);
  }

  private static void read(Path file, Rows rows) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        rows.add(JSON.readTree(line));
      }
    }
  }

  private static String key(JsonNode row) {
    return row.required("instId").asText() + row.required("window_start_utc").asText();
  }

  private static void compare(JsonNode ours, JsonNode theirs) {
    boolean same = theirs != null;
    for (String count : COUNTS) {
      same = same && ours.required(count).asLong() == theirs.required(count).asLong();
    }
    for (String vwap : VWAPS) {
      same = same && isSame(ours.required(vwap), theirs.required(vwap));
    }
    if (!same) {
      throw new IllegalStateException("Tapelake has " + ours + " where DuckDB has " + theirs);
    }
  }

  private static boolean isSame(JsonNode ours, JsonNode theirs) {
    return ours.isNull() || theirs.isNull()
        ? ours.isNull() && theirs.isNull()
        : Math.abs(ours.asDouble() / theirs.asDouble() - 1) < TOLERANCE;
  }
}
