package io.tapelake.jobs.measure;

import io.tapelake.jobs.plan.FileWork;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Raw files of one UTC day whose minutes and trades share a file of their table.
 *
 * @param bucket which instruments these are; the same ones on each day
 * @param epochDay the day, since 1970-01-01
 * @param files ascending by instrument
 */
public record DayGroup(int bucket, long epochDay, List<FileWork> files) implements Serializable {

  public DayGroup {
    files = List.copyOf(files);
  }

  /** The same without some files. */
  DayGroup without(List<FileWork> others) {
    List<FileWork> left = new ArrayList<>(files);
    left.removeAll(others);
    return new DayGroup(bucket, epochDay, left);
  }
}
