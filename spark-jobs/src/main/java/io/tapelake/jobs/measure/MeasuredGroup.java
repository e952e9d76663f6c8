package io.tapelake.jobs.measure;

import io.tapelake.jobs.parquet.WrittenFile;
import java.io.Serializable;
import java.util.List;

/**
 * What a group of raw files came to.
 *
 * @param bucket which instruments these are
 * @param epochDay the UTC day, since 1970-01-01
 * @param rows the file of {@code bars_1m}'s rows that later tasks read; null without any
 * @param rowsBytes its length
 * @param bars the file of {@code bars_1m}; null without any
 * @param trades the file of {@code trades}; null without any
 * @param days what each raw file came to
 */
public record MeasuredGroup(
    int bucket,
    long epochDay,
    String rows,
    long rowsBytes,
    WrittenFile bars,
    WrittenFile trades,
    List<MeasuredDay> days)
    implements Serializable {

  public MeasuredGroup {
    days = List.copyOf(days);
  }

  /** Whether nothing is wrong with any of the files, nor with any of their lines. */
  public boolean isSound() {
    return days.stream()
        .allMatch(day -> day.problem() == null && day.cursor().quarantineBytes() == 0);
  }
}
