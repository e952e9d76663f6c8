package io.tapelake.jobs.alert;

import io.tapelake.analytics.signal.Signal;
import io.tapelake.analytics.window.MinuteRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The alerts that wait, by minute and id, and when the webhook is tried again. What waits is always
 * a signal that stands. No I/O.
 */
public final class AlertQueue {

  /** So many wait at most; older ones are given up. */
  static final int MOST = 1_000;

  /** A receiver that refuses an alert as often does not want it. */
  static final int REFUSALS = 20;

  /** An alert of a minute that is longer ago is no news any more. */
  static final Duration LONGEST_WAIT = Duration.ofHours(24);

  static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  public static final String WHY_GIVEN_UP =
      "refused %d times, older than %d hours, or pushed out by %,d newer ones"
          .formatted(REFUSALS, LONGEST_WAIT.toHours(), MOST);

  private static final int SECONDS_A_MINUTE = 60;

  private final List<Alert> alerts;

  /** By instrument the newest minute that alerts were made of. */
  private final Map<String, Long> newest;

  private int failures;
  private Instant nextTry;
  private long givenUp;

  /** A queue in which nothing waits. */
  public AlertQueue() {
    this(List.of(), Map.of(), 0, null);
  }

  AlertQueue(List<Alert> alerts, Map<String, Long> newest, int failures, Instant nextTry) {
    this.alerts = new ArrayList<>(alerts);
    this.newest = new TreeMap<>(newest);
    this.failures = failures;
    this.nextTry = nextTry;
  }

  List<Alert> alerts() {
    return alerts;
  }

  Map<String, Long> newest() {
    return newest;
  }

  int failures() {
    return failures;
  }

  /** The instant before which the webhook is left alone, or null. */
  public Instant nextTry() {
    return nextTry;
  }

  /**
   * Takes up what became of some minutes: the figures of signals that stand are what is told, and
   * signals that were taken back are not told at all.
   *
   * @param ranges the minutes
   * @param now their signals
   */
  public void settle(String instrument, Collection<MinuteRange> ranges, Collection<Signal> now) {
    Map<String, Signal> standing = new HashMap<>();
    now.forEach(signal -> standing.put(signal.id(), signal));
    Predicate<Alert> isAmongThem =
        alert ->
            alert.instrument().equals(instrument)
                && ranges.stream().anyMatch(range -> range.contains(alert.minute()));
    alerts.removeIf(alert -> isAmongThem.test(alert) && !standing.containsKey(alert.id()));
    alerts.replaceAll(
        alert -> isAmongThem.test(alert) ? alert.revised(standing.get(alert.id())) : alert);
  }

  /**
   * Adds signals of minutes that are new. A minute that alerts were made of once, and that is new
   * again because its trades had been taken out, is not told again.
   *
   * @param since signals of earlier minutes are left out
   */
  public void add(Collection<Signal> signals, Instant since, boolean post, boolean print) {
    Map<String, Long> before = Map.copyOf(newest);
    for (Signal signal : signals) {
      boolean isNew = signal.minute() > before.getOrDefault(signal.instrument(), Long.MIN_VALUE);
      if (isNew && !signal.time().isBefore(since)) {
        alerts.add(Alert.of(signal, post, print));
        newest.merge(signal.instrument(), signal.minute(), Math::max);
      }
    }
    alerts.sort(Alert.BY_MINUTE_AND_ID);
    if (alerts.size() > MOST) {
      List<Alert> oldest = alerts.subList(0, alerts.size() - MOST);
      givenUp += oldest.size();
      oldest.clear();
    }
  }

  /** Leaves out what waits of instruments whose outputs were taken out as a whole. */
  void forget(Collection<String> instruments) {
    alerts.removeIf(alert -> instruments.contains(alert.instrument()));
  }

  /** Gives up what is no news any more. */
  public void expire(Instant asOf) {
    Instant since = asOf.minus(LONGEST_WAIT);
    int before = alerts.size();
    alerts.removeIf(
        alert -> Instant.ofEpochSecond(alert.minute() * SECONDS_A_MINUTE).isBefore(since));
    givenUp += before - alerts.size();
  }

  /** The alerts that are to be printed. */
  public List<Alert> toPrint() {
    return alerts.stream().filter(Alert::isToPrint).toList();
  }

  /** Notes that all alerts are printed. */
  public void printed() {
    alerts.replaceAll(Alert::printed);
    alerts.removeIf(alert -> !alert.isOpen());
  }

  /** The alert that the webhook gets next. */
  public Optional<Alert> toPost() {
    return alerts.stream().filter(Alert::isToPost).findFirst();
  }

  /** How many alerts wait for the webhook. */
  public int posts() {
    return (int) alerts.stream().filter(Alert::isToPost).count();
  }

  /** How many alerts wait. */
  public int size() {
    return alerts.size();
  }

  /** How many alerts were given up since this queue was made. */
  public long givenUp() {
    return givenUp;
  }

  /** Whether the webhook may be tried. A clock that was set back does not make it wait longer. */
  public boolean isDue(Instant now) {
    return nextTry == null || !now.isBefore(nextTry) || nextTry.isAfter(now.plus(LONGEST_PAUSE));
  }

  /** Notes that the webhook has an alert. */
  public void posted(Alert alert) {
    change(alert, alert.posted());
    failures = 0;
    nextTry = null;
  }

  /** Notes that nobody was there to take an alert. */
  public void unanswered(Instant now) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, 10));
    nextTry = now.plus(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
    failures++;
  }

  /** Notes that an alert was refused. */
  public void refused(Alert alert, Instant now) {
    unanswered(now);
    Alert after = alert.refused();
    if (after.refusals() < REFUSALS) {
      change(alert, after);
    } else {
      givenUp++;
      change(alert, after.posted());
    }
  }

  private void change(Alert alert, Alert after) {
    int at = alerts.indexOf(alert);
    if (after.isOpen()) {
      alerts.set(at, after);
    } else {
      alerts.remove(at);
    }
  }
}
