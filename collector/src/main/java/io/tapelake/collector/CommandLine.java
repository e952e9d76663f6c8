package io.tapelake.collector;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * What was said on the command line and in the configuration file. The command line wins over the
 * file, the file over the defaults.
 */
final class CommandLine {

  private static final Path DEFAULT_FILE = Path.of("conf", "collector.properties");

  private final Map<Setting, String> texts = new EnumMap<>(Setting.class);
  private final Map<Setting, String> origins = new EnumMap<>(Setting.class);
  private Path file;
  private boolean help;
  private boolean verbose;
  private boolean json;

  private CommandLine() {}

  /** Reads options; the configuration file is read by {@link #settings}. */
  static CommandLine parse(List<String> arguments) throws UsageException {
    CommandLine line = new CommandLine();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.indexOf('=');
      boolean joined = argument.startsWith("--") && equals > 0;
      String option = joined ? argument.substring(0, equals) : argument;
      String value = joined ? argument.substring(equals + 1) : null;
      if (line.flag(option)) {
        continue;
      }
      Setting setting = Setting.ofOption(option);
      boolean known = setting != null || option.equals("--config") || option.equals("--set");
      if (!known) {
        throw new UsageException("Unknown option '" + option + "'; --help shows them all.");
      }
      if (setting != null && setting.placeholder == null) {
        line.say(setting, value == null ? "true" : value, option);
        continue;
      }
      if (value == null) {
        i++;
        if (i == arguments.size()) {
          throw new UsageException("Option " + option + " needs a value; --help shows them all.");
        }
        value = arguments.get(i);
      }
      line.take(option, setting, value);
    }
    return line;
  }

  private boolean flag(String option) {
    switch (option) {
      case "--help", "-h" -> help = true;
      case "--verbose" -> verbose = true;
      case "--json" -> json = true;
      default -> {
        return false;
      }
    }
    return true;
  }

  private void take(String option, Setting setting, String value) throws UsageException {
    if (option.equals("--config")) {
      file = Path.of(value);
    } else if (option.equals("--set")) {
      int equals = value.indexOf('=');
      Setting named = equals < 0 ? null : Setting.ofKey(value.substring(0, equals));
      if (named == null) {
        throw new UsageException(
            "Cannot use '"
                + value
                + "' of --set: give KEY=VALUE with a key of"
                + " collector.properties.");
      }
      say(named, value.substring(equals + 1), "--set " + named.key);
    } else {
      boolean oneMore = setting == Setting.TERMS && texts.containsKey(setting);
      say(setting, oneMore ? texts.get(setting) + ";" + value : value, option);
    }
  }

  private void say(Setting setting, String value, String origin) {
    texts.put(setting, value);
    origins.put(setting, origin);
  }

  /** The settings, with those of the configuration file where the command line says nothing. */
  Settings settings() throws UsageException {
    Path source = file != null ? file : Files.exists(DEFAULT_FILE) ? DEFAULT_FILE : null;
    if (source != null) {
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
    return new Settings(texts, origins);
  }

  boolean help() {
    return help;
  }

  boolean verbose() {
    return verbose;
  }

  boolean json() {
    return json;
  }

  /** What a verb takes. */
  static String usage(String verb, String does) {
    StringBuilder text = new StringBuilder("usage: tapelake " + verb + " [options]\n" + does);
    text.append("\n\noptions:\n");
    for (Setting setting : Setting.values()) {
      if (setting.option != null && (verb.equals("collect") || setting == Setting.VAULT)) {
        String form =
            setting.placeholder == null
                ? setting.option
                : setting.option + " " + setting.placeholder;
        text.append(String.format("  %-22s %s%n", form, setting.help));
        text.append(String.format("  %-22s (default: %s)%n", "", setting.defaultText));
      }
    }
    text.append(String.format("  %-22s %s%n", "--config FILE", "default: " + DEFAULT_FILE));
    text.append(String.format("  %-22s %s%n", "--set KEY=VALUE", "any key of that file"));
    if (verb.equals("status")) {
      text.append(String.format("  %-22s %s%n", "--json", "for machines"));
    }
    text.append(String.format("  %-22s %s%n", "--verbose", "adds stack traces to errors"));
    return text.toString();
  }
}
