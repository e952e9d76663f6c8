package io.tapelake.jobs.outcome;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.jobs.alert.AlertFigures;
import io.tapelake.jobs.observe.JobMetrics;
import io.tapelake.jobs.plan.InstrumentCursor;
import io.tapelake.jobs.plan.TradeStamp;
import io.tapelake.vault.TradeLine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The figures of a run, collected while it runs; for a person as text, for machines as JSON. */
public final class RunSummary {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String verb;
  private final Instant started;
  private final Map<String, InstrumentSummary> instruments = new TreeMap<>();
  private final Map<String, Duration> steps = new LinkedHashMap<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final Map<String, InstrumentCursor> cursors = new TreeMap<>();
  private Instant asOf;
  private Duration took = Duration.ZERO;
  private TradeStamp newest;
  private AlertFigures alerts = AlertFigures.NONE;
  private boolean recovered;
  private int commits;

  public RunSummary(String verb, Instant started) {
    this.verb = verb;
    this.started = started;
  }

  public InstrumentSummary of(String instrument) {
    return instruments.computeIfAbsent(instrument, key -> new InstrumentSummary());
  }

  Instant started() {
    return started;
  }

  public void asOf(Instant instant) {
    asOf = instant;
  }

  public void took(Duration duration) {
    took = duration;
  }

  public void step(String name, Duration duration) {
    steps.merge(name, duration, Duration::plus);
  }

  /** Adds a step that began at a time of {@link System#nanoTime} and ends now, which it returns. */
  public long step(String name, long began) {
    long now = System.nanoTime();
    step(name, Duration.ofNanos(now - began));
    return now;
  }

  private void newest(TradeStamp stamp) {
    newest = TradeStamp.later(newest, stamp);
  }

  /** How far each instrument is. */
  public void reached(Map<String, InstrumentCursor> each) {
    cursors.putAll(each);
    each.values().forEach(cursor -> newest(cursor.newestClosed()));
  }

  /** Adds what the run did to the figures of its process. */
  public void observe(JobMetrics metrics) {
    metrics.took(took, steps);
    cursors.forEach(
        (instrument, cursor) -> {
          TradeStamp stamp = cursor.newestClosed();
          metrics.reached(instrument, cursor.asOf(), stamp == null ? null : stamp.time());
        });
    instruments.forEach(
        (instrument, each) -> {
          metrics.read(instrument, each.bytesRead, each.trades, each.minutesWritten);
          metrics.found(instrument, each.late, each.duplicates, each.refused);
        });
  }

  /** The newest trade in the tables, or null. */
  TradeStamp newest() {
    return newest;
  }

  public void committed() {
    commits++;
  }

  /** Something a person should know of, which needs no action. */
  public void warn(String message) {
    warnings.add(message);
  }

  /** Some input that needs a person: the run ends with exit code 4. */
  public void problem(String message) {
    problems.add(message);
  }

  public void recovered(String message) {
    recovered = true;
    warnings.add(message);
  }

  public void alerts(AlertFigures figures) {
    alerts = figures;
  }

  public List<String> warnings() {
    return warnings;
  }

  public List<String> problems() {
    return problems;
  }

  public ExitCode exitCode() {
    return problems.isEmpty() ? ExitCode.DONE : ExitCode.NEEDS_PERSON;
  }

  public long trades() {
    return instruments.values().stream().mapToLong(each -> each.trades).sum();
  }

  /** A few lines for a person. */
  public String text() {
    StringBuilder text = new StringBuilder();
    long bytes = instruments.values().stream().mapToLong(each -> each.bytesRead).sum();
    text.append(
        "%s as of %s: %,d trades from %,d bytes in %.1f s"
            .formatted(verb, asOf, trades(), bytes, took.toMillis() / 1000.0));
    if (commits == 0) {
      text.append(", nothing new");
    }
    lag().ifPresent(lag -> text.append(", newest trade ").append(lag.toSeconds()).append(" s old"));
    text.append('\n');
    instruments.forEach(
        (instrument, each) -> {
          text.append(
              "  %s: %,d trades, %,d minutes written"
                  .formatted(instrument, each.trades, each.minutesWritten));
          part(text, each.minutesRevised, "of them revised");
          part(text, each.late, "late");
          part(text, each.duplicates, "duplicates dropped");
          if (each.refusedCount() > 0) {
            text.append(", ").append(each.refusedCount()).append(" refused ").append(each.refused);
          }
          text.append('\n');
        });
    if (!alerts.isNone()) {
      text.append(
          "  alerts: %,d sent, %,d printed, %,d wait, %,d given up\n"
              .formatted(alerts.sent(), alerts.printed(), alerts.pending(), alerts.givenUp()));
    }
    return text.toString();
  }

  /** The same as one line of JSON. */
  public String json() {
    ObjectNode node = JSON.createObjectNode();
    node.put("verb", verb).put("started", started.toString()).put("as_of", String.valueOf(asOf));
    node.put("exit_code", exitCode().code()).put("recovered", recovered).put("commits", commits);
    node.put("seconds", took.toMillis() / 1000.0);
    node.put("bytes_read", instruments.values().stream().mapToLong(each -> each.bytesRead).sum());
    node.put("trades", trades());
    node.put("duplicates", instruments.values().stream().mapToLong(each -> each.duplicates).sum());
    node.put("late", instruments.values().stream().mapToLong(each -> each.late).sum());
    ObjectNode refused = node.putObject("refused");
    Map<String, Long> reasons = new TreeMap<>();
    instruments
        .values()
        .forEach(each -> each.refused.forEach((why, n) -> reasons.merge(why, n, Long::sum)));
    reasons.forEach(refused::put);
    if (newest != null) {
      node.put("newest_trade_utc", TradeLine.formatTime(newest.time()));
      lag().ifPresent(lag -> node.put("lag_seconds", lag.toMillis() / 1000.0));
    }
    ObjectNode each = node.putObject("instruments");
    instruments.forEach(
        (instrument, summary) ->
            each.putObject(instrument)
                .put("bytes_read", summary.bytesRead)
                .put("trades", summary.trades)
                .put("duplicates", summary.duplicates)
                .put("refused", summary.refusedCount())
                .put("late", summary.late)
                .put("minutes_written", summary.minutesWritten)
                .put("minutes_revised", summary.minutesRevised));
    node.putObject("alerts")
        .put("sent", alerts.sent())
        .put("printed", alerts.printed())
        .put("pending", alerts.pending())
        .put("given_up", alerts.givenUp());
    ObjectNode durations = node.putObject("step_seconds");
    steps.forEach((step, duration) -> durations.put(step, duration.toMillis() / 1000.0));
    ArrayNode notes = node.putArray("warnings");
    warnings.forEach(notes::add);
    ArrayNode needs = node.putArray("problems");
    problems.forEach(needs::add);
    return node.toString();
  }

  private java.util.Optional<Duration> lag() {
    return newest == null || asOf == null
        ? java.util.Optional.empty()
        : java.util.Optional.of(Duration.between(newest.time(), asOf));
  }

  private static void part(StringBuilder text, long count, String what) {
    if (count > 0) {
      text.append(", %,d %s".formatted(count, what));
    }
  }
}
