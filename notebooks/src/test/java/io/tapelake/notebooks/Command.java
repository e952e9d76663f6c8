package io.tapelake.notebooks;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that is run to its end, on what this build has packaged. */
final class Command {

  /**
   * For a JVM that lives for seconds: its own start is most of what it does, and to compile a query
   * over some rows takes longer than to run it. They are this JVM's own, from the pom.
   */
  static final List<String> SHORT_LIVED =
      ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
          .filter(flag -> flag.startsWith("-XX:") || flag.startsWith("-Dspark."))
          .toList();

  private static final int MINUTES_AT_MOST = 10;

  static {
    // Each of the many starts that follow is shorter for it.
    try {
      ProcessBuilder prepare =
          new ProcessBuilder(project().resolve("tapelake").toString(), "prepare")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD);
      prepare.environment().put("TAPELAKE_BUILD", "off");
      prepare.start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();

  Command(Path folder) {
    this.folder = folder;
    environment.put("TAPELAKE_BUILD", "off");
    environment.put("TAPELAKE_INSTALL", "off");
    environment.put("TAPELAKE_DRIVER_MEMORY", "1g");
    environment.put("TAPELAKE_JVM", String.join(" ", SHORT_LIVED));
    environment.put("SPARK_HOME", "");
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put("JUPYTER_DATA_DIR", folder.resolve("jupyter").toString());
    environment.put("JUPYTER_RUNTIME_DIR", folder.resolve("jupyter-runtime").toString());
    environment.put("IPYTHONDIR", folder.resolve("ipython").toString());
  }

  /** The folder that holds the launcher. */
  static Path project() {
    return Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
  }

  Command with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /**
   * Runs a program.
   *
   * @return all it printed
   */
  String run(int expectedExitCode, List<String> words) throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "command", ".out");
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      if (!process.waitFor(MINUTES_AT_MOST, TimeUnit.MINUTES)
          || process.exitValue() != expectedExitCode) {
        throw new AssertionError(words + " did not end well:\n" + Files.readString(output));
      }
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(output);
  }
}
