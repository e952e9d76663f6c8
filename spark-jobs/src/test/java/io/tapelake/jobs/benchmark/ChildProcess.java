package io.tapelake.jobs.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a command and measures it from outside, as a user would with {@code time}. */
final class ChildProcess {

  /** How often the peak of memory is looked at; the kernel keeps the highest value. */
  private static final int LOOK_MILLIS = 20;

  private static final int CLOCK_TICKS_A_SECOND = 100;

  private ChildProcess() {}

  /**
   * What a process took.
   *
   * @param seconds from start to end
   * @param cpuSeconds of all its threads, as it was seen last
   * @param peakBytes the most memory it held
   */
  record Figures(double seconds, double cpuSeconds, long peakBytes) {}

  /** Runs a command to its end; what it prints goes to a file. */
  static Figures run(List<String> command, Path log) throws IOException, InterruptedException {
    long start = System.nanoTime();
    Process process = start(command, log);
    double cpu = 0;
    long peak = 0;
    do {
      cpu = Math.max(cpu, cpuSeconds(process.pid()));
      peak = Math.max(peak, peakBytes(process.pid()));
    } while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS));
    double seconds = (System.nanoTime() - start) / 1e9;
    if (process.exitValue() != 0) {
      throw new IOException(
          "%s ended with %d: see %s".formatted(command.get(0), process.exitValue(), log));
    }
    return new Figures(seconds, cpu, peak);
  }

  /** Starts a command that goes on until it is told to stop. */
  static Process start(List<String> command, Path log) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /** Asks a process to stop and waits. */
  static void stop(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(Duration.ofMinutes(1).toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }

  /** The highest resident set since the process's start; 0 where the system does not tell. */
  private static long peakBytes(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        }
      }
    } catch (IOException e) {
      // It has just ended, or this is not Linux.
    }
    return 0;
  }

  private static double cpuSeconds(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return (Long.parseLong(fields[11]) + Long.parseLong(fields[12]))
          / (double) CLOCK_TICKS_A_SECOND;
    } catch (IOException e) {
      return 0;
    }
  }
}
