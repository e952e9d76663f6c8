package io.tapelake.jobs.derive;

import io.tapelake.analytics.window.DayStart;
import io.tapelake.jobs.store.KeptResults;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;

/**
 * Rows that one task computes: some instruments, some days.
 *
 * @param id its place among all units
 * @param firstDay the first UTC day that gets rows, since 1970-01-01
 * @param lastDay the last one
 * @param instruments ascending by name
 * @param decimals how many decimals make integers of Σ price · notional, Σ notional, Σ base volume
 */
public record Unit(int id, long firstDay, long lastDay, List<Member> instruments, int[] decimals)
    implements Serializable {

  public Unit {
    instruments = List.copyOf(instruments);
  }

  /** What its result is kept as. */
  String resultName() {
    return KeptResults.name("derived", this);
  }

  /**
   * An instrument of a unit.
   *
   * @param name its name
   * @param start what the first day starts from, but for its signals
   * @param closeBefore the newest price before the first of the minutes, or null
   * @param lastRow the last minute that may get a row
   * @param sections where its minutes with trades lie, those that are looked back at first
   */
  public record Member(
      String name, DayStart start, BigDecimal closeBefore, long lastRow, List<Section> sections)
      implements Serializable {

    public Member {
      sections = List.copyOf(sections);
    }
  }

  /**
   * A part of a file.
   *
   * @param path below the vault's root
   * @param offset where its records begin
   * @param count how many they are
   */
  public record Section(String path, long offset, int count) implements Serializable {}
}
