package io.tapelake.collector.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.cover.IdRanges;
import io.tapelake.collector.cover.Life;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * What the collector remembers of an instrument. A hint that spares reading: the files themselves
 * decide, and it may lag behind them.
 *
 * @param watchFrom the id from which nothing may be missing; -1 when unknown
 * @param life since when ids count up from where they do now
 * @param older the ids of days that are not listed
 * @param days the days written last
 */
public record InstrumentMemory(long watchFrom, Life life, IdRanges older, List<DayMemory> days) {

  /** Nothing is remembered. */
  public static final InstrumentMemory NONE =
      new InstrumentMemory(-1, Life.FIRST, new IdRanges(), List.of());

  /** Writes it into a JSON object. */
  void write(ObjectNode node) {
    node.put("watch_from", Long.toString(watchFrom));
    if (!life.before().isEmpty()) {
      ObjectNode lives = node.putObject("ids_started_over");
      lives.put("since", life.since().toString());
      write(lives.putArray("taken"), life.taken().ranges());
      write(lives.putArray("before"), life.before());
    }
    write(node.putArray("older"), older.highestRanges(DayMemory.MOST_RANGES));
    ArrayNode list = node.putArray("days");
    for (DayMemory day : days) {
      ObjectNode entry = list.addObject();
      entry.put("day", day.day().toString());
      entry.put("bytes", day.bytes());
      entry.put("count_bytes", day.countBytes());
      entry.put("crc32", day.crc32());
      write(entry.putArray("ids"), day.ids().ranges());
    }
  }

  static void write(ArrayNode array, List<IdRange> ranges) {
    for (IdRange range : ranges) {
      array.addArray().add(Long.toString(range.from())).add(Long.toString(range.to()));
    }
  }

  /**
   * Reads it from a JSON object.
   *
   * @throws IllegalArgumentException when it is not one that was written here
   */
  static InstrumentMemory read(JsonNode node) {
    try {
      List<DayMemory> days = new ArrayList<>();
      for (JsonNode day : node.withArray("days")) {
        days.add(
            new DayMemory(
                LocalDate.parse(day.path("day").asText()),
                day.required("bytes").longValue(),
                day.required("count_bytes").longValue(),
                day.required("crc32").longValue(),
                ranges(day.required("ids"))));
      }
      long watchFrom = Long.parseLong(node.required("watch_from").asText());
      return new InstrumentMemory(watchFrom, life(node), ranges(node.required("older")), days);
    } catch (DateTimeException | UnsupportedOperationException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static Life life(JsonNode node) {
    JsonNode lives = node.path("ids_started_over");
    if (!lives.isObject()) {
      return Life.FIRST;
    }
    List<IdRange> before = new ArrayList<>();
    lives.withArray("before").forEach(range -> before.add(range(range)));
    LocalDate since = LocalDate.parse(lives.required("since").asText());
    return new Life(since, ranges(lives.required("taken")), before);
  }

  private static IdRanges ranges(JsonNode array) {
    IdRanges ranges = new IdRanges();
    for (JsonNode each : array) {
      IdRange ids = range(each);
      ranges.add(ids.from(), ids.to());
    }
    return ranges;
  }

  private static IdRange range(JsonNode ends) {
    return new IdRange(
        Long.parseLong(ends.path(0).asText()), Long.parseLong(ends.path(1).asText()));
  }
}
