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
  public final Gauge connections = gauge("connections", "Open connections");
  public final Counter foreign =
      counter("foreign_pushes", "Pushes of instruments that were not asked for");
  public final Counter disconnects = counter("disconnects", "Connections lost or given up");
  public final Counter overflows = counter("overflows", "Connections dropped: queue full");
  public final Counter stalls = counter("stalls", "Feeds that were silent while REST was not");
  public final Counter unreadable = counter("unreadable_messages", "Messages of no known form");
  public final Counter unknown = counter("unknown_events", "Events of no known kind");
  public final Counter notices = counter("notices", "Notices of the exchange");
  public final Counter restRequests = counter("rest_requests", "REST requests");
  public final Counter restFailures = counter("rest_failures", "REST requests without an answer");
  public final Counter restLimited = counter("rest_limited", "REST requests refused: too many");
  private final Counter writeErrors = counter("write_errors", "Failed writes");
  public final Counter received = counter("received_bytes", "Bytes read from the network");
  private final Counter written = counter("written_bytes", "Bytes written to raw files");
  public final Gauge skew =
      gauge("clock_skew_seconds", "The exchange's clock less the local clock");
  public final Gauge free = gauge("vault_free_bytes", "Bytes free where the vault is");
  public final Gauge healthy = gauge("healthy", "1 when healthy");

  private Counter counter(String name, String help, String... labels) {
    return figures.counter(name, help, labels);
  }

  private Gauge gauge(String name, String help, String... labels) {
    return figures.gauge(name, help, labels);
  }

  /** The figures of one instrument. */
  public InstrumentMetrics instrument(String name) {
    return new InstrumentMetrics(this, name);
  }

  /** The figures of one instrument. */
  public static final class InstrumentMetrics {
    public final CounterDataPoint trades;
    public final CounterDataPoint duplicates;
    public final CounterDataPoint refused;
    public final CounterDataPoint fetched;
    public final CounterDataPoint partlyIn;
    public final CounterDataPoint aggregateBreaks;
    public final CounterDataPoint gapsFound;
    public final CounterDataPoint gapsFilled;
    public final GaugeDataPoint gapsOpen;
    public final GaugeDataPoint missing;
    public final GaugeDataPoint lag;
    public final GaugeDataPoint lastPush;
    public final GaugeDataPoint subscribed;
    public final GaugeDataPoint degraded;
    public final GaugeDataPoint pending;
    public final GaugeDataPoint givenUp;
    public final CounterDataPoint setAside;
    public final CounterDataPoint writtenBytes;
    public final CounterDataPoint writeErrors;

    private InstrumentMetrics(Metrics all, String name) {
      trades = all.trades.labelValues(name);
      duplicates = all.duplicates.labelValues(name);
      refused = all.refused.labelValues(name);
      fetched = all.fetched.labelValues(name);
      partlyIn = all.partly.labelValues(name);
      aggregateBreaks = all.chain.labelValues(name);
      gapsFound = all.gapsFound.labelValues(name);
      gapsFilled = all.gapsFilled.labelValues(name);
      gapsOpen = all.gapsOpen.labelValues(name);
      missing = all.missing.labelValues(name);
      lag = all.lag.labelValues(name);
      lastPush = all.lastPush.labelValues(name);
      subscribed = all.subscribed.labelValues(name);
      degraded = all.degraded.labelValues(name);
      pending = all.pending.labelValues(name);
      givenUp = all.givenUp.labelValues(name);
      setAside = all.setAside.labelValues(name);
      writtenBytes = all.written;
      writeErrors = all.writeErrors;
    }
  }

  /** All of them, as text. */
  public ProgramMetrics figures() {
    return figures;
  }
}
