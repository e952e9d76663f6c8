package io.tapelake.jobs.increment;

import io.tapelake.analytics.window.MinuteRange;
import java.util.ArrayList;
import java.util.List;

/**
 * Minutes of one instrument whose rows are computed and written at once.
 *
 * @param change why they are due
 * @param range the minutes whose rows are replaced or added
 * @param due those of them that can have rows; null for none
 */
record Stretch(InstrumentChange change, MinuteRange range, MinuteRange due) {

  /** How many times as many minutes a block may look at as it has: they take less room. */
  private static final int VIEW = 12;

  String instrument() {
    return change.instrument();
  }

  /**
   * What changes make due, ascending by instrument and minute, in blocks of at most so many
   * minutes; a row looks at {@code lookback} minutes before it.
   */
  static List<List<Stretch>> blocks(List<InstrumentChange> changes, int most, int lookback) {
    List<List<Stretch>> blocks = new ArrayList<>();
    long room = 0;
    long view = 0;
    for (InstrumentChange change : changes) {
      for (Stretch stretch : of(change, most)) {
        long minutes = stretch.range().to() - stretch.range().from() + 1;
        if (minutes > room || minutes + lookback > view) {
          blocks.add(new ArrayList<>());
          room = most;
          view = Math.max((long) VIEW * most, minutes + lookback);
        }
        blocks.get(blocks.size() - 1).add(stretch);
        room -= minutes;
        view -= minutes + lookback;
      }
    }
    return blocks;
  }

  private static List<Stretch> of(InstrumentChange change, int most) {
    List<Stretch> stretches = new ArrayList<>();
    List<MinuteRange> due = change.rowsDue();
    for (MinuteRange range : due) {
      for (long from = range.from(); from <= range.to(); from += most) {
        MinuteRange part = new MinuteRange(from, Math.min(range.to(), from + most - 1));
        stretches.add(new Stretch(change, part, part));
      }
    }
    for (MinuteRange replaced : change.rowsReplaced()) {
      for (MinuteRange left : replaced.without(due)) {
        stretches.add(new Stretch(change, left, null));
      }
    }
    return stretches;
  }
}
