package io.tapelake.analytics.signal;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the machine remembers from one minute to the next. States are equal when their texts are.
 *
 * @param cross the side of the faster VWAP: 1 above the slower, −1 below, 0 not known
 * @param windows what is remembered of each window, by its name
 */
public record SignalState(int cross, SortedMap<String, OfWindow> windows) {

  /** Before the first minute. */
  public static final SignalState START = new SignalState(0, new TreeMap<>());

  /**
   * What is remembered of a window.
   *
   * @param since the start of its anchored frame; 0 of a rolling window
   * @param deviation whether the close is far above (1) or below (−1) its VWAP
   * @param side whether the close is above (1) or below (−1) it for the flow signals
   * @param flow whether takers buy (1) or sell (−1)
   * @param level its VWAP as a level
   */
  record OfWindow(long since, int deviation, int side, int flow, LevelState level) {

    static final OfWindow START = new OfWindow(0, 0, 0, 0, LevelState.UNKNOWN);
  }

  public SignalState {
    windows = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(windows));
  }

  /** The state as text, such as {@code 1;1h:0:0,1,-1:1,AWAY,0,0,0}. */
  public String text() {
    StringBuilder text = new StringBuilder().append(cross);
    for (Map.Entry<String, OfWindow> each : windows.entrySet()) {
      OfWindow window = each.getValue();
      text.append(';')
          .append(each.getKey())
          .append(':')
          .append(window.since)
          .append(':')
          .append(window.deviation)
          .append(',')
          .append(window.side)
          .append(',')
          .append(window.flow)
          .append(':')
          .append(window.level.text());
    }
    return text.toString();
  }

  /**
   * The state of a text; the first one of null.
   *
   * @throws IllegalArgumentException when it is not a state's
   */
  public static SignalState parse(String text) {
    if (text == null) {
      return START;
    }
    try {
      String[] parts = text.split(";", -1);
      TreeMap<String, OfWindow> windows = new TreeMap<>();
      for (int i = 1; i < parts.length; i++) {
        String[] fields = parts[i].split(":", -1);
        String[] sides = fields[2].split(",", -1);
        windows.put(
            fields[0],
            new OfWindow(
                Long.parseLong(fields[1]),
                Integer.parseInt(sides[0]),
                Integer.parseInt(sides[1]),
                Integer.parseInt(sides[2]),
                LevelState.parse(fields[3])));
      }
      return new SignalState(Integer.parseInt(parts[0]), windows);
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException("not a state of signals: '" + text + "'", e);
    }
  }
}
