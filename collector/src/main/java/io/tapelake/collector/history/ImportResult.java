package io.tapelake.collector.history;

import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What an import came to.
 *
 * @param rows rows of the file
 * @param added trades that were new
 * @param held trades that the raw files held already, and repeated rows
 * @param partlyHeld aggregates of which the raw files hold some trades already; not added
 * @param refused rows that are no trades
 * @param reasons of them, by the column that is wrong
 * @param examples the first of them
 * @param skipped rows of instruments or times that were not asked for
 * @param days the UTC days of the trades
 * @param conflicts trades about which the raw files and this file say different things
 */
public record ImportResult(
    long rows,
    long added,
    long held,
    long partlyHeld,
    long refused,
    Map<String, Long> reasons,
    List<String> examples,
    long skipped,
    Collection<LocalDate> days,
    List<String> conflicts) {

  public ImportResult {
    reasons = Map.copyOf(reasons);
    examples = List.copyOf(examples);
    days = List.copyOf(new TreeSet<>(days));
    conflicts = List.copyOf(conflicts);
  }

  /** Whether a person has to look at something. */
  public boolean needsPerson() {
    return refused > 0 || !conflicts.isEmpty();
  }

  /** On one line, for a person. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append("%,d rows, %,d new, %,d there already".formatted(rows, added, held));
    if (partlyHeld > 0) {
      text.append(
          ", %,d aggregates left out because some of their trades are there".formatted(partlyHeld));
    }
    if (skipped > 0) {
      text.append(", %,d not asked for".formatted(skipped));
    }
    if (refused > 0) {
      text.append(
          ", %,d refused %s, such as %s".formatted(refused, reasons, String.join("; ", examples)));
    }
    if (!days.isEmpty()) {
      List<LocalDate> all = List.copyOf(days);
      text.append("; UTC days ").append(all.get(0));
      if (all.size() > 1) {
        text.append(" to ").append(all.get(all.size() - 1));
      }
    }
    conflicts.forEach(conflict -> text.append("; ").append(conflict));
    return text.toString();
  }
}
