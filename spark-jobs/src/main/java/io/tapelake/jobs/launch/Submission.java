package io.tapelake.jobs.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A verb's arguments, parted into what spark-submit takes and what the job takes.
 *
 * @param options spark-submit's options, each followed by its value, without {@code --master}
 * @param driverMemory of {@code --driver-memory}, or null
 * @param master of {@code --master}, or null
 * @param words the verb and its own arguments; {@code --master} stands here, too: the job checks it
 */
record Submission(List<String> options, String driverMemory, String master, List<String> words) {

  /** An option without its value; the message tells which. */
  static final class UsageException extends Exception {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
      super(message);
    }
  }

  private static final String MASTER = "--master";
  private static final String DRIVER_MEMORY = "--driver-memory";
  private static final String JARS = "--jars";
  private static final Set<String> TAKEN =
      Set.of(
          MASTER,
          DRIVER_MEMORY,
          JARS,
          "--executor-memory",
          "--executor-cores",
          "--total-executor-cores",
          "--num-executors",
          "--conf",
          "--packages",
          "--properties-file");

  /** Masters that spark-submit knows; any other goes to the job alone, which says so properly. */
  private static final Pattern KNOWN_MASTER =
      Pattern.compile("(local($|\\[)|spark://|k8s://|yarn$).*");

  /** Parts the arguments of a verb. */
  static Submission of(String verb, List<String> arguments) throws UsageException {
    List<String> options = new ArrayList<>();
    List<String> words = new ArrayList<>(List.of(verb));
    String driverMemory = null;
    String master = null;
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("--")) {
        words.addAll(arguments.subList(i, arguments.size()));
        break;
      }
      int equals = argument.indexOf('=');
      String option = equals < 0 ? argument : argument.substring(0, equals);
      if (!TAKEN.contains(option)) {
        words.add(argument);
        continue;
      }
      if (equals < 0 && ++i == arguments.size()) {
        throw new UsageException(option + " needs a value; see tapelake " + verb + " --help");
      }
      String value = equals < 0 ? arguments.get(i) : argument.substring(equals + 1);
      switch (option) {
        case MASTER -> {
          master = value;
          words.addAll(List.of(MASTER, value));
        }
        case DRIVER_MEMORY -> driverMemory = value;
        default -> options.addAll(List.of(option, value));
      }
    }
    return new Submission(options, driverMemory, master, words);
  }

  /** Whether spark-submit would add nothing. Its own start costs a second. */
  boolean isLocal() {
    return options.isEmpty()
        && (master == null || master.equals("local") || master.startsWith("local["));
  }

  /**
   * What spark-submit is told: the program, and further jars that it needs beside those that the
   * arguments name; of several {@code --jars} spark-submit takes the last one.
   */
  List<String> command(String mainClass, String program, List<String> jars) {
    List<String> command = new ArrayList<>();
    List<String> allJars = new ArrayList<>(jars);
    for (int i = 0; i < options.size(); i += 2) {
      if (options.get(i).equals(JARS)) {
        allJars.add(options.get(i + 1));
      } else {
        command.addAll(options.subList(i, i + 2));
      }
    }
    if (master != null && KNOWN_MASTER.matcher(master).matches()) {
      command.addAll(List.of(MASTER, master));
    }
    if (!allJars.isEmpty()) {
      command.addAll(List.of(JARS, String.join(",", allJars)));
    }
    command.addAll(List.of("--class", mainClass, program));
    command.addAll(words);
    return command;
  }
}
