package io.tapelake.jobs.derive;

import io.tapelake.jobs.derive.Unit.Section;
import io.tapelake.jobs.export.Export;
import io.tapelake.jobs.parquet.WrittenFile;
import io.tapelake.jobs.table.Derived;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What a unit's task left.
 *
 * @param id the unit's
 * @param files by table the files that were written
 * @param scratch files for later tasks, with their lengths
 * @param segments parts of exports
 * @param days the days that have rows, and where what their signals are made of lies
 */
public record DerivedUnit(
    int id,
    Map<Derived, List<WrittenFile>> files,
    Map<String, Long> scratch,
    List<Segment> segments,
    List<Day> days)
    implements Serializable {

  /**
   * A part of an instrument's export.
   *
   * @param path of the file that holds it, below the vault's root
   * @param from where it begins there
   * @param to where it ends
   */
  public record Segment(Export export, String instrument, String path, long from, long to)
      implements Serializable {}

  /**
   * A day of an instrument that has rows.
   *
   * @param epochDay the UTC day, since 1970-01-01
   * @param rows how many
   * @param signals what the signals are made of, a record a row; null without analytics
   */
  public record Day(String instrument, long epochDay, int rows, Section signals)
      implements Serializable {}
}
