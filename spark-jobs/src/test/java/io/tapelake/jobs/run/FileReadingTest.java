package io.tapelake.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tapelake.analytics.window.WindowSpec;
import io.tapelake.jobs.outcome.ExitCode;
import io.tapelake.jobs.outcome.JobException;
import io.tapelake.jobs.outcome.RunSummary;
import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.plan.FileWork;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.session.SparkStart;
import io.tapelake.jobs.store.VaultStores;
import io.tapelake.vault.DayFile;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What it means that a file could not be read where the work is done. */
final class FileReadingTest {

  private static final DayFile FILE = new DayFile("A", LocalDate.parse("2026-01-02"));

  @TempDir private Path vault;

  private final RunSummary summary = new RunSummary("backfill", Instant.EPOCH);
  private FileReading reading;

  @BeforeEach
  void open() throws IOException {
    OutputSettings settings =
        new OutputSettings(
            List.of(WindowSpec.parse("5m")), Duration.ofSeconds(10), BigDecimal.ONE, true);
    Path path = vault.resolve(FILE.rawPath());
    Files.createDirectories(path.getParent());
    Files.writeString(path, "twelve bytes");
    reading =
        new FileReading(
            new SparkStart("local"),
            VaultStores.open(vault.toString(), new Configuration()),
            settings,
            1 << 20);
  }

  /** An executor without the vault does not make a hole of every day. */
  @Test
  void whatCanBeReadHereEndsTheRun() {
    assertThatThrownBy(
            () -> reading.failInTask(work(12), "FileNotFoundException: " + FILE, summary))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("executors must see the vault")
        .satisfies(
            refusal -> assertThat(((JobException) refusal).exitCode()).isEqualTo(ExitCode.FAILED));
    assertThat(summary.problems()).isEmpty();
  }

  @Test
  void whatCannotBeReadHereEitherIsLeftAlone() throws IOException {
    reading.failInTask(work(13), "EOFException: it ends too early", summary);
    Files.delete(vault.resolve(FILE.rawPath()));
    reading.failInTask(work(12), "FileNotFoundException: gone", summary);
    assertThat(summary.problems()).hasSize(2).allMatch(each -> each.contains(FILE.rawPath()));
    assertThat(reading.failed()).containsOnlyKeys(FILE);
  }

  private static FileWork work(long length) {
    return new FileWork(
        FILE, FILE.rawPath(), length, 0, FileWork.Mode.REBUILD, FileCursor.START, 0, null);
  }
}
