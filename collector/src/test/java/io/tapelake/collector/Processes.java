package io.tapelake.collector;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Starts the built jars as real processes and looks at them from outside. */
final class Processes {

  /** What the launcher gives the collector, too. */
  static final List<String> SMALL =
      List.of(
          "-Xmx24m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xss256k",
          "-XX:ReservedCodeCacheSize=24m");

  private static final Path COLLECTOR = Path.of("target", "tapelake-collector.jar");
  private static final Path SIMULATOR =
      Path.of("..", "simulator", "target", "tapelake-simulator.jar");
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private Processes() {}

  /** Starts a verb; what it prints is appended to a file. */
  static Process start(List<String> flags, Path log, List<String> arguments) throws IOException {
    boolean simulate = arguments.get(0).equals("simulate");
    Path jar = simulate ? SIMULATOR : COLLECTOR;
    if (!Files.exists(jar)) {
      throw new IOException(jar.toAbsolutePath() + " is missing; build it with mvn package");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-jar");
    command.add(jar.toString());
    command.addAll(simulate ? arguments.subList(1, arguments.size()) : arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .redirectInput(new File("/dev/null"))
        .start();
  }

  /** A port for a process yet to come: none of those that the system gives to connections. */
  static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      try (ServerSocket socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // Somebody has it: another one.
      }
    }
  }

  /** What is served at a loopback port, or an empty text when nothing is. */
  static String read(int port, String path) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(5))
            .build();
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      return "";
    }
  }

  /** The sum of a metric over all instruments; -1 when the process does not answer. */
  static long metric(int port, String name) throws InterruptedException {
    String text = read(port, "/metrics");
    if (text.isEmpty()) {
      return -1;
    }
    return text.lines()
        .filter(line -> line.startsWith("tapelake_collector_" + name))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Waits until something holds; fails when it does not in time. */
  static void await(String what, Duration patience, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + patience.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + patience + ": " + what);
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  /** Asks a process to end and returns its exit code. */
  static int end(Process process) throws InterruptedException {
    return end(process, Duration.ofSeconds(20));
  }

  /** Asks a process to end, which it may take a while for, and returns its exit code. */
  static int end(Process process, Duration patience) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("the process did not end within %s of SIGTERM".formatted(patience));
    }
    return process.exitValue();
  }
}
