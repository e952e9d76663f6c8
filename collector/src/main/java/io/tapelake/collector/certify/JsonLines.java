package io.tapelake.collector.certify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tapelake.collector.cover.IdRange;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads journals: JSON objects, one a line. A line that a crash cut short says nothing. */
final class JsonLines {

  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonLines() {}

  /** Hands on the objects of a file in their order; none when there is no file. */
  static void read(Path file, Consumer<JsonNode> taker) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    // Whatever the bytes are, in this encoding they are text.
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        try {
          JsonNode entry = JSON.readTree(line.getBytes(StandardCharsets.ISO_8859_1));
          if (entry.isObject()) {
            taker.accept(entry);
          }
        } catch (JsonProcessingException e) {
          continue;
        }
      }
    }
  }

  /** An entry's {@code day}, or null. */
  static LocalDate day(JsonNode entry) {
    try {
      return LocalDate.parse(entry.path("day").asText());
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Ranges such as {@code [["7","9"]]}; those that are none are left out. */
  static List<IdRange> ranges(JsonNode array) {
    List<IdRange> ranges = new ArrayList<>();
    for (JsonNode range : array) {
      long from = range.path(0).asLong(-1);
      long to = range.path(1).asLong(-1);
      if (from >= 0 && to >= from) {
        ranges.add(new IdRange(from, to));
      }
    }
    return ranges;
  }
}
