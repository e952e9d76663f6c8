package io.tapelake.collector;

import io.tapelake.collector.observe.RotatingLog;
import io.tapelake.collector.observe.StatusReport;
import io.tapelake.collector.settings.Arguments;
import io.tapelake.collector.settings.Setting;
import io.tapelake.collector.settings.Settings;
import io.tapelake.collector.settings.UsageException;
import io.tapelake.collector.write.VaultFiles;
import io.tapelake.collector.write.VaultLock;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;

/** The collector's main: configuration, wiring, and running until told to stop. */
public final class Collector {

  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int BUILD_FAIL = 3;
  static final int LOCKED = 75;

  /** SIGTERM has to be answered by the end of the process within 5 s. */
  private static final Duration LEAVE_WITHIN = Duration.ofMillis(4500);

  private static final long LOG_BYTES = 10L << 20;
  private static final int LOGS_KEPT = 5;

  private static final String VERBS =
      "usage: tapelake-collector collect|status|import|fetch|archive|coverage|certify [options]; VERB --help explains each";

  private Collector() {}

  /** Runs a verb and ends the process with its exit code. */
  public static void main(String[] arguments) {
    Thread.setDefaultUncaughtExceptionHandler(Collector::end);
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    Locale.setDefault(Locale.ROOT);
    List<String> rest =
        Arrays.asList(arguments).subList(Math.min(1, arguments.length), arguments.length);
    int code;
    if (arguments.length > 0 && HistoryVerbs.has(arguments[0])) {
      Runtime.getRuntime().halt(HistoryVerbs.run(arguments[0], rest));
    }
    try {
      code = run(arguments.length == 0 ? "" : arguments[0], rest);
    } catch (UsageException e) {
      code = failed(USAGE, e.getMessage(), e, rest);
    } catch (VaultLock.HeldException e) {
      code =
          failed(
              LOCKED,
              "Another collector writes to this vault: "
                  + e.getMessage()
                  + ". Stop it first, or use another vault.",
              e,
              rest);
    } catch (IOException | InterruptedException | RuntimeException e) {
      code =
          failed(
              FAILED,
              "Failed: " + VaultFiles.reason(e) + ". Nothing is lost; start again.",
              e,
              rest);
    }
    Runtime.getRuntime().halt(code);
  }

  /** Without memory, or a thread that is needed, nothing can be promised any more. */
  private static void end(Thread thread, Throwable failure) {
    if (failure instanceof Error) {
      System.err.println("Failed: " + failure + " in " + thread.getName() + "; start again.");
      Runtime.getRuntime().halt(FAILED);
    }
    failure.printStackTrace();
  }

  private static int run(String verb, List<String> rest)
      throws UsageException, IOException, InterruptedException, VaultLock.HeldException {
    switch (verb) {
      case "collect" -> {
        Arguments line = Arguments.parse(rest);
        if (line.help()) {
          out(Arguments.usage(verb, "Captures trades into the vault until stopped."));
          return DONE;
        }
        return collect(line.settings());
      }
      case "status" -> {
        Arguments line = Arguments.parse(rest);
        if (line.help()) {
          out(Arguments.usage(verb, "Prints the state of collector and job from the vault."));
          return DONE;
        }
        StatusReport report =
            StatusReport.read(line.settings().vault(), Clock.tickMillis(ZoneOffset.UTC).instant());
        out(line.json() ? report.json() : report.text());
        return DONE;
      }
      case "--help", "-h", "help" -> {
        out(VERBS + "\n");
        return DONE;
      }
      default -> throw new UsageException("Unknown verb '" + verb + "'. " + VERBS + ".");
    }
  }

  private static int collect(Settings settings)
      throws UsageException, IOException, InterruptedException, VaultLock.HeldException {
    Path vault = settings.vault();
    String log = settings.text(Setting.LOG_FILE);
    if (!log.isEmpty()) {
      RotatingLog file = new RotatingLog(Path.of(log), LOG_BYTES, LOGS_KEPT);
      System.setErr(new PrintStream(file, true, StandardCharsets.UTF_8));
    }
    try (VaultLock lock = VaultLock.take(vault, Clock.tickMillis(ZoneOffset.UTC).instant())) {
      Run run = new Run(settings, lock);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(run), "leave"));
      return run.untilStopped();
    }
  }

  /** SIGTERM and Ctrl-C: the capture ends itself, and the process with exit code 0. */
  private static void leave(Run run) {
    try {
      boolean left = run.stop(LEAVE_WITHIN);
      Runtime.getRuntime().halt(left ? run.exitCode() : FAILED);
    } catch (InterruptedException e) {
      Runtime.getRuntime().halt(FAILED);
    }
  }

  private static int failed(int code, String message, Exception failure, List<String> arguments) {
    complain(message);
    if (arguments.contains("--verbose")) {
      failure.printStackTrace();
    }
    return code;
  }

  /** Prints one line on standard error. */
  static void complain(String message) {
    PrintStream error = System.err;
    error.println(message.replaceAll("\\R", " "));
    error.flush();
  }

  private static void out(String text) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    out.print(text);
    out.flush();
  }
}
