package io.tapelake.jobs.observe;

import io.tapelake.metrics.LoopbackServer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Who is told of the figures of runs. */
public final class MetricsOptions {

  private static final int MAX_PORT = 65_535;

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  private Path file;
  private JobMetrics metrics;

  @Option(
      names = "--metrics-file",
      paramLabel = "FILE.prom",
      description =
          "write the figures for node_exporter's textfile collector; counters go on from the file"
              + " that is there")
  void file(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    if (!path.toString().endsWith(".prom") || !Files.isDirectory(folder)) {
      throw new ParameterException(
          spec.commandLine(),
          "--metrics-file %s: give a name that ends in .prom in a folder that is there"
              .formatted(path));
    }
    file = path;
  }

  /** The figures of this process's runs. */
  public JobMetrics metrics() {
    if (metrics == null) {
      metrics = new JobMetrics();
      if (file != null && Files.exists(file)) {
        try {
          metrics.continueFrom(Files.readAllLines(file));
        } catch (IOException | IllegalArgumentException e) {
          warn("cannot read " + file + ", its counters begin anew: " + e);
        }
      }
    }
    return metrics;
  }

  /** A run ended: notes it, and writes the file where one is wanted. */
  public void ended(Instant when, int exitCode) {
    metrics().ended(when, exitCode);
    if (file == null) {
      return;
    }
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.write(fresh, metrics.figures().text());
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      warn("cannot write " + file + ": " + e);
    }
  }

  /**
   * Serves the figures until closed. Runs go on where the port cannot be had.
   *
   * @param port 0 picks a free one, -1 means none
   */
  public Closeable serve(int port) {
    if (port < -1 || port > MAX_PORT) {
      throw new ParameterException(
          spec.commandLine(),
          "--observe-port %d is none; give one up to 65535, 0 for a free one, or -1 for none"
              .formatted(port));
    }
    if (port < 0) {
      return () -> {};
    }
    try {
      LoopbackServer server = new LoopbackServer(port, metrics().figures()).start();
      System.err.println("tapelake: metrics at http://127.0.0.1:" + server.port() + "/metrics");
      return server;
    } catch (IOException e) {
      warn("port " + port + " cannot be used, no metrics: " + e.getMessage());
      return () -> {};
    }
  }

  private static void warn(String message) {
    System.err.println("tapelake: warning: " + message);
  }
}
