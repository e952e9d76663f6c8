package io.tapelake.collector;

import io.tapelake.collector.connect.Backoff;
import io.tapelake.collector.connect.Pace;
import io.tapelake.collector.connect.Rest;
import io.tapelake.collector.decode.RestAnswer;
import io.tapelake.collector.decode.RestDecoder;
import io.tapelake.collector.decode.RestPage;
import io.tapelake.collector.observe.Metrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Asks REST within its limits: each kind of request has its pace, failures slow all of them down.
 */
final class RestDesk {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final Rest rest;
  private final Metrics metrics;
  private final Clock steady;
  private final Pace history;
  private final Pace other;
  private final Backoff backoff;

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
          settle(page.kind(), answer, pace);
          then.accept(page);
        });
  }

  private void settle(RestPage.Kind kind, RestAnswer answer, Pace pace) {
    if (kind == RestPage.Kind.GOOD || kind == RestPage.Kind.UNKNOWN_INSTRUMENT) {
      backoff.succeeded();
      return;
    }
    (kind == RestPage.Kind.LIMITED ? metrics.restLimited() : metrics.restFailures()).inc();
    Duration pause = backoff.next();
    if (answer.retryAfter() != null && answer.retryAfter().compareTo(pause) > 0) {
      pause = answer.retryAfter();
    }
    pace.pause(steady.instant(), pause);
  }

  /** Asks for an instrument's metadata. */
  void metadata(String instrument, Consumer<RestAnswer> then) {
    other("/api/v5/public/instruments?instType=SWAP&instId=" + instrument, then);
  }

  /** Asks for the exchange's time. */
  void time(Consumer<RestAnswer> then) {
    other("/api/v5/public/time", then);
  }

  private void other(String path, Consumer<RestAnswer> then) {
    other.tryTake(steady.instant());
    metrics.restRequests().inc();
    rest.get(path, then);
  }
}
