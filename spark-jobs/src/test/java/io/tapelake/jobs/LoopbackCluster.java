package io.tapelake.jobs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A standalone Spark cluster of real processes on loopback, from the bundled runtime: one Master
 * and two Workers of one core each, on ports that the system gives.
 */
public final class LoopbackCluster implements AutoCloseable {

  private static final Pattern MASTER_URL =
      Pattern.compile("Starting Spark master at (spark://[^ ]+)");
  private static final Pattern REGISTERED = Pattern.compile("Successfully registered with master");

  private final Path runtime;
  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final String url;

  private LoopbackCluster(Path runtime, Path folder) throws IOException, InterruptedException {
    this.runtime = runtime;
    this.folder = folder;
    try {
      url = start("master", MASTER_URL, "Master");
      for (String worker : List.of("worker-1", "worker-2")) {
        String work = folder.resolve(worker).toString();
        start(worker, REGISTERED, "Worker", "-c", "1", "-m", "1g", "--work-dir", work, url);
      }
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Starts the processes; returns when both Workers have registered. */
  public static LoopbackCluster start(Path runtime, Path folder)
      throws IOException, InterruptedException {
    return new LoopbackCluster(runtime, folder);
  }

  /** Such as {@code spark://127.0.0.1:41234}. */
  public String url() {
    return url;
  }

  /** The executors that ran so far, each by its work folder. */
  List<Path> executors() throws IOException {
    try (Stream<Path> paths = Files.find(folder, 4, (path, file) -> path.endsWith("stderr"))) {
      return paths.map(Path::getParent).sorted().toList();
    }
  }

  /**
   * CPU of the executors that have run, once all have ended, as their workers' system counts it.
   */
  public double executorCpuSeconds() throws IOException, InterruptedException {
    for (int waits = 0; waits < 600 && executorProcesses().findAny().isPresent(); waits++) {
      Thread.sleep(50);
    }
    double seconds = 0;
    for (Process process : processes.subList(1, processes.size())) {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      // cutime and cstime: of children that were waited for.
      seconds += (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / 100.0;
    }
    return seconds;
  }

  /** Kills an executor with SIGKILL; false when there is none. */
  boolean killExecutor() {
    return executorProcesses().findFirst().filter(ProcessHandle::destroyForcibly).isPresent();
  }

  /** Kills a Worker with SIGKILL, which takes its executor along. */
  boolean killWorker() {
    Process worker = processes.get(1);
    List<ProcessHandle> executors = worker.descendants().toList();
    worker.destroyForcibly();
    executors.forEach(ProcessHandle::destroyForcibly);
    return !executors.isEmpty();
  }

  private Stream<ProcessHandle> executorProcesses() {
    return processes.subList(1, processes.size()).stream()
        .flatMap(Process::descendants)
        .filter(
            process ->
                process.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"));
  }

  @Override
  public void close() {
    // A Worker takes its executors down when it is asked to end, not when it is killed.
    processes.forEach(Process::destroy);
    for (Process process : processes) {
      try {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Starts one process and returns what its log says when it is ready. */
  private String start(String name, Pattern ready, String role, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(runtime.resolve("bin/spark-class").toString());
    command.add("org.apache.spark.deploy." + role.toLowerCase(Locale.ROOT) + "." + role);
    command.addAll(List.of("--host", "127.0.0.1", "--port", "0", "--webui-port", "0"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "JAVA_HOME", System.getProperty("java.home"),
                // Spark's own log4j2 defaults: what is waited for below is said at INFO.
                "SPARK_CONF_DIR", folder.resolve("no-conf").toString(),
                "SPARK_JAVA_OPTS", "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1",
                "SPARK_LOCAL_IP", "127.0.0.1",
                "SPARK_LOCAL_DIRS", folder.resolve(name + "-local").toString()));
    Process process = builder.start();
    processes.add(process);
    return firstMatch(name, process, ready);
  }

  private static String firstMatch(String name, Process process, Pattern pattern)
      throws InterruptedException {
    CompletableFuture<String> found = new CompletableFuture<>();
    StringBuffer log = new StringBuffer();
    Consumer<String> look =
        line -> {
          log.append(line).append('\n');
          Matcher matcher = pattern.matcher(line);
          if (matcher.find()) {
            found.complete(matcher.group(matcher.groupCount()));
          }
        };
    // Reads to the end, so that the process never blocks on a full pipe.
    Thread reader = new Thread(() -> readLines(process, look, found), name + " log");
    reader.setDaemon(true);
    reader.start();
    try {
      return found.get(2, TimeUnit.MINUTES);
    } catch (TimeoutException | ExecutionException e) {
      throw new IllegalStateException("The " + name + " did not start:\n" + log, e);
    }
  }

  private static void readLines(
      Process process, Consumer<String> consumer, CompletableFuture<String> found) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      lines.lines().forEach(consumer);
    } catch (IOException | UncheckedIOException e) {
      found.completeExceptionally(e);
    }
    found.completeExceptionally(new IllegalStateException("it ended"));
  }
}
