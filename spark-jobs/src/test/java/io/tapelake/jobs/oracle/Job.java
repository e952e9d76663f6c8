package io.tapelake.jobs.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.Tapelake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The job as its user calls it, in this JVM. */
final class Job {

  private Job() {}

  /** Runs a verb on a vault and returns the exit code. */
  static int execute(
      String verb, Path vault, OracleConfig config, Instant asOf, String... further) {
    LocalSpark.session();
    List<String> arguments = new ArrayList<>(List.of(verb, "--vault", vault.toString()));
    arguments.addAll(List.of("--as-of", asOf.toString(), "--windows", windows(config)));
    if (!config.analytics()) {
      arguments.add("--no-analytics");
    }
    for (OracleConfig.Anchor anchor : config.anchors()) {
      arguments.addAll(List.of("--anchor", anchor.name() + "=" + anchor.start()));
    }
    if (!config.instruments().isEmpty()) {
      arguments.addAll(List.of("--instruments", String.join(",", config.instruments())));
    }
    arguments.addAll(List.of("--config", configuration(vault, config).toString()));
    arguments.addAll(List.of(further));
    arguments.add("--verbose");
    return Tapelake.execute(arguments.toArray(String[]::new));
  }

  /** Runs a verb that has to end well, or with 4 when a file is broken. */
  static void succeeds(
      String label,
      Expected expected,
      String verb,
      Path vault,
      OracleConfig config,
      Instant asOf,
      String... further) {
    assertThat(execute(verb, vault, config, asOf, further))
        .as("%s: exit code of %s, broken files %s", label, verb, expected.broken())
        .isEqualTo(expected.broken().isEmpty() ? 0 : 4);
  }

  /** What no option says. By their names every second vault is made by Spark's tasks. */
  private static Path configuration(Path vault, OracleConfig config) {
    String name = vault.getFileName().toString();
    String lines = "job.inline-megabytes=" + (name.hashCode() % 2 == 0 ? 0 : 64) + "\n";
    if (config.cvdOrigin() != null) {
      lines += "job.cvd-origin=" + config.cvdOrigin() + "\n";
    }
    try {
      return Files.writeString(vault.resolveSibling(name + ".properties"), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String windows(OracleConfig config) {
    return config.windows().stream().map(Window::name).collect(Collectors.joining(","));
  }
}
