package io.tapelake.notebooks;

import io.tapelake.jobs.cli.VaultOptions;
import io.tapelake.jobs.outcome.ExitCode;
import io.tapelake.jobs.outcome.JobException;
import io.tapelake.jobs.store.VaultStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code notebook}: opens the notebooks in Jupyter, or runs them without a browser. */
@Command(
    name = "notebook",
    description = {
      "Opens the notebooks in Jupyter, on 127.0.0.1 with a token; their cells are Spark SQL over the"
          + " vault. Jupyter has to be there (Debian: apt-get install jupyter-notebook"
          + " python3-nbconvert python3-jupyter-client)."
    })
final class NotebookCommand implements Callable<Integer> {

  /** What verbs take that are told nothing of it. */
  private static final VaultOptions DEFAULTS = new VaultOptions();

  private static final String SUFFIX = ".ipynb";
  private static final String MODULES = "import notebook, nbconvert, jupyter_client";
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HHmmss", Locale.ROOT);

  @Parameters(
      paramLabel = "NOTEBOOK",
      arity = "0..*",
      description = "a file, or a part of the name of one of ours (default: all)")
  private List<String> names = List.of();

  @Option(
      names = "--vault",
      paramLabel = "DIR",
      description =
          "the vault they look at (default: vault.root of the configuration, or ./demo-vault where"
              + " there is one)")
  private String vault = "";

  @Option(
      names = "--execute",
      description = "run the notebooks without a browser; ends with 1 when a cell fails")
  private boolean execute;

  @Option(names = "--html", description = "the same, and keep each as a web page with its results")
  private boolean html;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "where --execute and --html leave what they make (default: ./notebooks-DATE)")
  private String output;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "of Jupyter (default: 8888, or the next free one)")
  private String port;

  @Option(names = "--no-browser", description = "only print the address")
  private boolean withoutBrowser;

  @Option(names = "--list", description = "the names of the notebooks")
  private boolean list;

  @Option(
      names = "--install",
      description = "only make the kernel known to Jupyter, as everything above does first")
  private boolean install;

  private final Map<String, String> environment = System.getenv();

  @Override
  public Integer call() throws Exception {
    Path folder = Path.of(environment.get("TAPELAKE_HOME"), "notebooks");
    List<Path> ours = ours(folder);
    if (list) {
      ours.forEach(path -> System.out.println(name(path)));
      return ExitCode.DONE.code();
    }
    List<Path> chosen = new ArrayList<>();
    for (String name : names) {
      chosen.add(find(name, ours));
    }
    String root = vault();
    Kernel.install(environment.get("TAPELAKE_LAUNCHER"), environment);
    if (install) {
      return ExitCode.DONE.code();
    }
    List<String> command = new ArrayList<>(List.of(python()));
    if (execute || html) {
      command.addAll(execution(folder, chosen.isEmpty() ? ours : chosen));
    } else {
      command.addAll(jupyter(folder, chosen));
    }
    return runToItsEnd(command, root);
  }

  private static List<Path> ours(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(path -> path.toString().endsWith(SUFFIX)).sorted().toList();
    }
  }

  private static String name(Path notebook) {
    return notebook.getFileName().toString().replace(SUFFIX, "");
  }

  private static Path find(String said, List<Path> ours) {
    Path file = Path.of(said);
    if (Files.isRegularFile(file)) {
      return file.toAbsolutePath();
    }
    String part = said.replace(SUFFIX, "").toLowerCase(Locale.ROOT);
    List<Path> found =
        ours.stream().filter(path -> name(path).toLowerCase(Locale.ROOT).contains(part)).toList();
    if (found.size() != 1) {
      throw JobException.usage(
          "there is no notebook %s; ours are %s: a part of the name does"
              .formatted(
                  said, String.join(", ", ours.stream().map(NotebookCommand::name).toList())));
    }
    return found.get(0);
  }

  /** Absolute, since Jupyter starts the kernel in another folder. */
  private String vault() {
    Path demo = Path.of("demo-vault");
    String root = vault.isEmpty() ? DEFAULTS.root() : vault;
    boolean isThere = !VaultStores.isLocal(root) || Files.isDirectory(VaultStores.localPath(root));
    if (!vault.isEmpty() && !isThere) {
      throw JobException.usage(
          "there is no vault at %s; make one with 'tapelake demo'".formatted(root));
    }
    if (!isThere && Files.isDirectory(demo)) {
      root = demo.toString();
    }
    return VaultStores.isLocal(root)
        ? VaultStores.localPath(root).toAbsolutePath().normalize().toString()
        : root;
  }

  private List<String> execution(Path folder, List<Path> notebooks) {
    List<String> words = new ArrayList<>(List.of(folder.resolve("execute.py").toString()));
    if (html) {
      words.add("--html");
    }
    String stamp = STAMP.format(LocalDateTime.now(ZoneOffset.UTC));
    words.add(output == null ? "notebooks-" + stamp : output);
    notebooks.forEach(path -> words.add(path.toString()));
    return words;
  }

  private List<String> jupyter(Path folder, List<Path> notebooks) {
    List<String> words = new ArrayList<>(List.of("-m", "notebook", "--ip=127.0.0.1"));
    words.add("--notebook-dir=" + folder);
    if (System.getProperty("user.name").equals("root")) {
      words.add("--allow-root"); // Jupyter warns of it as it starts
    }
    if (port != null) {
      words.addAll(List.of("--port", port));
    }
    if (withoutBrowser) {
      words.add("--no-browser");
    }
    notebooks.forEach(path -> words.add(path.toString()));
    return words;
  }

  /** The first on the PATH (a virtual environment's, say), or the system's. */
  private static String python() throws IOException, InterruptedException {
    for (String python : List.of("python3", "/usr/bin/python3")) {
      try {
        Process asked =
            new ProcessBuilder(python, "-c", MODULES)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (asked.waitFor() == 0) {
          return python;
        }
      } catch (IOException e) {
        continue; // there is no such program
      }
    }
    throw JobException.usage(
        "this needs Jupyter, and no python3 here has it; on Debian: apt-get install"
            + " jupyter-notebook python3-nbconvert python3-jupyter-client; with pip: pip install"
            + " notebook nbconvert");
  }

  /** Ends with this process, and this one with it. */
  private int runToItsEnd(List<String> command, String root)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put("TAPELAKE_VAULT", root);
    if (DEFAULTS.configFile() != null) {
      builder.environment().put("TAPELAKE_CONFIG", "" + DEFAULTS.configFile().toAbsolutePath());
    }
    // The kernel has the class path of a Spark of its own, and its own address.
    builder.environment().remove("CLASSPATH");
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process), "jupyter"));
    return process.waitFor();
  }

  private static void end(Process process) {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
