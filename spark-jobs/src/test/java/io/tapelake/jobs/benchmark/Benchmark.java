package io.tapelake.jobs.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tapelake.jobs.EventLog;
import io.tapelake.jobs.LoopbackCluster;
import io.tapelake.jobs.read.BenchmarkLineReading;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./tapelake benchmark}: the figures of BENCHMARK.md, measured on this machine. */
@Command(
    name = "benchmark",
    mixinStandardHelpOptions = true,
    description = {
      "Measures this program and DuckDB on the same files, alternately, as fresh processes.",
      "The first time it makes the files: 13 GB for 50m, less for the others.",
      ""
    })
final class Benchmark implements Callable<Integer> {

  private static final Pattern BACKFILL =
      Pattern.compile("([1-9][0-9]*)m(-trades|-warm)?(-defaults)?");
  private static final Pattern SPARSE =
      Pattern.compile("sparse(?:-([1-9][0-9]*)x([1-9][0-9]*)d)?(-defaults)?");
  private static final Pattern CLUSTER = Pattern.compile("cluster-(.*)");
  private static final String DEFAULTS = "-defaults";
  private static final String SPARSELY = "-sparse";
  private static final int TRADES_A_DAY = 1_000_000;
  private static final LocalDate FIRST_DAY = LocalDate.of(2025, 12, 1);

  @Parameters(
      arity = "1..*",
      paramLabel = "WORK",
      description = {
        "10m, 50m     backfill of so many million trades: what DuckDB computes, too",
        "50m-trades   with the table of trades",
        "10m-warm     the second and later rounds in one process",
        "sparse       20 days of 50 instruments, 1,000 trades a day each; also sparse-300x30d",
        "...-defaults any of these with everything that users get by default",
        "cluster-...  any of these on a standalone cluster of two workers, CPU by process",
        "scale        a venue of 300 instruments and 365 days on 1 to 256 cores, forecast from"
            + " sparse",
        "year         one new minute on a year of history: one-shot, and --every",
        "queries      those of README, docs/ and notebooks over a year of two instruments, cold and"
            + " warm",
        "late         a day of 500,000 trades that comes two weeks late: 1 of 50 instruments, and"
            + " alone",
        "scanner      lines a second on one core (JMH)"
      })
  private List<String> works;

  @Option(names = "--rounds", description = "how often each is measured (default: 3)")
  private int rounds = 3;

  @Option(names = "--dir", description = "where the files go (default: target/benchmark)")
  private Path dir = Path.of("target", "benchmark");

  @Option(names = "--no-peer", description = "do not measure DuckDB")
  private boolean withoutPeer;

  @Option(names = "--launcher", required = true, hidden = true)
  private Path launcher;

  private final List<String> lines = new ArrayList<>();

  public static void main(String[] args) {
    System.exit(new CommandLine(new Benchmark()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    dir = dir.toAbsolutePath();
    launcher = launcher.toAbsolutePath();
    for (String work : works) {
      Matcher cluster = CLUSTER.matcher(work);
      String what = cluster.matches() ? cluster.group(1) : work;
      Matcher backfill = BACKFILL.matcher(what);
      Matcher sparse = SPARSE.matcher(what);
      if (backfill.matches()) {
        int days = Math.max(1, Integer.parseInt(backfill.group(1)) / 2);
        String variant = backfill.group(2) == null ? "" : backfill.group(2);
        backfill(
            work,
            new DataSet("trades-" + backfill.group(1) + "m", 2, FIRST_DAY, days, TRADES_A_DAY),
            variant + (backfill.group(3) == null ? "" : DEFAULTS),
            cluster.matches());
      } else if (sparse.matches()) {
        int instruments = sparse.group(1) == null ? 50 : Integer.parseInt(sparse.group(1));
        int days = sparse.group(2) == null ? 20 : Integer.parseInt(sparse.group(2));
        DataSet data =
            new DataSet(
                "sparse-%dx%dd".formatted(instruments, days),
                instruments,
                LocalDate.of(2025, 1, 1),
                days,
                1000);
        backfill(
            work, data, SPARSELY + (sparse.group(3) == null ? "" : DEFAULTS), cluster.matches());
      } else if (work.equals("scale")) {
        forecast();
      } else if (work.equals("year")) {
        lines.addAll(new YearOfHistory(launcher, dir, rounds).measure());
      } else if (work.equals("queries")) {
        System.out.print(PageQueries.HEADER);
        new PageQueries(launcher, dir, rounds).measure().forEach(System.out::println);
      } else if (work.equals("late")) {
        lines.addAll(new LateDay(launcher, dir, rounds).measure());
      } else if (work.equals("scanner")) {
        BenchmarkLineReading.main(
            new String[] {"BenchmarkLineReading.(scanToLineFeed|scanToLineFeedAndSum|scanSlice)$"});
      } else {
        System.err.println("tapelake: there is no work '" + work + "'; see --help");
        return 2;
      }
    }
    if (!lines.isEmpty()) {
      System.out.println("\n" + Measured.HEADER + String.join("\n", lines));
    }
    return 0;
  }

  private void backfill(String work, DataSet data, String variant, boolean onCluster)
      throws IOException, InterruptedException {
    Path vault = dir.resolve(data.name());
    Measured measured = new Measured(work, data.trades(), data.writeTo(vault));
    readAll(vault);
    for (int round = 0; round < rounds; round++) {
      clear(vault);
      Path log = vault.resolve("tapelake.log");
      if (variant.startsWith("-warm")) {
        warm(vault, variant, measured);
      } else if (onCluster) {
        Path folder = Files.createTempDirectory("tapelake-cluster");
        try (LoopbackCluster cluster =
            LoopbackCluster.start(launcher.resolveSibling("spark-jobs/target/runtime"), folder)) {
          List<String> command = command(vault, variant);
          command.addAll(List.of("--master", cluster.url()));
          measured.ours(ChildProcess.run(command, log));
          System.out.printf(
              Locale.ROOT, "%s: executors %.1f s CPU%n", work, cluster.executorCpuSeconds());
        } finally {
          delete(folder);
        }
      } else {
        measured.ours(ChildProcess.run(command(vault, variant), log));
      }
      if (!withoutPeer && !onCluster) {
        measured.peer(peer(vault, variant));
      }
    }
    JsonNode summary = new ObjectMapper().readTree(vault.resolve("summary.json").toFile());
    System.out.println(work + ": seconds of the steps " + summary.get("step_seconds"));
    lines.add(measured.line());
  }

  /** Prints what a whole venue would take, by the tasks of the sparse one. */
  private void forecast() throws IOException, InterruptedException {
    DataSet data = new DataSet("sparse-50x20d", 50, LocalDate.of(2025, 1, 1), 20, 1000);
    Path vault = dir.resolve(data.name());
    data.writeTo(vault);
    readAll(vault);
    clear(vault);
    Path events = Files.createTempDirectory("tapelake-events");
    try {
      List<String> command = command(vault, SPARSELY + DEFAULTS);
      command.addAll(EventLog.options(events));
      ChildProcess.run(command, vault.resolve("tapelake.log"));
      new ScaleForecast(data, events).table().forEach(System.out::println);
    } finally {
      delete(events);
    }
  }

  private List<String> command(Path vault, String variant) {
    List<String> command = new ArrayList<>(List.of(launcher.toString(), "backfill"));
    command.addAll(options(vault, variant));
    return command;
  }

  /** What DuckDB computes, too. */
  static final List<String> SAME_WORK = List.of("--no-analytics", "--windows", "1h,4h");

  private static List<String> options(Path vault, String variant) {
    List<String> options = new ArrayList<>(List.of("--vault", vault.toString()));
    if (!variant.endsWith(DEFAULTS)) {
      options.addAll(SAME_WORK);
    }
    options.addAll(List.of("--summary", vault.resolve("summary.json").toString()));
    if (!variant.startsWith("-trades")) {
      options.add("--no-trades");
    }
    return options;
  }

  /** Rounds behind the first one of a process, with the launcher's own flags for a backfill. */
  private void warm(Path vault, String variant, Measured measured)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(java()));
    command.addAll(List.of("-Xmx2g", "-Duser.timezone=UTC"));
    String flags =
        Files.readString(launcher.resolveSibling("spark-jobs/target/runtime/jvm.options"));
    for (String flag : flags.trim().split("\\s+")) {
      if (!flag.startsWith("--add-modules")) {
        command.add(flag);
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(WarmRounds.class.getName(), "3", "backfill"));
    command.addAll(options(vault, variant));
    Path log = vault.resolve("tapelake.log");
    ChildProcess.Figures figures = ChildProcess.run(command, log);
    List<String> seconds =
        Files.readAllLines(log).stream().filter(line -> line.startsWith("round ")).toList();
    for (String round : seconds.subList(1, seconds.size())) {
      measured.ours(
          new ChildProcess.Figures(
              Double.parseDouble(round.substring("round ".length())), 0, figures.peakBytes()));
    }
  }

  private ChildProcess.Figures peer(Path vault, String variant)
      throws IOException, InterruptedException {
    Path out = dir.resolve("duckdb");
    delete(out);
    Files.createDirectories(out);
    List<String> command = new ArrayList<>(List.of(java(), "-Xmx256m", "-cp"));
    command.addAll(List.of(System.getProperty("java.class.path"), DuckDbPeer.class.getName()));
    command.addAll(List.of(vault.toString(), out.toString()));
    String same = variant.replace(DEFAULTS, "");
    if (!same.isEmpty()) {
      command.add("-" + same);
    }
    ChildProcess.Figures figures = ChildProcess.run(command, dir.resolve("duckdb.log"));
    SameResults.check(vault, out.resolve("vwap_1m.jsonl"));
    delete(out);
    return figures;
  }

  /** Takes out what an earlier round made. */
  static void clear(Path vault) throws IOException {
    for (String made : List.of("lake", "derived", "state", "quarantine")) {
      delete(vault.resolve(made));
    }
  }

  /** Brings the files into the page cache: disks are not what is measured. */
  private static void readAll(Path vault) throws IOException {
    byte[] chunk = new byte[1 << 20];
    try (var files = Files.walk(vault.resolve("raw"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        try (InputStream in = Files.newInputStream(file)) {
          while (in.read(chunk) > 0) {
            // Only read.
          }
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
