package io.tapelake.live;

import io.tapelake.live.follow.VaultFollower;
import io.tapelake.live.market.LiveSettings;
import io.tapelake.live.market.Market;
import io.tapelake.live.serve.Access;
import io.tapelake.live.serve.LiveServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The live page's main: configuration, wiring, and serving until told to stop. */
@Command(
    name = "tapelake live",
    sortOptions = false,
    description = {
      "Serves a page that follows the vault's raw files: trades, VWAPs and what is proven of them, as"
          + " they happen. It only reads, beside whoever writes. Windows, grace, anchors and signals"
          + " are those of the job's configuration.",
    })
public final class Live implements Callable<Integer> {

  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int USAGE = 2;
  private static final int MINUTES_A_DAY = 1440;
  private static final int MOST_PORT = 65_535;
  private static final String TOKEN = "TAPELAKE_LIVE_TOKEN";
  private static final Pattern TOKEN_FORM = Pattern.compile("[A-Za-z0-9_-]{16,256}");

  @Spec private CommandSpec spec;

  @Option(names = "--vault", paramLabel = "DIR", description = "Default: the configuration's")
  private String vault;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8085",
      description = "Default: ${DEFAULT-VALUE}; 0 picks a free one")
  private int port;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "Where it listens. Default: ${DEFAULT-VALUE}; beyond this machine a token is asked for")
  private String bind;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      split = ",",
      description = "Names by which browsers reach it, beside localhost: a reverse proxy's")
  private Set<String> hosts = new TreeSet<>();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "A file with the token that requests have to bring; or the variable " + TOKEN)
  private Path tokenFile;

  @Option(
      names = "--instruments",
      paramLabel = "A,B",
      description = "Default: all that there are, and will be")
  private String instruments;

  @Option(
      names = "--history",
      paramLabel = "DURATION",
      defaultValue = "7d",
      description = "How far back the page looks. Default: ${DEFAULT-VALUE}")
  private String history;

  @Option(names = "--windows", paramLabel = "A,B", description = "Default: the configuration's")
  private String windows;

  @Option(names = "--anchors", paramLabel = "A=T", description = "Default: the configuration's")
  private String anchors;

  @Option(names = "--grace", paramLabel = "DURATION", description = "Default: the configuration's")
  private String grace;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Default: $TAPELAKE_CONFIG, or conf/jobs.properties")
  private Path config;

  @Option(names = "--verbose", description = "Adds stack traces to errors")
  private boolean isVerbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help")
  @SuppressWarnings("UnusedVariable") // picocli looks at the option itself
  private boolean isHelp;

  /** Serves until told to stop, and ends the process with its exit code. */
  public static void main(String[] arguments) {
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    Locale.setDefault(Locale.ROOT);
    Live live = new Live();
    CommandLine line = new CommandLine(live);
    line.setOverwrittenOptionsAllowed(true);
    line.setParameterExceptionHandler((problem, given) -> complain(line, USAGE, problem, live));
    line.setExecutionExceptionHandler(
        (problem, command, result) ->
            complain(line, problem instanceof UsageException ? USAGE : FAILED, problem, live));
    System.exit(line.execute(arguments));
  }

  private static int complain(CommandLine line, int code, Exception problem, Live live) {
    PrintWriter error = line.getErr();
    String reason =
        problem instanceof UsageException || problem instanceof CommandLine.ParameterException
            ? problem.getMessage()
            : problem.toString();
    error.println("tapelake live: " + reason.replaceAll("\\R", " "));
    if (live.isVerbose) {
      problem.printStackTrace(error);
    }
    error.flush();
    return code;
  }

  @Override
  public Integer call() throws Exception {
    JobConfiguration configuration = JobConfiguration.load(config, System.getenv());
    configuration.say(JobConfiguration.VAULT, vault);
    configuration.say(JobConfiguration.INSTRUMENTS, instruments);
    configuration.say(JobConfiguration.WINDOWS, windows);
    configuration.say(JobConfiguration.ANCHORS, anchors);
    configuration.say(JobConfiguration.GRACE, grace);
    LiveSettings settings = configuration.settings();
    Path root = configuration.vault();
    if (!Files.isDirectory(root)) {
      throw new UsageException(
          "there is no vault at %s; give its folder with --vault, or make one with './tapelake demo'"
              .formatted(root));
    }
    Access access = access();
    Market market = new Market(settings, Clock.tickMillis(ZoneOffset.UTC));
    VaultFollower follower =
        new VaultFollower(root, configuration.instruments(), historyDays(settings), market);
    LiveServer server =
        new LiveServer(address(), access, market, follower::isAlive, follower::isReady);
    try (follower;
        server) {
      follower.start();
      int listening = start(server);
      out("The page is at http://%s:%d/ (Ctrl-C ends it)".formatted(shownHost(), listening));
      CountDownLatch stopped = new CountDownLatch(1);
      Runtime.getRuntime().addShutdownHook(new Thread(stopped::countDown, "stop"));
      stopped.await();
    }
    return DONE;
  }

  private int start(LiveServer server) {
    try {
      return server.start();
    } catch (IOException e) {
      throw new UsageException(
          "cannot listen on %s:%d (%s); give another --port"
              .formatted(Access.inAddress(bind), port, e.getMessage()));
    }
  }

  private Access access() throws IOException {
    String token = System.getenv(TOKEN);
    if (tokenFile != null) {
      try {
        token = Files.readString(tokenFile).strip();
      } catch (IOException e) {
        throw new UsageException("cannot read the token in %s: %s".formatted(tokenFile, e));
      }
    }
    if (token != null && !TOKEN_FORM.matcher(token).matches()) {
      throw new UsageException(
          "the token is not of 16 to 256 letters, digits, '-' and '_'; make one with: openssl rand -hex 32");
    }
    if (token == null && !address().getAddress().isLoopbackAddress()) {
      throw new UsageException(
          "will not listen on %s without a token: whoever reaches the port could read the page; give --token-file FILE or %s"
              .formatted(bind, TOKEN));
    }
    Set<String> names = new TreeSet<>();
    hosts.forEach(host -> names.add(host.strip()));
    if (!address().getAddress().isAnyLocalAddress()) {
      names.add(bind);
    }
    return new Access(names, token);
  }

  private InetSocketAddress address() {
    if (port < 0 || port > MOST_PORT) {
      throw new UsageException("--port %d is none; give a number up to 65535".formatted(port));
    }
    try {
      return new InetSocketAddress(InetAddress.getByName(bind), port);
    } catch (UnknownHostException e) {
      throw new UsageException("--bind '%s' is no address of this machine".formatted(bind));
    }
  }

  private String shownHost() {
    return address().getAddress().isAnyLocalAddress() ? "localhost" : Access.inAddress(bind);
  }

  /** The days that are wanted and that figures look back at, today with them. */
  private int historyDays(LiveSettings settings) {
    Duration wanted = JobConfiguration.duration("--history", history);
    long minutes = Math.max(wanted.toMinutes(), settings.spans().lookback());
    return (int) Math.min(36_500, 1 + (minutes + MINUTES_A_DAY - 1) / MINUTES_A_DAY);
  }

  private void out(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }
}
