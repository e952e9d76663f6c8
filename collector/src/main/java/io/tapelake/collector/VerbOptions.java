package io.tapelake.collector;

import io.tapelake.collector.write.RawFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
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
    return CommandLine.parse(arguments).settings();
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

  /**
   * The instruments of a vault that were asked for, all of them when none was. The exchange's names
   * are of capitals; others mean the same.
   *
   * @throws UsageException when the vault has no raw files of one
   */
  static Set<String> ofVault(Path vault, Set<String> asked) throws IOException, UsageException {
    Set<String> there = RawFolder.instruments(vault);
    Set<String> chosen = new TreeSet<>(asked.isEmpty() ? there : Set.of());
    for (String name : asked) {
      String found = there.contains(name) ? name : name.toUpperCase(Locale.ROOT);
      if (!there.contains(found)) {
        throw new UsageException(
            "The vault %s has no raw files of '%s'; it has those of %s. Correct --instruments."
                .formatted(vault, name, there.isEmpty() ? "nobody" : String.join(", ", there)));
      }
      chosen.add(found);
    }
    return chosen;
  }

  static void add(List<String> arguments, String option, String value) {
    if (value != null) {
      arguments.add(option);
      arguments.add(value);
    }
  }
}
