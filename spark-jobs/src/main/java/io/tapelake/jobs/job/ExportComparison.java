package io.tapelake.jobs.job;

import io.tapelake.jobs.publish.VwapExport;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.window.MinuteRange;
import io.tapelake.jobs.window.VwapRow;
import io.tapelake.vault.VaultLayout;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.List;

/** Compares the lines of an export with the rows they should be. */
final class ExportComparison {

  /** Is told of each difference. */
  @FunctionalInterface
  interface Differences {
    void differ(String where, String what, Object... values);
  }

  private final VaultStore store;
  private final VwapExport export;

  ExportComparison(VaultStore store, VwapExport export) {
    this.store = store;
    this.export = export;
  }

  /** Compares the lines of some minutes with rows, which are all there should be, ascending. */
  void compare(String instrument, List<VwapRow> rows, MinuteRange minutes, Differences differences)
      throws IOException {
    String path = VaultLayout.vwapExport(instrument);
    int next = 0;
    if (store.exists(path)) {
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(store.open(path, 0), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (isOfAnotherMinute(line, minutes)) {
            continue;
          }
          String expected = next < rows.size() ? export.line(rows.get(next)) : "no line";
          if (!line.equals(expected)) {
            differences.differ("export", "has %s, raw files give %s", line, expected);
          }
          next++;
        }
      }
    }
    if (next < rows.size()) {
      differences.differ("export", "ends before %s", export.line(rows.get(next)));
    }
  }

  /** A line without a readable minute is in the way of those that are compared. */
  private static boolean isOfAnotherMinute(String line, MinuteRange minutes) {
    try {
      return !minutes.contains(VwapExport.minute(line));
    } catch (IndexOutOfBoundsException | DateTimeException e) {
      return false;
    }
  }
}
