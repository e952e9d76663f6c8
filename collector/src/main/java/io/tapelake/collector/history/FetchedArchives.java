package io.tapelake.collector.history;

import io.tapelake.collector.write.VaultFiles;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Set;

/**
 * Which official files of an instrument have been fetched and merged, so that a fetch that was
 * interrupted goes on where it was: a line {@code ARCHIVE-DAY UTC-DAY} for each.
 */
final class FetchedArchives {

  private final Path file;
  private final Set<String> done = new HashSet<>();

  FetchedArchives(Path vault, String instrument) throws IOException {
    file = vault.resolve(VaultLayout.collectorFile(instrument, ".fetched.txt"));
    if (Files.exists(file)) {
      done.addAll(Files.readAllLines(file, StandardCharsets.UTF_8));
    }
  }

  boolean has(LocalDate archiveDay, LocalDate utcDay) {
    return done.contains(archiveDay + " " + utcDay);
  }

  void add(LocalDate archiveDay, LocalDate utcDay) throws IOException {
    if (done.add(archiveDay + " " + utcDay)) {
      VaultFiles.appendLine(file, archiveDay + " " + utcDay);
    }
  }
}
