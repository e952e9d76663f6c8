package io.tapelake.jobs.run;

import io.tapelake.jobs.Tapelake;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@code run} as a process of its own, on the packaged jars. */
public final class RunProcess implements AutoCloseable {

  /** The exit code of a process that SIGKILL ended, or that halted itself to look like it. */
  public static final int KILLED = 137;

  private static final int MINUTES_AT_MOST = 5;
  private static final int SECONDS_FOR_STACKS = 10;

  private final Process process;
  private final Path output;

  private RunProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * Starts a run.
   *
   * @param asOf as of when, or null for the clock's time
   * @param haltAfter the step after which it ends itself, or null
   * @param options more options
   */
  public static RunProcess start(Path vault, Instant asOf, String haltAfter, String... options)
      throws IOException {
    return start(vault.toString(), asOf, haltAfter, options);
  }

  /** Starts a run on a vault by its folder or URI. */
  public static RunProcess start(String vault, Instant asOf, String haltAfter, String... options)
      throws IOException {
    return start(
        "run",
        vault,
        asOf,
        haltAfter == null ? List.of() : List.of("-Dtapelake.halt-after=" + haltAfter),
        options);
  }

  /**
   * Starts a run that stops after a step, as SIGSTOP lets it, until it is sent SIGCONT.
   *
   * @param step null for none
   */
  static RunProcess startFrozenAfter(String step, String vault, Instant asOf) throws IOException {
    return start(
        "run", vault, asOf, step == null ? List.of() : List.of("-Dtapelake.freeze-after=" + step));
  }

  /** Starts a backfill that ends itself after a step. */
  static RunProcess startBackfill(Path vault, Instant asOf, String haltAfter, String... options)
      throws IOException {
    return start(
        "backfill", vault.toString(), asOf, List.of("-Dtapelake.halt-after=" + haltAfter), options);
  }

  /** Starts the upkeep of the tables, which ends itself after a step. */
  static RunProcess startMaintain(Path vault, String haltAfter) throws IOException {
    return start("maintain", vault.toString(), null, List.of("-Dtapelake.halt-after=" + haltAfter));
  }

  private static RunProcess start(
      String verb, String vault, Instant asOf, List<String> settings, String... options)
      throws IOException {
    List<String> command = new ArrayList<>(java());
    command.addAll(List.of("-cp", PackagedClasses.path()));
    command.addAll(settings);
    System.getProperties()
        .forEach(
            (key, value) -> {
              if (key.toString().startsWith("spark.hadoop.")) {
                command.add("-D%s=%s".formatted(key, value));
              }
            });
    command.addAll(List.of(Tapelake.class.getName(), verb, "--verbose", "--master", "local[2]"));
    command.addAll(List.of("--vault", vault));
    if (asOf != null) {
      command.addAll(List.of("--as-of", asOf.toString()));
    }
    command.addAll(List.of(options));
    Path output = Files.createTempFile("run", ".out");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    return new RunProcess(
        builder.redirectErrorStream(true).redirectOutput(output.toFile()).start(), output);
  }

  /** Java with what Spark wants of it, for a short life: as this one. */
  private static List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (option.startsWith("--") || option.startsWith("-XX:")) {
        command.add(option);
      }
    }
    command.add("-Xmx1g");
    command.addAll(List.of("-Duser.timezone=UTC", "-Dfile.encoding=UTF-8"));
    return command;
  }

  long pid() {
    return process.pid();
  }

  public String output() throws IOException {
    return Files.readString(output);
  }

  /** Waits until it stands still, or has ended; whether it stands still. */
  boolean isStopped() throws IOException, InterruptedException {
    Path status = Path.of("/proc", Long.toString(pid()), "status");
    while (!endsWithin(20)) {
      if (Files.readString(status).contains("State:\tT")) {
        return true;
      }
    }
    return false;
  }

  /** Waits for its end; the exit code. */
  public int await() throws IOException, InterruptedException {
    if (!process.waitFor(MINUTES_AT_MOST, TimeUnit.MINUTES)) {
      String state = Files.readString(Path.of("/proc", Long.toString(pid()), "status"));
      String children = process.descendants().map(ProcessHandle::info).toList().toString();
      // Its threads' stacks, and no end of it: a JVM writes them where it writes all else.
      signal("QUIT");
      endsWithin(SECONDS_FOR_STACKS * 1000L);
      throw new AssertionError(
          "not done after %d minutes: %s, its children %s: %s"
              .formatted(MINUTES_AT_MOST, state, children, output()));
    }
    return process.exitValue();
  }

  /** Whether it ended by itself within a time. */
  boolean endsWithin(long millis) throws InterruptedException {
    return process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /** Sends it a signal by name, such as STOP. */
  void signal(String name) throws IOException, InterruptedException {
    // The shell's own: the program of this name is not on every system.
    String command = "kill -%s %d".formatted(name, process.pid());
    new ProcessBuilder("sh", "-c", command).start().waitFor();
  }

  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    Files.deleteIfExists(output);
  }
}
