package io.tapelake.collector.capture;

import io.tapelake.collector.cover.GapEvent;
import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.cover.IdRanges;
import io.tapelake.collector.observe.Metrics.InstrumentMetrics;
import io.tapelake.collector.write.GapJournal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what becomes of one instrument's gaps: in its journal, in the figures and in the log. */
final class GapLog implements Consumer<GapEvent> {

  private static final Logger LOG = LoggerFactory.getLogger(GapLog.class);

  private final Path vault;
  private final String instrument;
  private final GapJournal journal;
  private final InstrumentMetrics metrics;
  private final Clock wall;

  GapLog(Path vault, String instrument, InstrumentMetrics metrics, Clock wall) {
    this.vault = vault;
    this.instrument = instrument;
    this.journal = new GapJournal(vault, instrument);
    this.metrics = metrics;
    this.wall = wall;
  }

  /**
   * What the journal still names as missing: a crash can come between a trade's writing and the
   * journal's line that says so.
   *
   * @param in the ids that are in the files
   * @param missing takes what is not
   */
  void settle(IdRanges in, Consumer<IdRange> missing) throws IOException {
    IdRanges filled = new IdRanges();
    for (IdRange range : GapJournal.missingOfThisLife(vault, instrument)) {
      IdRanges rest = new IdRanges();
      in.missing(range.from(), range.to()).forEach(ids -> rest.add(ids.from(), ids.to()));
      rest.missing(range.from(), range.to()).forEach(ids -> filled.add(ids.from(), ids.to()));
      rest.ranges().forEach(missing);
    }
    if (filled.rangeCount() > 0) {
      record(GapEvent.Kind.FILLED, filled.ranges(), "found in the files");
    }
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
        metrics.gapsFound.inc();
        LOG.info(
            "{}: {} trades are missing ({}), asking REST: {}",
            instrument,
            ids,
            event.cause(),
            excerpt(event.ids()));
      }
      case FILLED -> {
        metrics.gapsFilled.inc();
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
