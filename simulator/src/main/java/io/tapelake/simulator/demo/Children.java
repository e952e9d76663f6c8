package io.tapelake.simulator.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The verbs that the demo runs as processes of their own. They end with it. */
final class Children implements AutoCloseable {

  /** Between two looks at a log. */
  private static final long LOOK_MILLIS = 100;

  /** A collector leaves within five seconds. */
  private static final long LEAVE_SECONDS = 10;

  private final Path launcher;
  private final Path logs;
  private final List<Process> running = new ArrayList<>();

  /**
   * @param launcher the command whose verbs they are
   * @param logs where what they say goes, by verb
   */
  Children(Path launcher, Path logs) {
    this.launcher = launcher;
    this.logs = logs;
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "children"));
  }

  /** Starts a verb beside this process. */
  Process start(String verb, List<String> options) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command(verb, options))
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(log(verb).toFile());
    return started(builder);
  }

  /** Runs a verb to its end, at this process's terminal; its exit code. */
  int run(String verb, List<String> options) throws IOException, InterruptedException {
    return started(new ProcessBuilder(command(verb, options)).inheritIO()).waitFor();
  }

  private synchronized Process started(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    running.add(process);
    return process;
  }

  private List<String> command(String verb, List<String> options) {
    List<String> command = new ArrayList<>(List.of(launcher.toString(), verb));
    command.addAll(options);
    return command;
  }

  /** What a verb says. */
  Path log(String verb) {
    return logs.resolve(verb + ".log");
  }

  /** Waits until a verb has said something; empty when it ended before. */
  Optional<Matcher> await(Process process, String verb, Pattern pattern)
      throws IOException, InterruptedException {
    while (true) {
      boolean isAlive = process.isAlive();
      Matcher matcher = pattern.matcher(Files.readString(log(verb), StandardCharsets.UTF_8));
      if (matcher.find()) {
        return Optional.of(matcher);
      }
      if (!isAlive) {
        return Optional.empty();
      }
      process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Waits until any of them has ended. */
  void awaitAnyEnd() {
    CompletableFuture.anyOf(
            running.stream()
                .filter(Process::isAlive)
                .map(Process::onExit)
                .toArray(CompletableFuture[]::new))
        .join();
  }

  /** Ends a process as Ctrl-C would; its exit code. */
  static int stop(Process process) throws InterruptedException {
    process.destroy();
    return process.waitFor();
  }

  @Override
  public synchronized void close() {
    running.forEach(Process::destroy);
    try {
      for (Process process : running) {
        if (!process.waitFor(LEAVE_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      }
    } catch (InterruptedException e) {
      running.forEach(Process::destroyForcibly);
      Thread.currentThread().interrupt();
    }
  }
}
