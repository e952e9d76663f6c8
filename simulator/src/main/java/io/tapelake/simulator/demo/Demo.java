package io.tapelake.simulator.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Records a simulated exchange into a vault, lets the job compute, and shows what came of it. */
@Command(
    name = "tapelake demo",
    sortOptions = false,
    description = {
      "Records a simulated exchange into the vault, runs the job on it, shows the newest rows.",
      "With --live that exchange trades on, is recorded, and the live page follows it until Ctrl-C.",
      "It needs no network."
    })
public final class Demo implements Callable<Integer> {

  private static final int FAILED = 1;
  private static final int USAGE = 2;

  /** Six hours of trading in half a minute. */
  private static final Duration TRADING = Duration.ofHours(6);

  private static final int SPEED = 720;
  private static final String RATE = "2";
  private static final String MARK = ".filled-by-demo";
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final Pattern ADDRESSES =
      Pattern.compile("--ws-url (\\S+) --rest-url (\\S+)(?=\\s)");
  private static final Pattern PAGE = Pattern.compile("The page is at (\\S+)[^\n]*(?=\n)");

  /** What ends the demo, for its user. */
  private static final class DemoException extends Exception {
    private static final long serialVersionUID = 1;
    private final int code;

    DemoException(int code, String message) {
      super(message);
      this.code = code;
    }
  }

  @Spec private CommandSpec spec;

  @Option(
      names = "--vault",
      paramLabel = "DIR",
      defaultValue = "demo-vault",
      description = "Where it is recorded. Default: ./${DEFAULT-VALUE}")
  private Path vault;

  @Option(names = "--live", description = "Trade on, and show the live page")
  private boolean live;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8085",
      description = "The live page's. Default: ${DEFAULT-VALUE}; 0 picks a free one")
  private String port;

  @Option(names = "--launcher", required = true, hidden = true)
  private Path launcher;

  @Option(names = "--without-job", hidden = true)
  private boolean withoutJob;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help")
  @SuppressWarnings("UnusedVariable") // picocli looks at the option itself
  private boolean isHelp;

  private Children children;

  private Demo() {}

  /** Runs the demo; see {@code --help}. */
  public static void main(String[] arguments) {
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    Locale.setDefault(Locale.ROOT);
    System.exit(
        new CommandLine(new Demo())
            .setParameterExceptionHandler(
                (problem, given) -> complain(USAGE, problem.getMessage() + "; see --help"))
            .setExecutionExceptionHandler(
                (problem, line, result) ->
                    problem instanceof DemoException said
                        ? complain(said.code, said.getMessage())
                        : complain(FAILED, problem.toString()))
            .execute(arguments));
  }

  private static int complain(int code, String message) {
    say(message);
    return code;
  }

  private static void say(String message) {
    System.err.println("tapelake: " + message);
  }

  @Override
  public Integer call() throws Exception {
    boolean isFilled = Files.exists(vault.resolve(MARK));
    if (isFilled) {
      say(vault + " was filled by an earlier demo; to begin anew, remove it: rm -r " + vault);
    } else if (!isEmpty(vault)) {
      throw new DemoException(
          USAGE,
          vault
              + " is there already and was not filled by a demo: remove it, or choose another with"
              + " --vault DIR");
    }
    Path logs = vault.resolve("logs");
    try {
      Files.createDirectories(logs);
    } catch (IOException e) {
      throw new DemoException(
          USAGE,
          "cannot make the folder " + logs + " (" + e + "): choose another with --vault DIR");
    }
    children = new Children(launcher, logs);
    if (!isFilled) {
      fill();
    }
    if (withoutJob) {
      end(children.run("coverage", List.of("--vault", vault.toString())));
      print("recorded.txt");
    } else {
      say("recorded: " + tradesIn(vault) + " trades; running the job");
      end(children.run("run", List.of("--vault", vault.toString())));
      print("newest.txt");
      end(
          children.run(
              "sql", List.of("--vault", vault.toString(), resource("newest.sql").strip())));
      print("computed.txt");
    }
    if (live) {
      showLive();
    }
    return 0;
  }

  private static boolean isEmpty(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return true;
    }
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.findAny().isEmpty();
    }
  }

  private static void end(int code) throws DemoException {
    if (code != 0) {
      throw new DemoException(code, "the demo ends here: see above");
    }
  }

  /**
   * The collector records from the simulated exchange, as it would from the real one, in fast
   * motion. Both end when the simulated trading is over and its last trades are in the files.
   */
  private void fill() throws IOException, InterruptedException, DemoException {
    Instant start = Instant.now().minus(TRADING).truncatedTo(ChronoUnit.MINUTES);
    List<String> trading = new ArrayList<>(List.of("--start", start.toString()));
    trading.addAll(List.of("--speed", Integer.toString(SPEED)));
    trading.addAll(List.of("--stop-after", TRADING.toHours() + "h"));
    Process exchange = openExchange(trading);
    Process collector = collect(exchange);
    long began = System.nanoTime();
    Duration wallTime = TRADING.dividedBy(SPEED);
    say(
        "a simulated exchange is open; the collector records %d hours of trading in %d seconds"
            .formatted(TRADING.toHours(), wallTime.toSeconds()));
    Process preparation = withoutJob ? null : children.start("prepare", List.of());
    long before = -1;
    long now = 0;
    while (System.nanoTime() - began < wallTime.toNanos() || now != before) {
      if (collector.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new DemoException(
            FAILED, "the collector ended early: see " + children.log("collect"));
      }
      before = now;
      now = tradesIn(vault);
    }
    if (Children.stop(collector) != 0) {
      throw new DemoException(FAILED, "the collector failed: see " + children.log("collect"));
    }
    Children.stop(exchange);
    if (now == 0) {
      throw new DemoException(
          FAILED,
          "the collector recorded nothing: see %s and %s"
              .formatted(children.log("collect"), children.log("simulate")));
    }
    if (preparation != null && preparation.waitFor() != 0) {
      throw new DemoException(FAILED, "the job is not ready: see " + children.log("prepare"));
    }
    Files.writeString(vault.resolve(MARK), start + "\n");
  }

  private Process openExchange(List<String> options) throws IOException {
    List<String> all = new ArrayList<>(List.of("--port", "0", "--rate", RATE, "--history", "1m"));
    all.addAll(options);
    return children.start("simulate", all);
  }

  private Process collect(Process exchange)
      throws IOException, InterruptedException, DemoException {
    Matcher addresses =
        children
            .await(exchange, "simulate", ADDRESSES)
            .orElseThrow(
                () ->
                    new DemoException(
                        FAILED,
                        "the simulated exchange did not start: see " + children.log("simulate")));
    return children.start(
        "collect",
        List.of(
            "--vault",
            vault.toString(),
            "--ws-url",
            addresses.group(1),
            "--rest-url",
            addresses.group(2),
            "--observe-port",
            "-1"));
  }

  /** The same exchange trades on at the pace of the clock, is recorded, and shown. */
  private void showLive() throws IOException, InterruptedException, DemoException {
    String start = Files.readString(vault.resolve(MARK)).strip();
    if (start.isEmpty()) {
      throw new DemoException(
          USAGE, vault + " is of an older demo; to begin anew, remove it: rm -r " + vault);
    }
    collect(openExchange(List.of("--start", start, "--anchor", start)));
    Process page = children.start("live", List.of("--vault", vault.toString(), "--port", port));
    Matcher shown =
        children
            .await(page, "live", PAGE)
            .orElseThrow(
                () -> new DemoException(FAILED, "the page ended: see " + children.log("live")));
    say(shown.group());
    openBrowser(shown.group(1));
    children.awaitAnyEnd();
    throw new DemoException(FAILED, "one of the programs ended: see " + vault.resolve("logs"));
  }

  /** In the browser of a person who sits here. */
  private static void openBrowser(String address) throws IOException {
    if (System.getenv("DISPLAY") == null && System.getenv("WAYLAND_DISPLAY") == null) {
      return;
    }
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      Path opener = Path.of(folder, "xdg-open");
      if (Files.isExecutable(opener)) {
        new ProcessBuilder(opener.toString(), address)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
        return;
      }
    }
  }

  private static long tradesIn(Path vault) throws IOException {
    Path raw = vault.resolve("raw");
    if (!Files.exists(raw)) {
      return 0;
    }
    long trades = 0;
    try (Stream<Path> files = Files.walk(raw)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".jsonl")).toList()) {
        try (Stream<String> lines = Files.lines(file)) {
          trades += lines.count();
        }
      }
    }
    return trades;
  }

  private void print(String name) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        resource(name)
            .replace("{vault}", vault.toString())
            .replace("{launcher}", launcher.toString()));
    out.flush();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Demo.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }
}
