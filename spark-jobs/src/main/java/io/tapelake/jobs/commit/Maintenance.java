package io.tapelake.jobs.commit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tapelake.jobs.lake.Lake;
import io.tapelake.jobs.outcome.JobException;
import io.tapelake.jobs.outcome.RunSummary;
import io.tapelake.jobs.outcome.Steps;
import io.tapelake.jobs.published.DamagedException;
import io.tapelake.jobs.published.Published;
import io.tapelake.jobs.published.SeenFiles;
import io.tapelake.jobs.published.StagedFiles;
import io.tapelake.jobs.session.SparkStart;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Delta's own upkeep of the tables, by the tables' own settings: small files are put together, and
 * those go that no version needs within the time for which a table keeps them.
 */
public final class Maintenance {

  private static final String PATH = VaultLayout.JOB_STATE + "/maintained.json";
  private static final Duration INTERVAL = Duration.ofDays(1);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SparkStart spark;
  private final VaultStore store;
  private final Clock clock;

  public Maintenance(SparkStart spark, VaultStore store, Clock clock) {
    this.spark = spark;
    this.store = store;
    this.clock = clock;
  }

  /** Whether the last time was a day ago; a new vault has nothing to tidy yet. */
  public static boolean isDue(VaultStore store, Clock clock) throws IOException {
    if (store.exists(PATH)) {
      try {
        Instant last = Instant.parse(JSON.readTree(store.read(PATH)).path("at").asText());
        Instant now = clock.instant();
        // A clock that was ahead once is no reason not to do it for years.
        return last.plus(INTERVAL).isBefore(now) || last.minus(INTERVAL).isAfter(now);
      } catch (JsonProcessingException | DateTimeParseException e) {
        // Nobody knows when that was.
        return true;
      }
    }
    note(store, clock);
    return false;
  }

  private static void note(VaultStore store, Clock clock) throws IOException {
    byte[] note =
        JSON.writeValueAsBytes(JSON.createObjectNode().put("at", clock.instant().toString()));
    store.replace(PATH, out -> out.write(note));
  }

  /** Does it; the caller holds the vault. False when there are no tables. */
  public boolean run(VaultHold hold, RunSummary summary) throws IOException {
    // Also when it fails: it is not tried every minute.
    note(store, clock);
    try {
      Published counts = Recovery.whatCounts(store);
      if (counts == null || counts.settings() == null) {
        return false;
      }
      long fence = Math.max(hold.fence(), counts.fence() + 1);
      StagedFiles staged = new StagedFiles(store);
      Lake lake = new Lake(spark, store, counts.settings(), fence);
      counts =
          new Recovery(spark, staged, lake, new SeenFiles(store))
              .repair(counts, Set.of(), null, summary);
      Publisher publisher = new Publisher(staged, lake, hold, fence, counts);
      maintain(counts.tables().keySet(), lake, publisher, hold);
      return true;
    } catch (IOException | RuntimeException e) {
      DamagedException.tell(e);
      throw e;
    }
  }

  /**
   * Table by table: the files that VACUUM removes may be all that counts has, until what OPTIMIZE
   * made of them counts. What is wrong with one table keeps it from no other.
   */
  private static void maintain(Set<String> tables, Lake lake, Publisher publisher, VaultHold hold)
      throws IOException {
    List<JobException> failures = new ArrayList<>();
    for (String table : tables) {
      hold.check();
      attempt(table, () -> lake.optimize(table), failures);
      publisher.publishTables();
      attempt(table, () -> lake.vacuum(table), failures);
    }
    Steps.done(Steps.MAINTAINED);
    publisher.publishTables();
    if (!failures.isEmpty()) {
      throw failures.get(0);
    }
  }

  private static void attempt(String table, Runnable step, List<JobException> failures) {
    try {
      step.run();
    } catch (Exception e) {
      // Spark's are checked ones, too, which nothing declares.
      if (JobException.isOutOfMemory(e)) {
        throw e;
      }
      failures.add(failure(VaultLayout.table(table), e));
    }
  }

  private static JobException failure(String table, Exception cause) {
    DamagedException damage = DamagedException.in(cause);
    damage = damage == null ? DamagedException.ofTable(cause) : damage;
    return damage == null
        ? JobException.failed(
            "%s could not be maintained (%s); the next time tries again"
                .formatted(table, DamagedException.reason(cause)),
            cause)
        : JobException.needsPerson(damage.withWayOut(), cause);
  }
}
