package io.tapelake.jobs;

import io.tapelake.jobs.cli.BackfillCommand;
import io.tapelake.jobs.cli.MaintainCommand;
import io.tapelake.jobs.cli.RunCommand;
import io.tapelake.jobs.cli.SqlCommand;
import io.tapelake.jobs.cli.VerifyCommand;
import io.tapelake.jobs.outcome.ExitCode;
import io.tapelake.jobs.outcome.JobException;
import io.tapelake.jobs.published.DamagedException;
import io.tapelake.jobs.sql.SqlError;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** The Spark verbs, for spark-submit: the first argument is the verb. */
@Command(
    name = "tapelake",
    description = "Exact rolling VWAP of perpetual swaps, from raw trades to Delta tables.",
    mixinStandardHelpOptions = true,
    version = "tapelake 0.1.0",
    subcommands = {
      RunCommand.class,
      BackfillCommand.class,
      VerifyCommand.class,
      MaintainCommand.class,
      SqlCommand.class
    })
public final class Tapelake {

  /** Then not even the end of the session would go well. */
  private static volatile boolean outOfMemory;

  private Tapelake() {}

  /** Runs a verb and ends the process with its exit code. */
  public static void main(String[] args) {
    exit(execute(args));
  }

  /** Ends the process, after its Spark session. */
  public static void exit(int code) {
    if (outOfMemory) {
      Runtime.getRuntime().halt(code);
    }
    SparkSession.getDefaultSession().foreach(Tapelake::stop);
    System.exit(code);
  }

  /**
   * Runs a verb in this process, in its active Spark session where there is one.
   *
   * @return the exit code
   */
  public static int execute(String... args) {
    return execute(new Tapelake(), args);
  }

  /**
   * Runs a verb of a set of verbs.
   *
   * @param verbs a command whose subcommands they are
   * @return the exit code
   */
  public static int execute(Object verbs, String... args) {
    // Delta and Spark write numbers into logs and schemas as the locale does: some have digits of
    // their own.
    Locale.setDefault(Locale.ROOT);
    List<String> words = Arrays.asList(args);
    CommandLine commandLine = new CommandLine(verbs);
    commandLine
        .getSubcommands()
        .values()
        .forEach(verb -> verb.getCommandSpec().mixinStandardHelpOptions(true));
    commandLine.setExecutionStrategy(Tapelake::runVerb);
    commandLine.setParameterExceptionHandler(
        (failure, given) -> {
          String verb = failure.getCommandLine().getCommandName();
          String hint =
              verb.equals("tapelake") ? "'./tapelake --help'" : "'./tapelake " + verb + " --help'";
          say(firstLine(failure) + "; " + hint + " shows what there is");
          return ExitCode.USAGE.code();
        });
    commandLine.setExecutionExceptionHandler(
        (failure, command, result) -> {
          if (words.contains("--verbose")) {
            failure.printStackTrace(System.err);
          }
          if (failure instanceof JobException refusal) {
            say(refusal.getMessage());
            return refusal.exitCode().code();
          }
          outOfMemory |= JobException.isOutOfMemory(failure);
          if (outOfMemory) {
            say("out of memory; nothing is lost: give more with --driver-memory and run again");
            return ExitCode.FAILED.code();
          }
          DamagedException damage =
              failure instanceof SqlError ? DamagedException.in(failure) : null;
          if (damage != null) {
            say(damage.withWayOut());
            return ExitCode.NEEDS_PERSON.code();
          }
          Throwable cause = rootCause(failure);
          String wayOn =
              DamagedException.isOfContent(cause)
                  ? "'./tapelake verify' tells whether a file of the vault is damaged"
                  : "nothing is lost, running again is safe";
          say("%s; %s (--verbose shows the stack trace)".formatted(firstLine(cause), wayOn));
          return ExitCode.FAILED.code();
        });
    return commandLine.execute(args);
  }

  private static int runVerb(ParseResult result) {
    Integer help = CommandLine.executeHelpRequest(result);
    if (help != null) {
      return help;
    }
    if (!result.hasSubcommand()) {
      say("no verb given; './tapelake --help' lists the verbs");
      return ExitCode.USAGE.code();
    }
    try {
      return new CommandLine.RunLast().execute(result);
    } catch (Error e) {
      // Hadoop reports a full disk as one; picocli tells of exceptions only.
      throw new CommandLine.ExecutionException(result.commandSpec().commandLine(), "" + e, e);
    }
  }

  private static scala.runtime.BoxedUnit stop(SparkSession spark) {
    spark.stop();
    return scala.runtime.BoxedUnit.UNIT;
  }

  private static Throwable rootCause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static String firstLine(Throwable failure) {
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    String line = message.lines().findFirst().orElse("").strip();
    return failure instanceof CommandLine.ParameterException
        ? line
        : failure.getClass().getSimpleName() + ": " + line;
  }

  private static void say(String message) {
    System.err.println("tapelake: " + message);
  }
}
