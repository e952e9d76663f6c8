package io.tapelake.notebooks;

import io.tapelake.jobs.Tapelake;
import picocli.CommandLine.Command;

/** The verbs that show things, for spark-submit: the first argument is the verb. */
@Command(
    name = "tapelake",
    description = "Notebooks and reports over a vault's tables.",
    mixinStandardHelpOptions = true,
    version = "tapelake 0.1.0",
    subcommands = {KernelCommand.class, NotebookCommand.class, ReportCommand.class})
public final class Notebooks {

  private Notebooks() {}

  /** Runs a verb and ends the process with its exit code. */
  public static void main(String[] args) {
    Tapelake.exit(execute(args));
  }

  /** Runs a verb in this process and returns its exit code. */
  static int execute(String... args) {
    return Tapelake.execute(new Notebooks(), args);
  }
}
