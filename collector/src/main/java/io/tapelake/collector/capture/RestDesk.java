package io.tapelake.collector.capture;

import io.tapelake.collector.connect.Backoff;
import io.tapelake.collector.connect.Hints;
import io.tapelake.collector.connect.Pace;
import io.tapelake.collector.connect.Rest;
import io.tapelake.collector.decode.RestAnswer;
import io.tapelake.collector.decode.RestDecoder;
import io.tapelake.collector.decode.RestPage;
import io.tapelake.collector.observe.Complaints;
import io.tapelake.collector.observe.Metrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(3);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final Rest rest;
  private final Metrics metrics;
  private final Clock steady;
  private final Desk history;
  private final Desk other;
  private final Backoff backoff;
  private final Complaints complaints = new Complaints();

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
    this.history = new Desk(historySpacing);
    this.other = new Desk(otherSpacing);
    this.backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, random);
  }

  boolean historyOpen(Instant now) {
    return history.pace.isOpen(now);
  }

  boolean otherOpen(Instant now) {
    return other.pace.isOpen(now);
  }

  /** Asks for trades older than an id, newest first. */
  void history(String instrument, long before, Consumer<RestPage> then) {
    history.pace.tryTake(steady.instant());
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
    other.pace.tryTake(steady.instant());
    page("/api/v5/market/trades?instId=" + instrument + "&limit=500", instrument, other, then);
  }

  private void page(String path, String instrument, Desk desk, Consumer<RestPage> then) {
    metrics.restRequests.inc();
    rest.get(
        path,
        answer -> {
          RestPage page = RestDecoder.trades(instrument, answer);
          settle(page, answer, desk);
          then.accept(page);
        });
  }

  private void settle(RestPage page, RestAnswer answer, Desk desk) {
    if (isAnswered(page, answer, desk)) {
      backoff.succeeded();
    } else {
      pause(answer, desk);
    }
  }

  private void pause(RestAnswer answer, Desk desk) {
    Duration pause = backoff.next();
    if (answer.retryAfter() != null && answer.retryAfter().compareTo(pause) > 0) {
      pause = answer.retryAfter();
    }
    desk.pace.pause(steady.instant(), pause);
  }

  /** Takes note of what came; whether it is an answer. */
  private boolean isAnswered(RestPage page, RestAnswer answer, Desk desk) {
    RestPage.Kind kind = page.kind();
    if (kind == RestPage.Kind.GOOD || kind == RestPage.Kind.UNKNOWN_INSTRUMENT) {
      desk.failingSince = null;
      return true;
    }
    (kind == RestPage.Kind.LIMITED ? metrics.restLimited : metrics.restFailures).inc();
    desk.fails(page.failure() + hint(answer), steady.instant());
    // Another kind of failure is news.
    if (complaints.due(page.failure().replaceAll("[:,].*", ""), steady.instant())) {
      LOG.warn("REST does not answer as it should: {}; trades go on being recorded", desk.failure);
    }
    return false;
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
    other.pace.tryTake(steady.instant());
    metrics.restRequests.inc();
    rest.get(
        path,
        answer -> {
          RestPage page = RestDecoder.outcome(answer);
          if (!isAnswered(page, answer, other) && page.kind() == RestPage.Kind.LIMITED) {
            pause(answer, other);
          }
          then.accept(answer);
        });
  }

  private static String hint(RestAnswer answer) {
    String hint = Hints.of(answer);
    return hint.isEmpty() ? "" : " (" + hint + ")";
  }

  /** A kind of request, which has its own limit at the exchange and may fail by itself. */
  private static final class Desk {

    private final Pace pace;
    private Instant failingSince;
    private Instant failedLast;
    private String failure;

    Desk(Duration spacing) {
      pace = new Pace(spacing);
    }

    void fails(String reason, Instant now) {
      failingSince = failingSince == null ? now : failingSince;
      failedLast = now;
      failure = reason;
    }

    /** Whether that lasts; what nobody asks for any more is no trouble. */
    boolean isTrouble(Instant now) {
      return failingSince != null
          && !now.isBefore(failingSince.plus(TROUBLE_AFTER))
          && now.isBefore(failedLast.plus(FORGOTTEN_AFTER));
    }
  }

  /** What is wrong with REST when that has lasted for a while; null when nothing is. */
  String trouble(Instant now) {
    for (Desk desk : List.of(history, other)) {
      if (desk.isTrouble(now)) {
        return "REST: " + desk.failure + "; gaps are filled when it answers again";
      }
    }
    return null;
  }
}
