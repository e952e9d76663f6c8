package io.tapelake.jobs.observe;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.tapelake.metrics.ProgramMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What runs of the job did, as figures for Prometheus. */
public final class JobMetrics {

  private static final String INSTRUMENT = "instrument";
  private static final double MILLIS_A_SECOND = 1000;

  /** A line of Prometheus' text format with labels whose values need no escapes, as ours. */
  private static final Pattern SAMPLE =
      Pattern.compile("([a-z_]+)(?:\\{([^}]*)\\})? ([0-9.Ee+-]+)");

  private static final Pattern LABEL = Pattern.compile("=\"([^\"]*)\"");

  private final ProgramMetrics figures = new ProgramMetrics("job");
  private final Map<String, BiConsumer<String[], Double>> setters = new TreeMap<>();

  private final Gauge lastSuccess =
      gauge("last_success_timestamp_seconds", "When a run ended last that left nothing undone");
  private final Gauge lastRun = gauge("last_run_timestamp_seconds", "When a run ended last");
  private final Gauge lastCode = gauge("last_exit_code", "How that run ended, as its exit code");
  private final Counter runs = counter("runs", "Runs, by exit code", "exit_code");
  private final Counter seconds = counter("run_seconds", "Time that finished runs took");
  private final Counter steps = counter("step_seconds", "Time by step of the runs", "step");
  private final Gauge asOf =
      gauge("as_of_timestamp_seconds", "The instant up to which minutes are closed", INSTRUMENT);
  private final Gauge newest =
      gauge("newest_trade_timestamp_seconds", "Newest trade in a closed minute", INSTRUMENT);
  private final Gauge lag =
      gauge("lag_seconds", "As-of less the newest trade in a closed minute", INSTRUMENT);
  private final Counter bytes = counter("read_bytes", "Bytes read of raw files", INSTRUMENT);
  private final Counter trades = counter("trades", "Trades taken", INSTRUMENT);
  private final Counter late =
      counter("late_trades", "Trades of minutes closed before", INSTRUMENT);
  private final Counter duplicates =
      counter("duplicate_lines", "Lines that repeat a trade", INSTRUMENT);
  private final Counter refused =
      counter("refused_lines", "Lines that are no valid trade", INSTRUMENT, "reason");
  private final Counter rows = counter("written_rows", "Rows of minutes written", INSTRUMENT);

  private Counter counter(String name, String help, String... labels) {
    Counter counter = figures.counter(name, help, labels);
    setters.put(
        figures.name(name) + "_total", (values, value) -> counter.labelValues(values).inc(value));
    return counter;
  }

  private Gauge gauge(String name, String help, String... labels) {
    Gauge gauge = figures.gauge(name, help, labels);
    setters.put(figures.name(name), (values, value) -> gauge.labelValues(values).set(value));
    return gauge;
  }

  /** All of them, to be served or written. */
  ProgramMetrics figures() {
    return figures;
  }

  /** Goes on from the figures that an earlier process wrote; lines of others are left out. */
  void continueFrom(List<String> lines) {
    for (String line : lines) {
      Matcher sample = SAMPLE.matcher(line);
      if (sample.matches() && setters.containsKey(sample.group(1))) {
        String labels = sample.group(2) == null ? "" : sample.group(2);
        String[] values =
            LABEL.matcher(labels).results().map(m -> m.group(1)).toArray(String[]::new);
        setters.get(sample.group(1)).accept(values, Double.parseDouble(sample.group(3)));
      }
    }
  }

  /** A run ended. */
  public void ended(Instant when, int exitCode) {
    runs.labelValues(Integer.toString(exitCode)).inc();
    lastRun.set(seconds(when));
    lastCode.set(exitCode);
    if (exitCode == 0) {
      lastSuccess.set(seconds(when));
    }
  }

  /** What a run took, and its steps of that. */
  public void took(Duration duration, Map<String, Duration> ofSteps) {
    seconds.inc(seconds(duration));
    ofSteps.forEach((step, each) -> steps.labelValues(step).inc(seconds(each)));
  }

  /**
   * How far an instrument is.
   *
   * @param newestTrade null when none is in a closed minute
   */
  public void reached(String instrument, Instant until, Instant newestTrade) {
    asOf.labelValues(instrument).set(seconds(until));
    if (newestTrade != null) {
      newest.labelValues(instrument).set(seconds(newestTrade));
      lag.labelValues(instrument).set(seconds(Duration.between(newestTrade, until)));
    }
  }

  /** What a run read of an instrument's files. */
  public void read(String instrument, long readBytes, long taken, long writtenRows) {
    bytes.labelValues(instrument).inc(readBytes);
    trades.labelValues(instrument).inc(taken);
    rows.labelValues(instrument).inc(writtenRows);
  }

  /** What of it was out of the ordinary. */
  public void found(
      String instrument, long lateTrades, long repeated, Map<String, Long> refusedByReason) {
    late.labelValues(instrument).inc(lateTrades);
    duplicates.labelValues(instrument).inc(repeated);
    refusedByReason.forEach((reason, n) -> refused.labelValues(instrument, reason).inc(n));
  }

  private static double seconds(Instant instant) {
    return instant.toEpochMilli() / MILLIS_A_SECOND;
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / MILLIS_A_SECOND;
  }
}
