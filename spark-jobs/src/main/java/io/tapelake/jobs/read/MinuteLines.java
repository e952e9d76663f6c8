package io.tapelake.jobs.read;

import java.io.Serializable;
import java.util.List;

/**
 * Where in a raw file the trades of a minute stand, other lines among them.
 *
 * @param minute minutes since 1970-01-01T00:00Z
 * @param spans ascending
 */
public record MinuteLines(long minute, List<LineSpan> spans) implements Serializable {

  public MinuteLines {
    spans = List.copyOf(spans);
  }
}
