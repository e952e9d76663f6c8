package io.tapelake.jobs.cli;

import io.tapelake.jobs.outcome.RunSummary;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The summaries of the last runs, one line each, in {@code state/vwap/runs.jsonl}. */
record RunLog(VaultStore store) {

  private static final String PATH = VaultLayout.JOB_STATE + "/runs.jsonl";

  /** Adds a run; a file that has become long enough is cut to its newer half. */
  void add(RunSummary summary) throws IOException {
    byte[] line = (summary.json() + "\n").getBytes(StandardCharsets.UTF_8);
    long length = withoutTornLine();
    if (length + line.length <= store.mostOfALog()) {
      store.append(PATH, length, line);
      return;
    }
    byte[] all = store.read(PATH);
    int from = all.length / 2;
    while (from < all.length && all[from - 1] != '\n') {
      from++;
    }
    int kept = from;
    store.replace(
        PATH,
        out -> {
          out.write(all, kept, all.length - kept);
          out.write(line);
        });
  }

  /** The file's length, after a line that a crash cut off is taken away. */
  private long withoutTornLine() throws IOException {
    long length = Math.max(0, store.length(PATH));
    if (length == 0) {
      return 0;
    }
    try (InputStream last = store.open(PATH, length - 1)) {
      if (last.read() == '\n') {
        return length;
      }
    }
    byte[] all = store.read(PATH);
    int whole = all.length;
    while (whole > 0 && all[whole - 1] != '\n') {
      whole--;
    }
    store.truncate(PATH, whole);
    return whole;
  }
}
