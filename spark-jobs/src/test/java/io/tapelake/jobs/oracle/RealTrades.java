package io.tapelake.jobs.oracle;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the recorded trades lie that are not part of the project: beside it, or nowhere. */
final class RealTrades {

  static final String VAULT = "vault-2024-08-08";
  static final String MINUTES = "exchange-minutes-2024-08-08.csv";

  private RealTrades() {}

  /** {@code shared/data/real} in the folder that holds the project's. */
  static Optional<Path> folder() {
    Path module = Path.of("").toAbsolutePath();
    Path project = module.endsWith("spark-jobs") ? module.getParent() : module;
    return Optional.of(project.resolveSibling("shared").resolve("data/real"))
        .filter(Files::isDirectory);
  }
}
