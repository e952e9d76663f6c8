package io.tapelake.jobs;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The launcher script, run as a process of its own on what this build has packaged. */
final class Launcher {

  /** How a process ended and what it printed. */
  record Outcome(int exitCode, List<String> output, List<String> errors) {}

  private static final int MINUTES_AT_MOST = 5;

  private final Path script;
  private final Path workingFolder;
  private final Map<String, String> environment = new HashMap<>();

  private Launcher(Path script, Path workingFolder) {
    this.script = script;
    this.workingFolder = workingFolder;
    // Maven is building right now, and no test is to wait for the class-data archive.
    environment.put("TAPELAKE_BUILD", "off");
    environment.put("TAPELAKE_CDS", "off");
    environment.put("TAPELAKE_DRIVER_MEMORY", "1g");
    environment.put("SPARK_HOME", "");
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
  }

  /** This checkout's script, started in a folder. */
  static Launcher in(Path workingFolder) {
    return at(project().resolve("tapelake"), workingFolder);
  }

  /** A script under another name, such as a symbolic link. */
  static Launcher at(Path script, Path workingFolder) {
    return new Launcher(script, workingFolder);
  }

  /** The folder that holds the script. */
  static Path project() {
    return module().toAbsolutePath().getParent();
  }

  /** The folder of this module. */
  static Path module() {
    return Path.of(System.getProperty("basedir", ""));
  }

  Launcher with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Runs the script to its end. */
  Outcome run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile("launcher", ".out");
    Path errors = Files.createTempFile("launcher", ".err");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(workingFolder.toFile())
              .redirectInput(new File("/dev/null"))
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile());
      builder.environment().putAll(environment);
      int exitCode = exitCode(builder.start(), errors);
      return new Outcome(exitCode, Files.readAllLines(output), Files.readAllLines(errors));
    } finally {
      Files.delete(output);
      Files.delete(errors);
    }
  }

  private static int exitCode(Process process, Path errors)
      throws IOException, InterruptedException {
    try {
      if (process.waitFor(MINUTES_AT_MOST, TimeUnit.MINUTES)) {
        return process.exitValue();
      }
    } finally {
      process.destroyForcibly();
    }
    throw new AssertionError(
        "not done after %d minutes: %s".formatted(MINUTES_AT_MOST, Files.readString(errors)));
  }
}
