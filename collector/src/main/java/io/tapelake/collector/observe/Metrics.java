package io.tapelake.collector.observe;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.GaugeDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.tapelake.metrics.ProgramMetrics;

/** The collector's figures, in the Prometheus format. */
public final class Metrics {

  private static final String INSTRUMENT = "instrument";

  private final ProgramMetrics figures = new ProgramMetrics("collector");
  private final Counter trades = counter("trades", "Trades written", INSTRUMENT);
  private final Counter duplicates =
      counter("duplicates", "Trades that were in already", INSTRUMENT);
  private final Counter refused =
      counter("refused_rows", "Trades that could not be one", INSTRUMENT);
  private final Counter fetched =
      counter("fetched", "Trades written that came from REST", INSTRUMENT);
  private final Counter partly =
      counter("partly_in", "Aggregates of which some ids were in already", INSTRUMENT);
  private final Counter chain =
      counter("aggregate_breaks", "Aggregates that do not follow their predecessor", INSTRUMENT);
  private final Counter gapsFound = counter("gaps_found", "Gaps in the trade ids", INSTRUMENT);
  private final Counter gapsFilled = counter("gaps_filled", "Gaps filled", INSTRUMENT);
  private final Gauge gapsOpen = gauge("gaps_open", "Gaps being filled", INSTRUMENT);
  private final Gauge missing = gauge("missing_ids", "Ids that are known and not in", INSTRUMENT);
  private final Gauge lag =
      gauge("lag_seconds", "Local clock less event time of the newest push", INSTRUMENT);
  private final Gauge lastPush =
      gauge("last_push_seconds", "When trades were pushed last, by the local clock", INSTRUMENT);
  private final Gauge subscribed = gauge("subscribed", "1 while subscribed", INSTRUMENT);
  private final Gauge degraded =
      gauge("degraded", "1 while something is wrong with the instrument", INSTRUMENT);
  private final Gauge pending = gauge("pending_bytes", "Bytes not written yet", INSTRUMENT);
  private final Gauge givenUp =
      gauge("given_up_ids", "Missing ids that the exchange does not have", INSTRUMENT);
  private final Counter setAside =
      counter("set_aside", "Trades whose ids contradict what is known", INSTRUMENT);
  private final Gauge connections = gauge("connections", "Open connections");
  private final Counter foreign =
      counter("foreign_pushes", "Pushes of instruments that were not asked for");
  private final Counter disconnects = counter("disconnects", "Connections lost or given up");
  private final Counter overflows = counter("overflows", "Connections dropped: queue full");
  private final Counter stalls = counter("stalls", "Feeds that were silent while REST was not");
  private final Counter unreadable = counter("unreadable_messages", "Messages of no known form");
  private final Counter unknown = counter("unknown_events", "Events of no known kind");
  private final Counter notices = counter("notices", "Notices of the exchange");
  private final Counter restRequests = counter("rest_requests", "REST requests");
  private final Counter restFailures = counter("rest_failures", "REST requests without an answer");
  private final Counter restLimited = counter("rest_limited", "REST requests refused: too many");
  private final Counter writeErrors = counter("write_errors", "Failed writes");
  private final Counter received = counter("received_bytes", "Bytes read from the network");
  private final Counter written = counter("written_bytes", "Bytes written to raw files");
  private final Gauge skew =
      gauge("clock_skew_seconds", "The exchange's clock less the local clock");
  private final Gauge free = gauge("vault_free_bytes", "Bytes free where the vault is");
  private final Gauge healthy = gauge("healthy", "1 when healthy");

  private Counter counter(String name, String help, String... labels) {
    return figures.counter(name, help, labels);
  }

  private Gauge gauge(String name, String help, String... labels) {
    return figures.gauge(name, help, labels);
  }

  /** The figures of one instrument. */
  public InstrumentMetrics instrument(String name) {
    return new InstrumentMetrics(
        trades.labelValues(name),
        duplicates.labelValues(name),
        refused.labelValues(name),
        fetched.labelValues(name),
        partly.labelValues(name),
        chain.labelValues(name),
        gapsFound.labelValues(name),
        gapsFilled.labelValues(name),
        gapsOpen.labelValues(name),
        missing.labelValues(name),
        lag.labelValues(name),
        lastPush.labelValues(name),
        subscribed.labelValues(name),
        degraded.labelValues(name),
        pending.labelValues(name),
        givenUp.labelValues(name),
        setAside.labelValues(name),
        written,
        writeErrors);
  }

  /** The figures of one instrument. */
  public record InstrumentMetrics(
      CounterDataPoint trades,
      CounterDataPoint duplicates,
      CounterDataPoint refused,
      CounterDataPoint fetched,
      CounterDataPoint partlyIn,
      CounterDataPoint aggregateBreaks,
      CounterDataPoint gapsFound,
      CounterDataPoint gapsFilled,
      GaugeDataPoint gapsOpen,
      GaugeDataPoint missing,
      GaugeDataPoint lag,
      GaugeDataPoint lastPush,
      GaugeDataPoint subscribed,
      GaugeDataPoint degraded,
      GaugeDataPoint pending,
      GaugeDataPoint givenUp,
      CounterDataPoint setAside,
      CounterDataPoint writtenBytes,
      CounterDataPoint writeErrors) {}

  public Gauge connections() {
    return connections;
  }

  public Counter foreign() {
    return foreign;
  }

  public Counter disconnects() {
    return disconnects;
  }

  public Counter overflows() {
    return overflows;
  }

  public Counter stalls() {
    return stalls;
  }

  public Counter unreadable() {
    return unreadable;
  }

  public Counter unknown() {
    return unknown;
  }

  public Counter notices() {
    return notices;
  }

  public Counter restRequests() {
    return restRequests;
  }

  public Counter restFailures() {
    return restFailures;
  }

  public Counter restLimited() {
    return restLimited;
  }

  public Counter received() {
    return received;
  }

  public Gauge skew() {
    return skew;
  }

  public Gauge healthy() {
    return healthy;
  }

  /** Bytes free for the vault. */
  public Gauge free() {
    return free;
  }

  /** All of them, as text. */
  public ProgramMetrics figures() {
    return figures;
  }
}
