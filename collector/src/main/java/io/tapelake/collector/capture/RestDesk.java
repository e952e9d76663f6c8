package io.tapelake.collector.capture;

import io.tapelake.collector.connect.Backoff;
import io.tapelake.collector.connect.Hints;
import io.tapelake.collector.connect.Pace;
import io.tapelake.collector.connect.Rest;
import io.tapelake.collector.decode.Excerpt;
import io.tapelake.collector.decode.RestAnswer;
import io.tapelake.collector.decode.RestDecoder;
import io.tapelake.collector.decode.RestPage;
import io.tapelake.collector.observe.Complaints;
import io.tapelake.collector.observe.Metrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks REST within its limits: each kind of request has its pace, failures slow all of them down.
 */
final class RestDesk {

  private static final Logger LOG = LoggerFactory.getLogger(RestDesk.class);
  private static final Duration TROUBLE_AFTER = Duration.ofSeconds(20);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final Rest rest;
  private final Metrics metrics;
  private final Clock steady;
  private final Pace history;
  private final Pace other;
  private final Backoff backoff;
  private final Complaints complaints = new Complaints();
  private Instant failingSince;
  private String failure;

  RestDesk(
      Rest rest,
      Metrics metrics,
      Clock steady,
      Duration historySpacing,
      Duration otherSpacing,
      RandomGenerator random) {
    this.rest = rest;
    this.metrics = metrics;
    this.steady = steady;
    this.history = new Pace(historySpacing);
    this.other = new Pace(otherSpacing);
    this.backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, random);
  }

  boolean historyOpen(Instant now) {
    return history.isOpen(now);
  }

  boolean otherOpen(Instant now) {
    return other.isOpen(now);
  }

  /** Asks for trades older than an id, newest first. */
  void history(String instrument, long before, Consumer<RestPage> then) {
    history.tryTake(steady.instant());
    page(
        "/api/v5/market/history-trades?instId="
            + instrument
            + "&type=1&after="
            + before
            + "&limit=100",
        instrument,
        history,
        then);
  }

  /** Asks for the newest trades. */
  void newest(String instrument, Consumer<RestPage> then) {
    other.tryTake(steady.instant());
    page("/api/v5/market/trades?instId=" + instrument + "&limit=500", instrument, other, then);
  }

  private void page(String path, String instrument, Pace pace, Consumer<RestPage> then) {
    metrics.restRequests().inc();
    rest.get(
        path,
        answer -> {
          RestPage page = RestDecoder.trades(instrument, answer);
          settle(page, answer, pace);
          then.accept(page);
        });
  }

  private void settle(RestPage page, RestAnswer answer, Pace pace) {
    RestPage.Kind kind = page.kind();
    if (kind == RestPage.Kind.GOOD || kind == RestPage.Kind.UNKNOWN_INSTRUMENT) {
      backoff.succeeded();
      answers();
      return;
    }
    if (kind == RestPage.Kind.FAILED) {
      fails(page.failure() + hint(answer));
    }
    (kind == RestPage.Kind.LIMITED ? metrics.restLimited() : metrics.restFailures()).inc();
    Duration pause = backoff.next();
    if (answer.retryAfter() != null && answer.retryAfter().compareTo(pause) > 0) {
      pause = answer.retryAfter();
    }
    pace.pause(steady.instant(), pause);
  }

  /** Asks for an instrument's metadata, or for that of all swaps when it is null. */
  void metadata(String instrument, Consumer<RestAnswer> then) {
    String one = instrument == null ? "" : "&instId=" + instrument;
    other("/api/v5/public/instruments?instType=SWAP" + one, then);
  }

  /** Asks for the exchange's time. */
  void time(Consumer<RestAnswer> then) {
    other("/api/v5/public/time", then);
  }

  private void other(String path, Consumer<RestAnswer> then) {
    other.tryTake(steady.instant());
    metrics.restRequests().inc();
    rest.get(
        path,
        answer -> {
          if (answer.failure() != null) {
            metrics.restFailures().inc();
            fails(answer.failure());
          } else if (answer.status() != 200) {
            metrics.restFailures().inc();
            fails("HTTP " + answer.status() + ": " + Excerpt.of(answer.body()) + hint(answer));
          } else {
            answers();
          }
          then.accept(answer);
        });
  }

  private static String hint(RestAnswer answer) {
    String hint = Hints.of(answer);
    return hint.isEmpty() ? "" : " (" + hint + ")";
  }

  private void answers() {
    failingSince = null;
  }

  private void fails(String reason) {
    Instant now = steady.instant();
    failingSince = failingSince == null ? now : failingSince;
    failure = reason;
    // Another kind of failure is news.
    if (complaints.due(reason.replaceAll("[:,].*", ""), now)) {
      LOG.warn("REST does not answer as it should: {}; trades go on being recorded", reason);
    }
  }

  /** What is wrong with REST when that has lasted for a while; null when nothing is. */
  String trouble(Instant now) {
    boolean lasts = failingSince != null && !now.isBefore(failingSince.plus(TROUBLE_AFTER));
    return lasts ? "REST: " + failure + "; gaps are filled when it answers again" : null;
  }
}
