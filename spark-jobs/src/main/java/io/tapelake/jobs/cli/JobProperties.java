package io.tapelake.jobs.cli;

import io.tapelake.analytics.signal.SignalSettings;
import io.tapelake.analytics.window.Anchor;
import io.tapelake.analytics.window.WindowSpec;
import io.tapelake.jobs.alert.AlertSettings;
import io.tapelake.jobs.outcome.JobException;
import io.tapelake.jobs.plan.AnalyticsSettings;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.vault.DurationText;
import io.tapelake.vault.ListText;
import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;

/**
 * The configuration file {@code conf/jobs.properties}. What the command line says goes before what
 * the file says, and that before the defaults. A key that is not known is an error.
 */
final class JobProperties {

  static final String VAULT = "vault.root";
  static final String WINDOWS = "job.windows";
  static final String GRACE = "job.grace";
  static final String MAX_REFUSED_RATIO = "job.max-refused-ratio";
  static final String TRADES = "job.trades";
  static final String SLICE_SIZE = "job.slice-megabytes";
  static final String INLINE_SIZE = "job.inline-megabytes";
  static final String INSTRUMENTS = "job.instruments";
  static final String ANALYTICS = "job.analytics";
  static final String ANCHORS = "job.anchors";
  static final String CVD_ORIGIN = "job.cvd-origin";
  static final String SIGNALS = "job.signals.";
  static final String ALERTS_WEBHOOK = "job.alerts.webhook";
  static final String ALERTS_STDOUT = "job.alerts.stdout";
  static final String ALERTS_MAX_AGE = "job.alerts.max-age";

  /** Every key with its default. */
  static final Map<String, String> DEFAULTS = defaults();

  private static final int MAX_SLICE_MEGABYTES = 1024;
  private static final int MAX_INLINE_MEGABYTES = 1 << 20;
  private static final Duration MAX_ALERT_AGE = Duration.ofDays(1);

  private final Map<String, String> values;

  private JobProperties(Map<String, String> values) {
    this.values = values;
  }

  private static Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put(VAULT, "vault-data");
    defaults.put(INSTRUMENTS, "");
    defaults.put(WINDOWS, "15m,1h,4h,1d");
    defaults.put(GRACE, "10s");
    defaults.put(MAX_REFUSED_RATIO, "0.01");
    defaults.put(TRADES, "true");
    defaults.put(SLICE_SIZE, "32");
    defaults.put(INLINE_SIZE, "64");
    defaults.put(ANALYTICS, "true");
    defaults.put(ANCHORS, "");
    defaults.put(CVD_ORIGIN, "");
    SignalSettings.DEFAULTS.forEach((key, value) -> defaults.put(SIGNALS + key, value));
    defaults.put(ALERTS_WEBHOOK, "");
    defaults.put(ALERTS_STDOUT, "false");
    defaults.put(ALERTS_MAX_AGE, "1h");
    return defaults;
  }

  /**
   * The configuration of a file; null for the defaults alone.
   *
   * @throws JobException usage when it cannot be read or has an unknown key
   */
  static JobProperties load(Path file) {
    Map<String, String> values = new LinkedHashMap<>(DEFAULTS);
    if (file != null) {
      Properties properties = new Properties();
      try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        properties.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw JobException.usage(
            "cannot read the configuration " + file + " (" + e + "); check --config", e);
      }
      for (String key : new TreeSet<>(properties.stringPropertyNames())) {
        if (!DEFAULTS.containsKey(key)) {
          throw JobException.usage(
              "unknown configuration key '%s' in %s; the keys are %s"
                  .formatted(key, file, String.join(", ", DEFAULTS.keySet())));
        }
        values.put(key, properties.getProperty(key).strip());
      }
    }
    return new JobProperties(values);
  }

  String vaultRoot() {
    return values.get(VAULT);
  }

  List<String> instruments() {
    return ListText.parse(values.get(INSTRUMENTS));
  }

  long sliceBytes() {
    return megabytes(SLICE_SIZE, 1, MAX_SLICE_MEGABYTES);
  }

  /** From so many bytes on a work without outputs goes through Spark's tasks as a whole. */
  long inlineBytes() {
    return megabytes(INLINE_SIZE, 0, MAX_INLINE_MEGABYTES);
  }

  private long megabytes(String key, int least, int most) {
    String text = values.get(key);
    try {
      int megabytes = Integer.parseInt(text);
      if (megabytes >= least && megabytes <= most) {
        return (long) megabytes << 20;
      }
    } catch (NumberFormatException e) {
      // Told below, together with numbers that are out of range.
    }
    throw bad(key, text, "give whole megabytes from %d to %d".formatted(least, most));
  }

  /** This configuration with the values of some keys that the command line says. */
  JobProperties with(Map<String, String> said) {
    Map<String, String> all = new LinkedHashMap<>(values);
    all.putAll(said);
    return new JobProperties(all);
  }

  /** What the outputs depend on. */
  OutputSettings outputSettings() {
    try {
      OutputSettings settings =
          new OutputSettings(
              WindowSpec.parseList(values.get(WINDOWS)),
              grace(),
              maxRefusedRatio(),
              flag(TRADES),
              analytics());
      if (settings.hasAnalytics()) {
        checkSignals(settings.spans().names());
      }
      return settings;
    } catch (IllegalArgumentException e) {
      throw JobException.usage(e.getMessage(), e);
    }
  }

  /** Nobody asks in vain for signals of a window that is not computed; the defaults may. */
  private void checkSignals(List<String> spans) {
    for (String key : List.of("windows", "cross")) {
      String given = values.get(SIGNALS + key);
      for (String name : ListText.parse(given.replace('/', ','))) {
        if (!spans.contains(name) && !given.equals(SignalSettings.DEFAULTS.get(key))) {
          throw bad(SIGNALS + key, given, "'%s' is none of %s".formatted(name, spans));
        }
      }
    }
  }

  private AnalyticsSettings analytics() {
    List<Anchor> anchors = Anchor.parseAll(ListText.parse(values.get(ANCHORS)));
    if (flag(ANALYTICS)) {
      return new AnalyticsSettings(anchors, cvdOrigin(), signals());
    }
    if (!anchors.isEmpty()) {
      throw bad(ANCHORS, values.get(ANCHORS), "anchors are part of the analytics, which are off");
    }
    return null;
  }

  private SignalSettings signals() {
    Map<String, String> signals = new LinkedHashMap<>();
    SignalSettings.DEFAULTS.keySet().forEach(key -> signals.put(key, values.get(SIGNALS + key)));
    return SignalSettings.of(signals);
  }

  /** Who is told of new signals. */
  AlertSettings alerts() {
    AlertSettings alerts = new AlertSettings(webhook(), flag(ALERTS_STDOUT), maxAge());
    if (alerts.isOn() && !flag(ANALYTICS)) {
      throw bad(
          ANALYTICS,
          values.get(ANALYTICS),
          "alerts tell of signals, which are part of the analytics; take %s and %s out"
              .formatted(ALERTS_WEBHOOK, ALERTS_STDOUT));
    }
    return alerts;
  }

  private URI webhook() {
    String text = values.get(ALERTS_WEBHOOK);
    try {
      return text.isEmpty() ? null : AlertSettings.parseWebhook(text);
    } catch (IllegalArgumentException e) {
      throw bad(ALERTS_WEBHOOK, AlertSettings.shown(text), e.getMessage());
    }
  }

  private Duration maxAge() {
    String text = values.get(ALERTS_MAX_AGE);
    try {
      Duration age = DurationText.parse(text);
      if (age.compareTo(MAX_ALERT_AGE) <= 0) {
        return age;
      }
    } catch (IllegalArgumentException e) {
      // Told below, together with durations that are too long.
    }
    throw bad(ALERTS_MAX_AGE, text, "give a duration such as 1h, of at most a day");
  }

  private Instant cvdOrigin() {
    String text = values.get(CVD_ORIGIN);
    try {
      return text.isEmpty() ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw bad(CVD_ORIGIN, text, "give an instant such as 2025-12-10T13:30:00Z, or nothing");
    }
  }

  private Duration grace() {
    try {
      return DurationText.parse(values.get(GRACE));
    } catch (IllegalArgumentException e) {
      throw bad(GRACE, values.get(GRACE), "give a duration such as 10s");
    }
  }

  private BigDecimal maxRefusedRatio() {
    String text = values.get(MAX_REFUSED_RATIO);
    try {
      BigDecimal ratio = new BigDecimal(text);
      if (ratio.signum() >= 0 && ratio.compareTo(BigDecimal.ONE) <= 0) {
        return ratio;
      }
    } catch (NumberFormatException e) {
      // Told below, together with numbers that are out of range.
    }
    throw bad(MAX_REFUSED_RATIO, text, "give a number from 0 to 1");
  }

  private boolean flag(String key) {
    return switch (values.get(key)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw bad(key, values.get(key), "give true or false");
    };
  }

  private static JobException bad(String key, String value, String advice) {
    return JobException.usage("bad value '%s' of %s; %s".formatted(value, key, advice));
  }
}
