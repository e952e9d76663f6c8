package io.tapelake.collector.certify;

import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.cover.Life;
import io.tapelake.vault.DayFile;
import java.util.ArrayList;
import java.util.List;

/**
 * What is proven of an instrument's UTC day.
 *
 * @param facts what the raw file says by itself
 * @param evidence what is known beyond it
 */
public record Certificate(DayFile day, DayFacts facts, Evidence evidence) {

  /** Ids that are missing: where, and why. */
  record Missing(IdRange ids, String where, Evidence.Reason reason) {}

  /** Why the day is not complete, in a fixed order; nothing when it is. */
  public List<String> incompleteBecause() {
    List<String> because = new ArrayList<>();
    if (facts.trades() == 0) {
      because.add("no_trades");
    } else {
      if (missingIds() > 0) {
        because.add("ids_missing");
      }
      if (evidence.previousId() < 0 && facts.firstId() > Life.FIRST_ID) {
        because.add("start_unknown");
      }
      if (evidence.nextId() < 0) {
        because.add("end_unknown");
      }
    }
    if (facts.startedOver() || contradictsOtherDays()) {
      because.add("ids_started_over");
    }
    if (evidence.setAside() > 0) {
      because.add("trades_set_aside");
    }
    if (facts.conflictingLines() > 0) {
      because.add("lines_conflict");
    }
    if (facts.areTermsMixed()) {
      because.add("terms_mixed");
    }
    if (evidence.official().stream().anyMatch(OfficialComparison::contradicts)) {
      because.add("differs_from_official");
    }
    return because;
  }

  /** Whether ids of a day before are not below this one's, or those of a day after not above. */
  private boolean contradictsOtherDays() {
    return facts.firstId() >= 0
        && (evidence.previousId() >= facts.firstId()
            || (evidence.nextId() >= 0 && evidence.nextId() <= facts.lastId()));
  }

  /** Whether every trade of the day is proven to be there. */
  public boolean isComplete() {
    return incompleteBecause().isEmpty();
  }

  /**
   * How many ids are missing: between the day's first and last, and between these and the nearest
   * known ones of other days, which may be this day's or theirs.
   */
  public long missingIds() {
    return facts.missingIds() + edges().stream().mapToLong(missing -> missing.ids().size()).sum();
  }

  /** How many ranges these make. */
  int missingRanges() {
    return facts.missingRanges() + edges().size();
  }

  /** The ranges, ascending; the first {@link DayFacts#MOST_RANGES} of those within the day. */
  List<Missing> missing() {
    List<Missing> all = new ArrayList<>();
    edges().stream().filter(edge -> edge.where().equals("before")).forEach(all::add);
    facts.missing().forEach(ids -> all.add(missing(ids, "inside")));
    edges().stream().filter(edge -> edge.where().equals("after")).forEach(all::add);
    return all;
  }

  private List<Missing> edges() {
    List<Missing> edges = new ArrayList<>();
    long previous = evidence.previousId();
    if (facts.firstId() >= 0 && previous >= 0 && previous < facts.firstId() - 1) {
      edges.add(missing(new IdRange(previous + 1, facts.firstId() - 1), "before"));
    }
    if (facts.lastId() >= 0 && evidence.nextId() > facts.lastId() + 1) {
      edges.add(missing(new IdRange(facts.lastId() + 1, evidence.nextId() - 1), "after"));
    }
    return edges;
  }

  private Missing missing(IdRange ids, String where) {
    return new Missing(ids, where, evidence.reasons().getOrDefault(ids, Evidence.UNKNOWN));
  }

  /** On one line, for a person. */
  public String text() {
    String what =
        isComplete()
            ? "complete"
            : "not complete (%s)".formatted(String.join(", ", incompleteBecause()));
    return "%s %s: %s, %,d trades, ids %s to %s, %,d missing"
        .formatted(
            day.instrument(),
            day.day(),
            what,
            facts.trades(),
            facts.firstId() < 0 ? "-" : Long.toString(facts.firstId()),
            facts.lastId() < 0 ? "-" : Long.toString(facts.lastId()),
            missingIds());
  }
}
