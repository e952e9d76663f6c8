package io.tapelake.jobs.verify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.util.List;

/**
 * What the raw file of one instrument and day holds.
 *
 * @param instrument the instrument
 * @param day the UTC day
 * @param trades trades of closed minutes
 * @param duplicates dropped lines
 * @param refused refused lines
 * @param firstId the smallest trade id, or -1
 * @param lastId the largest trade id, or -1
 * @param missing ranges of ids between the day's trades, and before them since the day before, that
 *     are not there; ids of an instrument are dense
 * @param emptyMinutes minutes without trades between the day's first and last trade
 */
public record DayReport(
    String instrument,
    LocalDate day,
    long trades,
    long duplicates,
    long refused,
    long firstId,
    long lastId,
    List<IdRange> missing,
    long emptyMinutes) {

  /** Ids from one to another, both in it. */
  record IdRange(long from, long to) {

    long count() {
      return to - from + 1;
    }
  }

  private static final int RANGES_SHOWN = 3;

  long missingIds() {
    return missing.stream().mapToLong(IdRange::count).sum();
  }

  /** A line for a person. */
  public String text() {
    StringBuilder text =
        new StringBuilder(
            "  %s %s: %,d trades, ids %d to %d, %,d duplicates, %,d refused, %,d minutes without trades"
                .formatted(
                    instrument, day, trades, firstId, lastId, duplicates, refused, emptyMinutes));
    if (missing.isEmpty()) {
      return text.append(", no id missing").toString();
    }
    text.append(", %,d ids missing:".formatted(missingIds()));
    missing.stream()
        .limit(RANGES_SHOWN)
        .forEach(range -> text.append(" [%d, %d]".formatted(range.from(), range.to())));
    return text.append(missing.size() > RANGES_SHOWN ? " …" : "").toString();
  }

  public void putInto(ObjectNode node) {
    node.put("instId", instrument)
        .put("day", day.toString())
        .put("trades", trades)
        .put("duplicates", duplicates)
        .put("refused", refused)
        .put("first_id", firstId)
        .put("last_id", lastId)
        .put("missing_ids", missingIds())
        .put("minutes_without_trades", emptyMinutes);
    ArrayNode ranges = node.putArray("missing");
    missing.forEach(range -> ranges.addArray().add(range.from()).add(range.to()));
  }
}
