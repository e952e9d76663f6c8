package io.tapelake.jobs.read;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A stretch of whole lines of a raw file.
 *
 * @param from offset of its first line
 * @param to offset behind the LF of its last line
 */
public record LineSpan(long from, long to) implements Serializable {

  /** The same lines in as few spans as they fit in, ascending. */
  static List<LineSpan> union(List<LineSpan> spans) {
    List<LineSpan> sorted = new ArrayList<>(spans);
    sorted.sort(Comparator.comparingLong(LineSpan::from));
    List<LineSpan> union = new ArrayList<>();
    for (LineSpan span : sorted) {
      LineSpan newest = union.isEmpty() ? null : union.get(union.size() - 1);
      if (newest == null || span.from() > newest.to()) {
        union.add(span);
      } else {
        union.set(union.size() - 1, new LineSpan(newest.from(), Math.max(newest.to(), span.to())));
      }
    }
    return union;
  }

  long length() {
    return to - from;
  }
}
