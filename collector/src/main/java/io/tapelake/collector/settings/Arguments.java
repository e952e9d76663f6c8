package io.tapelake.collector.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * What was said on the command line and in the configuration file. The command line wins over the
 * file, the file over the defaults.
 */
public final class Arguments {

  private static final Path DEFAULT_FILE = Path.of("conf", "collector.properties");

  private final Map<Setting, String> texts = new EnumMap<>(Setting.class);
  private final Map<Setting, String> origins = new EnumMap<>(Setting.class);
  private final ParseResult parsed;

  private Arguments(ParseResult parsed) {
    this.parsed = parsed;
  }

  /** Reads options; the configuration file is read by {@link #settings}. */
  public static Arguments parse(List<String> arguments) throws UsageException {
    ParseResult parsed;
    try {
      parsed =
          new CommandLine(spec("collect", ""))
              .setOverwrittenOptionsAllowed(true)
              .parseArgs(arguments.toArray(String[]::new));
    } catch (ParameterException e) {
      throw new UsageException(e.getMessage() + "; --help shows all options.");
    }
    Arguments all = new Arguments(parsed);
    for (String pair : parsed.matchedOptionValue("--set", List.<String>of())) {
      all.set(pair);
    }
    for (OptionSpec option : parsed.matchedOptions()) {
      Setting setting = Setting.ofOption(option.longestName());
      if (setting != null) {
        List<String> said = option.stringValues();
        String last = said.get(said.size() - 1);
        all.say(setting, setting == Setting.TERMS ? String.join(";", said) : last, setting.option);
      }
    }
    return all;
  }

  private static CommandSpec spec(String verb, String does) {
    CommandSpec spec = CommandSpec.create().name("tapelake " + verb);
    spec.usageMessage().description(does).sortOptions(false).width(100).autoWidth(false);
    for (Setting setting : Setting.values()) {
      if (setting.option != null && (verb.equals("collect") || setting == Setting.VAULT)) {
        spec.addOption(option(setting));
      }
    }
    spec.addOption(text("--config", "FILE", "Default: " + DEFAULT_FILE));
    spec.addOption(
        OptionSpec.builder("--set")
            .paramLabel("KEY=VALUE")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description("Any key of that file; may be given several times")
            .build());
    spec.addOption(flag("--json", "For machines (status)"));
    spec.addOption(flag("--verbose", "Adds stack traces to errors"));
    spec.addOption(
        OptionSpec.builder("--help", "-h").usageHelp(true).description("Shows this help").build());
    return spec;
  }

  private static OptionSpec option(Setting setting) {
    String help = setting.help.substring(0, 1).toUpperCase(java.util.Locale.ROOT);
    String shown = setting.defaultText.isEmpty() ? "" : ". Default: " + setting.defaultText;
    String description = help + setting.help.substring(1) + shown;
    return setting.placeholder == null
        ? flag(setting.option, description)
        : text(setting.option, setting.placeholder, description);
  }

  private static OptionSpec text(String name, String placeholder, String description) {
    return OptionSpec.builder(name)
        .paramLabel(placeholder)
        .type(name.equals(Setting.TERMS.option) ? List.class : String.class)
        .auxiliaryTypes(String.class)
        .description(description)
        .build();
  }

  private static OptionSpec flag(String name, String description) {
    return OptionSpec.builder(name).type(boolean.class).description(description).build();
  }

  private void set(String pair) throws UsageException {
    int equals = pair.indexOf('=');
    Setting named = equals < 0 ? null : Setting.ofKey(pair.substring(0, equals));
    if (named == null) {
      throw new UsageException(
          "Cannot use '" + pair + "' of --set: give KEY=VALUE with a key of collector.properties.");
    }
    say(named, pair.substring(equals + 1), "--set " + named.key);
  }

  private void say(Setting setting, String value, String origin) {
    texts.put(setting, value);
    origins.put(setting, origin);
  }

  /** The settings, with those of the configuration file where the command line says nothing. */
  public Settings settings() throws UsageException {
    String said = parsed.matchedOptionValue("--config", null);
    boolean usual = said == null && Files.exists(DEFAULT_FILE);
    if (said != null || usual) {
      read(usual ? DEFAULT_FILE : Path.of(said));
    }
    return new Settings(texts, origins);
  }

  private void read(Path source) throws UsageException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(source, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new UsageException("Cannot read the configuration file " + source + ": " + e + ".");
    }
    for (String key : properties.stringPropertyNames()) {
      Setting setting = Setting.ofKey(key);
      if (setting == null) {
        throw new UsageException(
            "Unknown key '" + key + "' in " + source + "; remove it or correct its name.");
      }
      if (!texts.containsKey(setting)) {
        say(setting, properties.getProperty(key), key + " in " + source);
      }
    }
  }

  public boolean help() {
    return parsed.isUsageHelpRequested();
  }

  public boolean json() {
    return parsed.hasMatchedOption("--json");
  }

  /** What a verb takes. */
  public static String usage(String verb, String does) {
    return new CommandLine(spec(verb, does)).getUsageMessage(CommandLine.Help.Ansi.OFF);
  }
}
