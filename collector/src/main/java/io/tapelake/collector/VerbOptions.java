package io.tapelake.collector;

import io.tapelake.collector.settings.Arguments;
import io.tapelake.collector.settings.Settings;
import io.tapelake.collector.settings.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What every verb on history takes: where the vault is, and the collector's configuration. */
final class VerbOptions {

  @Option(names = "--vault", paramLabel = "DIR", description = "The vault's folder")
  private String vault;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Default: conf/collector.properties")
  private String config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Any key of that file; may be given several times")
  private List<String> set = new ArrayList<>();

  @SuppressWarnings("UnusedVariable") // looked for in the arguments when something fails
  @Option(names = "--verbose", description = "Adds stack traces to errors")
  private boolean verbose;

  @SuppressWarnings("UnusedVariable") // picocli looks at it
  @Option(names = "--help", usageHelp = true, description = "Shows this help")
  private boolean help;

  /** The settings these options make, with some more of the command line. */
  Settings settings(String... further) throws UsageException {
    List<String> arguments = new ArrayList<>(List.of(further));
    add(arguments, "--config", config);
    add(arguments, "--vault", vault);
    for (String one : set) {
      add(arguments, "--set", one);
    }
    return Arguments.parse(arguments).settings();
  }

  /**
   * The vault of these options, which has to be there.
   *
   * @throws UsageException when it is not: a slip, most likely
   */
  Path existingVault() throws UsageException {
    Path root = settings().vault();
    if (!Files.isDirectory(root)) {
      throw new UsageException("There is no vault " + root + "; correct --vault.");
    }
    return root;
  }

  static void add(List<String> arguments, String option, String value) {
    if (value != null) {
      arguments.add(option);
      arguments.add(value);
    }
  }
}
