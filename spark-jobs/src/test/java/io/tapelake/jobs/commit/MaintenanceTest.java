package io.tapelake.jobs.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.store.VaultStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When tables are due for upkeep. */
final class MaintenanceTest {

  private static final String FIRST = "2026-01-02T10:00:00Z";

  @TempDir private Path vault;

  private VaultStore store;

  @BeforeEach
  void open() throws IOException {
    store = VaultStores.open(vault.toString(), new Configuration());
  }

  @Test
  void itIsDueADayAfterTheLastTime() throws IOException {
    assertThat(isDue(FIRST)).as("a new vault").isFalse();
    assertThat(isDue("2026-01-03T10:00:00Z")).isFalse();
    assertThat(isDue("2026-01-03T10:00:01Z")).isTrue();
  }

  @Test
  void itIsDueWhenNobodyKnowsTheLastTime() throws IOException {
    isDue(FIRST);
    for (String damaged : new String[] {"", "{", "[]", "{\"at\":\"yesterday\"}"}) {
      Files.writeString(vault.resolve("state/vwap/maintained.json"), damaged);
      assertThat(isDue(FIRST)).as(damaged).isTrue();
    }
  }

  /** The clock was ten years ahead for one run. */
  @Test
  void itIsDueWhenTheLastTimeIsInTheFuture() throws IOException {
    isDue("2036-01-02T10:00:00Z");
    assertThat(isDue(FIRST)).isTrue();
  }

  private boolean isDue(String now) throws IOException {
    return Maintenance.isDue(store, Clock.fixed(Instant.parse(now), ZoneOffset.UTC));
  }
}
