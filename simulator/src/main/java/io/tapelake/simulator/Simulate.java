package io.tapelake.simulator;

import io.tapelake.simulator.exchange.Exchange;
import io.tapelake.simulator.exchange.Limits;
import io.tapelake.simulator.fault.FaultScript;
import io.tapelake.simulator.tape.Tape;
import io.tapelake.vault.DurationText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs a simulated exchange until it is told to stop. */
@Command(
    name = "simulate",
    sortOptions = false,
    description =
        "Runs a local exchange that speaks the OKX protocol on loopback, with made-up trades.",
    footerHeading = "%n",
    footer = {
      "Trades are a function of --seed, --instruments, --rate, --start, --history and --faults;",
      "with --anchor too, a restarted exchange continues the tape where the clock is by now.",
      "",
      "A file of faults has one a line, at a time from the start or an instant of event time:",
      "  at 10s reset",
      "  at 30s lose BTC-USDT-SWAP for=2s",
      "  at 1m every 15m notice",
      "  at 5m rest path=history-trades how=50011 for=10s",
      "--list-faults explains them all.",
    })
public final class Simulate implements Callable<Integer> {

  private static final int WRONG_USAGE = 2;

  @Spec private CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8765",
      description = "Loopback port, 0 for any free one. Default: ${DEFAULT-VALUE}")
  private int port;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "100",
      description = "Trades a second of event time, all instruments. Default: ${DEFAULT-VALUE}")
  private double rate;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Tells tapes apart. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--instruments",
      paramLabel = "A,B",
      split = ",",
      defaultValue = "BTC-USDT-SWAP,ETH-USDT-SWAP",
      description = "What is traded. Default: ${DEFAULT-VALUE}")
  private List<String> instruments;

  @Option(
      names = "--start",
      paramLabel = "INSTANT",
      description = "Event time at the start, such as 2026-01-01T23:59:00Z. Default: now")
  private Instant start;

  @Option(
      names = "--anchor",
      paramLabel = "INSTANT",
      description = "Wall-clock time at which event time was --start. Default: now")
  private Instant anchor;

  @Option(
      names = "--speed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seconds of event time in one of the wall clock. Default: ${DEFAULT-VALUE}")
  private double speed;

  @Option(
      names = "--history",
      paramLabel = "DURATION",
      defaultValue = "10m",
      description = "How much has been traded before the start. Default: ${DEFAULT-VALUE}")
  private String history;

  @Option(
      names = "--stop-after",
      paramLabel = "DURATION",
      description = "Event time after which nothing trades; the exchange stays open")
  private String stopAfter;

  @Option(
      names = "--faults",
      paramLabel = "FILE",
      description = "What goes wrong, one fault a line. Default: nothing")
  private Path faults;

  @Option(
      names = "--truth",
      paramLabel = "FILE",
      description = "Where every trade is written as a raw trade line when the exchange ends")
  private Path truth;

  @Option(
      names = "--limits",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "How much faster than the real exchange's its limits and timeouts run, by the wall"
              + " clock. Default: ${DEFAULT-VALUE}")
  private double limits;

  @Option(
      names = "--buffer",
      paramLabel = "MB",
      defaultValue = "16",
      description =
          "What may wait for a slow reader before it is cut off. Default: ${DEFAULT-VALUE}")
  private int buffer;

  @Option(
      names = "--deflate",
      description = "Compress messages for clients that ask for it, as the real exchange does")
  private boolean deflate;

  @Option(names = "--list-faults", help = true, description = "Explain the faults and exit")
  private boolean listFaults;

  @SuppressWarnings("UnusedVariable") // picocli looks at it
  @Option(names = "--help", usageHelp = true, description = "Show this help and exit")
  private boolean help;

  private Simulate() {}

  /** Runs the command; see {@code --help}. */
  public static void main(String[] args) {
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    Locale.setDefault(Locale.ROOT);
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Simulate())
        .setParameterExceptionHandler(
            (exception, args) -> complain(exception.getCommandLine(), exception, WRONG_USAGE))
        .setExecutionExceptionHandler(
            (exception, commandLine, parsed) -> complain(commandLine, exception, 1));
  }

  private static int complain(CommandLine commandLine, Exception exception, int exitCode) {
    commandLine.getErr().println("simulate: " + exception.getMessage());
    return exitCode;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (listFaults) {
      FaultHelp.print(out);
      return 0;
    }
    if (port < 0 || port > 65_535) {
      throw wrong("--port " + port + " is not between 0 and 65535", null);
    }
    if (!(limits > 0)) {
      throw wrong("--limits " + limits + " is not greater than zero", null);
    }
    if (buffer < 1 || buffer > 1_000) {
      throw wrong("--buffer " + buffer + " is not between 1 and 1000", null);
    }
    Instant launched = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    start = start == null ? launched : start;
    anchor = anchor == null ? launched : anchor;
    Exchange exchange = exchange();
    // Often enough that a push is late by little, seldom enough to cost nothing when it is quiet.
    Duration every = rate * speed >= 2_000 ? Duration.ofMillis(1) : Duration.ofMillis(5);
    SimulatedExchange open = SimulatedExchange.open(exchange, port, every, deflate);
    CountDownLatch never = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(open, out), "exchange-end"));
    announce(open, out);
    never.await();
    return 0;
  }

  private Exchange exchange() {
    try {
      Tape tape = Tape.of(seed, start.minus(DurationText.parse(history)), rate, instruments);
      if (stopAfter != null) {
        tape = tape.until(start.plus(DurationText.parse(stopAfter)));
      }
      TapeClock clock = TapeClock.anchored(start, anchor, speed);
      Limits scaled = Limits.okx().slowedBy(speed / limits).buffering(buffer << 20);
      return new Exchange(tape, script(), scaled, clock);
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage(), e);
    }
  }

  private FaultScript script() {
    if (faults == null) {
      return FaultScript.NONE;
    }
    try {
      return FaultScript.parse(Files.readString(faults), start);
    } catch (IOException e) {
      throw wrong("cannot read --faults " + faults + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw wrong(faults + ": " + e.getMessage(), e);
    }
  }

  private ParameterException wrong(String message, Exception cause) {
    return new ParameterException(spec.commandLine(), message, cause);
  }

  private void announce(SimulatedExchange open, PrintWriter out) {
    out.printf(
        "The exchange is open: %s, %s trades a second, seed %d.%n",
        String.join(", ", instruments), plain(rate), seed);
    out.printf("  --ws-url %s --rest-url %s%n", open.wsUrl(), open.restUrl());
    out.printf("To continue this tape after a restart: --start %s --anchor %s%n", start, anchor);
    out.flush();
  }

  private void end(SimulatedExchange open, PrintWriter out) {
    Instant end = open.now();
    open.close();
    if (truth != null) {
      try {
        out.printf("%d trades written to %s%n", open.writeTruth(truth, end), truth);
        out.flush();
      } catch (IOException e) {
        spec.commandLine().getErr().println("simulate: cannot write the truth: " + e.getMessage());
      }
    }
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }
}
