package io.tapelake.live;

import io.tapelake.analytics.signal.SignalSettings;
import io.tapelake.analytics.window.Anchor;
import io.tapelake.analytics.window.Spans;
import io.tapelake.analytics.window.WindowSpec;
import io.tapelake.live.market.LiveSettings;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.DurationText;
import io.tapelake.vault.ListText;
import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the page takes from the job's configuration file, so that both show the same figures. Keys
 * that only the job needs are the job's to check.
 */
final class JobConfiguration {

  static final String VAULT = "vault.root";
  static final String INSTRUMENTS = "job.instruments";
  static final String WINDOWS = "job.windows";
  static final String GRACE = "job.grace";
  static final String ANCHORS = "job.anchors";

  private static final String MAX_REFUSED_RATIO = "job.max-refused-ratio";
  private static final String SIGNALS = "job.signals.";
  private static final String NAMES_FILE = "TAPELAKE_CONFIG";
  private static final Path DEFAULT_FILE = Path.of("conf", "jobs.properties");

  private final Map<String, String> values = new LinkedHashMap<>();

  private JobConfiguration() {
    values.put(VAULT, "vault-data");
    values.put(INSTRUMENTS, "");
    values.put(WINDOWS, "15m,1h,4h,1d");
    values.put(GRACE, "10s");
    values.put(ANCHORS, "");
    values.put(MAX_REFUSED_RATIO, "0.01");
  }

  /**
   * The configuration of a file: the one that is given, or that the environment names as it does
   * for the job, or the default one, if it is there.
   */
  static JobConfiguration load(Path given, Map<String, String> environment) {
    JobConfiguration configuration = new JobConfiguration();
    Path file = given != null ? given : file(environment.getOrDefault(NAMES_FILE, ""));
    if (file != null) {
      Properties properties = new Properties();
      try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        properties.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw new UsageException(
            "cannot read the configuration %s (%s); check --config, or %s"
                .formatted(file, e, NAMES_FILE));
      }
      properties.forEach(
          (key, value) -> configuration.values.put(key.toString(), value.toString().strip()));
    }
    return configuration;
  }

  private static Path file(String named) {
    if (!named.isEmpty()) {
      return Path.of(named);
    }
    return Files.exists(DEFAULT_FILE) ? DEFAULT_FILE : null;
  }

  /** Takes what the command line says; null says nothing. */
  void say(String key, String value) {
    if (value != null) {
      values.put(key, value);
    }
  }

  /** The vault's folder, which may be given as {@code file:/…}. */
  Path vault() {
    return Path.of(values.get(VAULT).replaceFirst("^file:(/*(?=/))?", ""));
  }

  /** The instruments that take part, in capitals as the exchange has them; empty for all. */
  Set<String> instruments() {
    String names = values.get(INSTRUMENTS).toUpperCase(Locale.ROOT);
    Set<String> wanted = new TreeSet<>(ListText.parse(names));
    for (String instrument : wanted) {
      if (!DayFile.isInstrument(instrument)) {
        throw new UsageException(
            "'%s' is no instrument; give names such as BTC-USDT-SWAP".formatted(instrument));
      }
    }
    return wanted;
  }

  LiveSettings settings() {
    try {
      List<Anchor> anchors = Anchor.parseAll(ListText.parse(values.get(ANCHORS)));
      Map<String, String> signals = new LinkedHashMap<>();
      for (String key : SignalSettings.DEFAULTS.keySet()) {
        if (values.containsKey(SIGNALS + key)) {
          signals.put(key, values.get(SIGNALS + key));
        }
      }
      return new LiveSettings(
          new Spans(WindowSpec.parseList(values.get(WINDOWS)), true, anchors),
          duration(GRACE, values.get(GRACE)),
          share(MAX_REFUSED_RATIO, values.get(MAX_REFUSED_RATIO)),
          SignalSettings.of(signals));
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  /** A duration such as 500ms, 10s, 5m, 2h, 7d. */
  static Duration duration(String name, String text) {
    try {
      return DurationText.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException(name + " " + e.getMessage());
    }
  }

  private static double share(String name, String text) {
    try {
      BigDecimal share = new BigDecimal(text);
      if (share.signum() >= 0 && share.compareTo(BigDecimal.ONE) <= 0) {
        return share.doubleValue();
      }
    } catch (NumberFormatException e) {
      // Told below, together with numbers that are no share.
    }
    throw new UsageException(
        "%s '%s' is not a share; give a number from 0 to 1, such as 0.01".formatted(name, text));
  }
}
