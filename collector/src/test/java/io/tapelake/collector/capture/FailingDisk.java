package io.tapelake.collector.capture;

import io.tapelake.collector.write.VaultFiles;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** Makes the files of one instrument unwritable for a while, also for root. */
final class FailingDisk {

  private FailingDisk() {}

  static void between(World world, Path vault, String instrument, Instant from, Instant to) {
    // Where the lock of its files should be there is a folder.
    Path lock = vault.resolve(VaultLayout.collectorState(instrument));
    Path folder = lock.resolveSibling(instrument + ".lock");
    world.at(
        from,
        () -> {
          try {
            Files.deleteIfExists(folder);
            VaultFiles.createFolder(folder);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    world.at(
        to,
        () -> {
          try {
            Files.delete(folder);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
