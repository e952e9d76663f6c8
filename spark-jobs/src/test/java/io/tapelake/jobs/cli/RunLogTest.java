package io.tapelake.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.outcome.RunSummary;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.store.VaultStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLogTest {

  private static final Instant START = Instant.parse("2025-12-14T00:00:00Z");

  /** As many as some days of runs a minute, of which the file cannot hold all. */
  private static final int MEBIBYTES_AT_MOST = 5;

  @TempDir private Path vault;

  @Test
  void oneLineARun() throws IOException {
    RunLog log = new RunLog(store());
    log.add(summary(0, ""));
    log.add(summary(1, ""));
    assertThat(lines()).hasSize(2);
    assertThat(lines().get(1)).startsWith("{").endsWith("}").contains("2025-12-14T00:01:00Z");
  }

  @Test
  void theFileStaysBoundedAndKeepsTheNewestWholeLines() throws IOException {
    RunLog log = new RunLog(store());
    String warning = "x".repeat(50_000);
    long largest = 0;
    for (int i = 0; i < 200; i++) {
      log.add(summary(i, warning));
      largest = Math.max(largest, Files.size(file()));
    }
    assertThat(largest).isLessThanOrEqualTo((long) MEBIBYTES_AT_MOST << 20);
    List<String> lines = lines();
    assertThat(lines).hasSizeBetween(30, 120).allMatch(line -> line.startsWith("{\""));
    assertThat(lines.get(lines.size() - 1)).contains(START.plusSeconds(60 * 199).toString());
  }

  @Test
  void aLineThatACrashCutOffIsNotContinued() throws IOException {
    RunLog log = new RunLog(store());
    log.add(summary(0, ""));
    Files.writeString(file(), "{\"started\":\"20", java.nio.file.StandardOpenOption.APPEND);
    log.add(summary(1, ""));
    assertThat(lines()).hasSize(2).noneMatch(line -> line.contains("20{"));
    assertThat(lines().get(1)).contains("2025-12-14T00:01:00Z").endsWith("}");
  }

  private static RunSummary summary(int minute, String warning) {
    RunSummary summary = new RunSummary("run", START.plusSeconds(60L * minute));
    summary.asOf(START.plusSeconds(60L * minute));
    if (!warning.isEmpty()) {
      summary.warn(warning);
    }
    return summary;
  }

  private VaultStore store() throws IOException {
    return VaultStores.open(vault.toString(), new Configuration(false));
  }

  private Path file() {
    return vault.resolve("state/vwap/runs.jsonl");
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(file());
  }
}
