package io.tapelake.jobs.oracle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Copies of vaults, since the job writes to what it is given. */
final class VaultCopy {

  private VaultCopy() {}

  /** Copies a vault's raw files, and nothing else, to a vault that does not exist yet. */
  static void rawFiles(Path vault, Path copy) throws IOException {
    Path raw = vault.resolve(RandomVault.RAW);
    try (Stream<Path> paths = Files.walk(raw)) {
      for (Path path : paths.toList()) {
        Path target = copy.resolve(RandomVault.RAW).resolve(raw.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }
}
