package io.tapelake.jobs.alert;

import io.tapelake.analytics.signal.Signal;
import io.tapelake.analytics.signal.SignalLine;
import java.util.Comparator;

/**
 * A signal that somebody is still to be told of.
 *
 * @param instrument the signal's instrument
 * @param minute minutes since 1970-01-01T00:00Z of the signal's minute
 * @param id the signal's id
 * @param line the signal's line in the export
 * @param isToPost whether the webhook does not have it yet
 * @param isToPrint whether it was not printed yet
 * @param refusals how often the webhook's receiver refused it
 */
public record Alert(
    String instrument,
    long minute,
    String id,
    String line,
    boolean isToPost,
    boolean isToPrint,
    int refusals) {

  static final Comparator<Alert> BY_MINUTE_AND_ID =
      Comparator.comparingLong(Alert::minute).thenComparing(Alert::id);

  static Alert of(Signal signal, boolean post, boolean print) {
    return new Alert(
        signal.instrument(), signal.minute(), signal.id(), SignalLine.of(signal), post, print, 0);
  }

  /** The same with the figures that a revision gave the signal. */
  Alert revised(Signal signal) {
    return new Alert(instrument, minute, id, SignalLine.of(signal), isToPost, isToPrint, refusals);
  }

  Alert posted() {
    return new Alert(instrument, minute, id, line, false, isToPrint, refusals);
  }

  Alert printed() {
    return new Alert(instrument, minute, id, line, isToPost, false, refusals);
  }

  Alert refused() {
    return new Alert(instrument, minute, id, line, isToPost, isToPrint, refusals + 1);
  }

  boolean isOpen() {
    return isToPost || isToPrint;
  }
}
