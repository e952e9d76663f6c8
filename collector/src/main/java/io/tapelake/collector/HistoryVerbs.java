package io.tapelake.collector;

import io.tapelake.collector.history.TermsBook;
import io.tapelake.collector.settings.UsageException;
import io.tapelake.collector.write.VaultFiles;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** The verbs that bring history in and keep it, by their names. */
final class HistoryVerbs {

  /** Finished what could be done, but some input needs a person. */
  static final int NEEDS_PERSON = 4;

  private static final Map<String, Supplier<Callable<Integer>>> VERBS =
      Map.of(
          "import", ImportVerb::new,
          "fetch", FetchVerb::new,
          "archive", ArchiveVerb::new,
          "coverage", CoverageVerb::new,
          "certify", CertifyVerb::new);

  private HistoryVerbs() {}

  static boolean has(String verb) {
    return VERBS.containsKey(verb);
  }

  /** Runs a verb and returns its exit code; what is wrong is said on standard error. */
  static int run(String verb, List<String> arguments) {
    picocli.CommandLine line = new picocli.CommandLine(VERBS.get(verb).get());
    line.setOverwrittenOptionsAllowed(true);
    line.setParameterExceptionHandler(
        (exception, given) -> {
          Collector.complain(
              exception.getMessage() + "; ./tapelake " + verb + " --help shows all options");
          return Collector.USAGE;
        });
    line.setExecutionExceptionHandler(
        (exception, commandLine, parsed) -> failed(exception, arguments));
    return line.execute(arguments.toArray(new String[0]));
  }

  private static int failed(Exception failure, List<String> arguments) {
    if (arguments.contains("--verbose")) {
      failure.printStackTrace();
    }
    if (failure instanceof UsageException
        || failure instanceof IllegalArgumentException
        || failure instanceof TermsBook.UnknownTermsException) {
      Collector.complain(failure.getMessage());
      return Collector.USAGE;
    }
    String what =
        failure instanceof IOException
                && failure.getMessage() != null
                && failure.getClass() == IOException.class
            ? failure.getMessage()
            : VaultFiles.reason(failure);
    Collector.complain("Failed: " + what + ". Nothing is lost; start again.");
    return Collector.FAILED;
  }
}
