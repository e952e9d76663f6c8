package io.tapelake.jobs.oracle;

import java.util.Arrays;
import java.util.List;

/**
 * A rolling window as it is configured: {@code 15m}, {@code 4h}, {@code 1d}.
 *
 * @param name as configured, which is also the suffix of its columns
 * @param minutes how many whole minutes it covers
 */
record Window(String name, int minutes) {

  static Window of(String name) {
    int count = Integer.parseInt(name.substring(0, name.length() - 1));
    return switch (name.charAt(name.length() - 1)) {
      case 'm' -> new Window(name, count);
      case 'h' -> new Window(name, 60 * count);
      case 'd' -> new Window(name, 1_440 * count);
      default -> throw new IllegalArgumentException("no window: " + name);
    };
  }

  static List<Window> list(String names) {
    return Arrays.stream(names.split(",")).map(Window::of).toList();
  }
}
