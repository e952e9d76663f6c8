package io.tapelake.jobs.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Compares what both programs exported: a benchmark of different work would say nothing. */
final class SameResults {

  private static final double TOLERANCE = 1e-12;
  private static final List<String> KEYS = List.of("instId", "window_start_utc");
  private static final List<String> VWAPS = List.of("vwap_1h", "vwap_4h");
  private static final List<String> COUNTS = List.of("trade_count_1h", "trade_count_4h");
  private static final ObjectMapper JSON = new ObjectMapper();

  private SameResults() {}

  /**
   * Checks that counts are equal and VWAPs equal as far as a DOUBLE goes, line by line: both
   * exports are ordered by instrument and minute.
   *
   * @throws IllegalStateException when they are not
   */
  static void check(Path vault, Path peerExport) throws IOException {
    try (BufferedReader peer = Files.newBufferedReader(peerExport);
        var exports = Files.walk(vault.resolve("derived/vwap"))) {
      for (Path export : exports.filter(Files::isRegularFile).sorted().toList()) {
        try (BufferedReader lines = Files.newBufferedReader(export)) {
          for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            compare(line, peer.readLine());
          }
        }
      }
      String left = peer.readLine();
      if (left != null) {
        throw new IllegalStateException("only DuckDB has " + left);
      }
    }
  }

  private static void compare(String ours, String theirs) throws IOException {
    if (theirs == null || !isSame(JSON.readTree(ours), JSON.readTree(theirs))) {
      throw new IllegalStateException("Tapelake has " + ours + " where DuckDB has " + theirs);
    }
  }

  private static boolean isSame(JsonNode ours, JsonNode theirs) {
    boolean same = true;
    for (String key : KEYS) {
      same = same && ours.required(key).equals(theirs.required(key));
    }
    for (String count : COUNTS) {
      same = same && ours.required(count).asLong() == theirs.required(count).asLong();
    }
    for (String vwap : VWAPS) {
      same = same && isSameNumber(ours.required(vwap), theirs.required(vwap));
    }
    return same;
  }

  private static boolean isSameNumber(JsonNode ours, JsonNode theirs) {
    return ours.isNull() || theirs.isNull()
        ? ours.isNull() && theirs.isNull()
        : Math.abs(ours.asDouble() / theirs.asDouble() - 1) < TOLERANCE;
  }
}
