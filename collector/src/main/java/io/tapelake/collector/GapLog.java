package io.tapelake.collector;

import io.tapelake.collector.cover.GapEvent;
import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.observe.Metrics.InstrumentMetrics;
import io.tapelake.collector.write.GapJournal;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what becomes of one instrument's gaps: in its journal, in the figures and in the log. */
final class GapLog implements Consumer<GapEvent> {

  private static final Logger LOG = LoggerFactory.getLogger(GapLog.class);

  private final String instrument;
  private final GapJournal journal;
  private final InstrumentMetrics metrics;
  private final Clock wall;

  GapLog(String instrument, GapJournal journal, InstrumentMetrics metrics, Clock wall) {
    this.instrument = instrument;
    this.journal = journal;
    this.metrics = metrics;
    this.wall = wall;
  }

  /** Tells the journal alone. */
  void record(GapEvent.Kind kind, List<IdRange> ids, String cause) {
    journal.record(new GapEvent(kind, ids, cause), wall.instant());
  }

  @Override
  public void accept(GapEvent event) {
    journal.record(event, wall.instant());
    long ids = event.ids().stream().mapToLong(IdRange::size).sum();
    switch (event.kind()) {
      case FOUND -> {
        metrics.gapsFound().inc();
        LOG.info(
            "{}: {} trades are missing ({}), asking REST: {}",
            instrument,
            ids,
            event.cause(),
            excerpt(event.ids()));
      }
      case FILLED -> {
        metrics.gapsFilled().inc();
        LOG.info("{}: filled {} ({} ids)", instrument, excerpt(event.ids()), ids);
      }
      default ->
          LOG.warn(
              "{}: the exchange does not have {} of the missing trades: {} ({})",
              instrument,
              ids,
              excerpt(event.ids()),
              event.cause());
    }
  }

  private static String excerpt(List<IdRange> ids) {
    return ids.size() > 5 ? ids.subList(0, 5) + " and more" : ids.toString();
  }
}
