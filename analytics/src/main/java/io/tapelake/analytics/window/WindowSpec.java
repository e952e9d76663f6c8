package io.tapelake.analytics.window;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A rolling window by its name: {@code 15m}, {@code 1h}, {@code 1d}.
 *
 * @param name as configured; part of column and key names
 * @param minutes whole minutes it covers, the labelled minute included
 */
public record WindowSpec(String name, int minutes) implements Serializable {

  /** Seven days. */
  public static final int MAX_MINUTES = 7 * 1440;

  private static final Pattern NAME = Pattern.compile("([1-9][0-9]{0,4})([mhd])");

  /**
   * The window with that name.
   *
   * @throws IllegalArgumentException when the name is not a number of minutes, hours or days
   *     between 1 minute and 7 days
   */
  public static WindowSpec parse(String name) {
    Matcher matcher = NAME.matcher(name);
    if (matcher.matches()) {
      int unit =
          switch (matcher.group(2)) {
            case "m" -> 1;
            case "h" -> 60;
            default -> 1440;
          };
      int minutes = Integer.parseInt(matcher.group(1)) * unit;
      if (minutes <= MAX_MINUTES) {
        return new WindowSpec(name, minutes);
      }
    }
    throw new IllegalArgumentException(
        "unknown window '" + name + "': give minutes, hours or days from 1m to 7d, such as 1h,4h");
  }

  /**
   * The windows of a comma-separated list, in its order.
   *
   * @throws IllegalArgumentException when one is unknown or stands twice, or there is none
   */
  public static List<WindowSpec> parseList(String names) {
    List<WindowSpec> windows = new ArrayList<>();
    Set<Integer> lengths = new HashSet<>();
    for (String name : Arrays.asList(names.split(",", -1))) {
      WindowSpec window = parse(name.strip());
      if (!lengths.add(window.minutes())) {
        throw new IllegalArgumentException(
            "window '" + window.name() + "' stands twice in '" + names + "': name each once");
      }
      windows.add(window);
    }
    return List.copyOf(windows);
  }
}
