package io.tapelake.jobs.published;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.read.RefusedLine;
import io.tapelake.jobs.store.VaultStores;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.RefusalReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QuarantineFileTest {

  private static final String INSTRUMENT = "BTC-USDT-SWAP";
  private static final DayFile FILE = new DayFile(INSTRUMENT, LocalDate.parse("2026-01-02"));

  @TempDir private Path folder;
  private QuarantineFile quarantine;

  @BeforeEach
  void quarantineOneLine() throws IOException {
    quarantine = new QuarantineFile(VaultStores.open(folder.toString(), new Configuration(false)));
    quarantine.append(FILE, 0, List.of(refused(0, "first")));
  }

  @Test
  void linesReplaceWhatWasThere() throws IOException {
    long length = quarantine.replace(FILE, List.of(refused(7, "other")));
    assertThat(text()).hasSize((int) length).contains("\"offset\":7", "other");
    assertThat(names()).containsExactly("2026-01-02.jsonl");
  }

  @Test
  void noLinesAreNoFile() throws IOException {
    assertThat(quarantine.replace(FILE, List.of())).isZero();
    assertThat(names()).isEmpty();
  }

  private static RefusedLine refused(long offset, String text) {
    return new RefusedLine(offset, RefusalReason.values()[0], text);
  }

  private String text() throws IOException {
    return Files.readString(folder.resolve(FILE.quarantinePath()));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> paths = Files.list(folder.resolve(FILE.quarantinePath()).getParent())) {
      return paths.map(path -> path.getFileName().toString()).toList();
    }
  }
}
