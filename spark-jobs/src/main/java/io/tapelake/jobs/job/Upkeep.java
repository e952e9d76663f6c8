package io.tapelake.jobs.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tapelake.jobs.publish.Lake;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;

/**
 * Keeps the tables small and quick to open although a run a minute makes a commit a minute: small
 * files of the newest days are put together after every {@value #COMMITS} commits, and files that
 * no version of the last seven days needs are removed once a day.
 */
final class Upkeep {

  static final int COMMITS = 60;

  private static final String PATH = VaultLayout.JOB_STATE + "/upkeep.json";
  private static final Duration VACUUM_INTERVAL = Duration.ofDays(1);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final VaultStore store;
  private final Lake lake;
  private final Clock clock;

  Upkeep(VaultStore store, Lake lake, Clock clock) {
    this.store = store;
    this.lake = lake;
    this.clock = clock;
  }

  /**
   * Does what is due after a run that changed the tables.
   *
   * @param before the tables' versions before the run
   * @param newestDay the newest day with trades
   */
  void afterRun(Map<String, Long> before, LocalDate newestDay) throws IOException {
    Map<String, Long> after = lake.versions();
    for (Map.Entry<String, Long> table : after.entrySet()) {
      long old = before.getOrDefault(table.getKey(), -1L);
      if (old >= 0 && old / COMMITS != table.getValue() / COMMITS) {
        lake.compact(table.getKey(), newestDay.minusDays(1));
        Steps.done(Steps.COMPACTION);
      }
    }
    if (isVacuumDue()) {
      lake.vacuum(clock.instant());
      noteVacuum();
    }
  }

  private boolean isVacuumDue() throws IOException {
    if (!store.exists(PATH)) {
      // The first day has nothing to remove yet.
      noteVacuum();
      return false;
    }
    JsonNode node = JSON.readTree(store.read(PATH));
    Instant last = Instant.parse(node.required("last_vacuum").asText());
    return last.plus(VACUUM_INTERVAL).isBefore(clock.instant());
  }

  private void noteVacuum() throws IOException {
    byte[] note =
        JSON.writeValueAsBytes(
            JSON.createObjectNode().put("last_vacuum", clock.instant().toString()));
    store.replace(PATH, out -> out.write(note));
  }
}
