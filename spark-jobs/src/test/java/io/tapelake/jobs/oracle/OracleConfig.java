package io.tapelake.jobs.oracle;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What the outputs depend on beside the raw files and the as-of instant.
 *
 * @param instruments which folders are read; empty for all
 */
record OracleConfig(
    List<Window> windows, Duration grace, BigDecimal maxRefusedRatio, Set<String> instruments) {

  static OracleConfig ofWindows(String names) {
    return new OracleConfig(
        Window.list(names), Duration.ofSeconds(10), new BigDecimal("0.01"), Set.of());
  }

  OracleConfig only(Set<String> names) {
    return new OracleConfig(windows, grace, maxRefusedRatio, names);
  }

  int longestWindow() {
    return windows.stream().mapToInt(Window::minutes).max().orElseThrow();
  }
}
