package io.tapelake.jobs.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The log of runs as it grows, each line read once, also when the job trims the log. */
final class RunsFollowed {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path log;
  private int read;
  private String newest = "";
  private int withTrades;
  private JsonNode newestWithTrades;

  RunsFollowed(Path log) {
    this.log = log;
  }

  /** How many runs have read trades so far. */
  int withTrades() throws IOException {
    if (!Files.exists(log) || Files.size(log) == read) {
      return withTrades;
    }
    byte[] bytes = Files.readAllBytes(log);
    if (bytes.length < read) {
      String trimmed = new String(bytes, StandardCharsets.UTF_8);
      read = trimmed.substring(0, trimmed.indexOf(newest)).getBytes(StandardCharsets.UTF_8).length;
      read += newest.getBytes(StandardCharsets.UTF_8).length + 1;
    }
    int end = bytes.length;
    while (end > read && bytes[end - 1] != '\n') {
      end--;
    }
    String lines = new String(Arrays.copyOfRange(bytes, read, end), StandardCharsets.UTF_8);
    for (String line : lines.lines().toList()) {
      JsonNode run = JSON.readTree(line);
      newest = line;
      if (run.required("trades").asLong() > 0) {
        withTrades++;
        newestWithTrades = run;
      }
    }
    read = end;
    return withTrades;
  }

  /** The newest of them. */
  JsonNode newestWithTrades() {
    return newestWithTrades;
  }
}
