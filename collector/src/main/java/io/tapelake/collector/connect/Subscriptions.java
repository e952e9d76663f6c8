package io.tapelake.collector.connect;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which subscriptions of one connection were asked for, accepted and refused. An instrument that
 * was not answered in time, or that shared a request with a refused one, is asked for again, on its
 * own. Pure; not thread-safe.
 */
final class Subscriptions {

  /** Small enough for every limit on a request's size that was ever documented. */
  private static final int BATCH = 20;

  /** Refusals that say nothing about the instrument: too frequent, or the exchange's own fault. */
  private static final Set<String> PASSING = Set.of("60014", "63999", "64007", "50011", "50026");

  private static final Duration PASSING_PAUSE = Duration.ofSeconds(2);

  private enum State {
    NEEDED,
    ASKED,
    ACCEPTED,
    REFUSED
  }

  private static final class Entry {
    State state = State.NEEDED;
    String request;
    boolean alone;
    Instant due;
    int asked;
  }

  /** A request to send. */
  record Request(String id, List<String> instruments) {}

  private final Duration patience;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private int requests;

  /**
   * @param patience how long an answer may take
   */
  Subscriptions(Duration patience) {
    this.patience = patience;
  }

  void need(String instrument) {
    entries.putIfAbsent(instrument, new Entry());
  }

  void forget(String instrument) {
    entries.remove(instrument);
  }

  /** The requests to send now. */
  List<Request> due(Instant now) {
    List<Request> due = new ArrayList<>();
    List<String> batch = new ArrayList<>();
    for (Map.Entry<String, Entry> each : entries.entrySet()) {
      Entry entry = each.getValue();
      if (entry.state == State.ASKED && !now.isBefore(entry.due)) {
        entry.state = State.NEEDED;
        entry.alone = true;
        entry.due = null;
      }
      if (entry.state != State.NEEDED || (entry.due != null && now.isBefore(entry.due))) {
        continue;
      }
      if (entry.alone) {
        due.add(ask(List.of(each.getKey()), now));
      } else {
        batch.add(each.getKey());
      }
      if (batch.size() == BATCH) {
        due.add(ask(batch, now));
        batch = new ArrayList<>();
      }
    }
    if (!batch.isEmpty()) {
      due.add(ask(batch, now));
    }
    return due;
  }

  private Request ask(List<String> instruments, Instant now) {
    requests++;
    String id = "s" + requests;
    for (String instrument : instruments) {
      Entry entry = entries.get(instrument);
      entry.state = State.ASKED;
      entry.request = id;
      entry.asked++;
      entry.due = now.plus(patience.multipliedBy(Math.min(entry.asked, 6)));
    }
    return new Request(id, List.copyOf(instruments));
  }

  /** Takes note of an acceptance; false when it was not waited for. */
  boolean accepted(String instrument) {
    Entry entry = entries.get(instrument);
    if (entry == null || entry.state == State.ACCEPTED) {
      return false;
    }
    entry.state = State.ACCEPTED;
    return true;
  }

  /**
   * Takes note of a refusal and returns the instrument that is refused for good, or null: then the
   * refusal was passing, or it is not known yet whom it was about.
   */
  String refused(String request, String code, String text, String instrument, Instant now) {
    String about = entries.containsKey(instrument) ? instrument : named(request, text);
    if (code != null && PASSING.contains(code)) {
      entries.values().stream()
          .filter(entry -> entry.state == State.ASKED)
          .filter(entry -> request == null || request.equals(entry.request))
          .forEach(entry -> again(entry, now.plus(PASSING_PAUSE)));
      return null;
    }
    if (about != null) {
      entries.get(about).state = State.REFUSED;
      return about;
    }
    for (Entry entry : entries.values()) {
      if (entry.state == State.ASKED && (request == null || request.equals(entry.request))) {
        entry.alone = true;
        again(entry, now.plus(PASSING_PAUSE));
      }
    }
    return null;
  }

  private static void again(Entry entry, Instant due) {
    entry.state = State.NEEDED;
    entry.due = due;
  }

  /** The one instrument a refusal can be about, or null. */
  private String named(String request, String text) {
    String named = null;
    for (Map.Entry<String, Entry> each : entries.entrySet()) {
      boolean open = each.getValue().state == State.ASKED;
      if (open && text != null && mentions(text, each.getKey())) {
        return each.getKey();
      }
      if (open && (request == null || request.equals(each.getValue().request))) {
        if (named != null) {
          named = "";
        } else {
          named = each.getKey();
        }
      }
    }
    return named == null || named.isEmpty() ? null : named;
  }

  private static boolean mentions(String text, String instrument) {
    int at = text.indexOf("instId:" + instrument);
    int end = at + "instId:".length() + instrument.length();
    return at >= 0
        && (end == text.length()
            || !(Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '-'));
  }

  boolean isAccepted(String instrument) {
    Entry entry = entries.get(instrument);
    return entry != null && entry.state == State.ACCEPTED;
  }

  /** Whether every instrument was accepted or refused. */
  boolean settled() {
    return entries.values().stream()
        .allMatch(entry -> entry.state == State.ACCEPTED || entry.state == State.REFUSED);
  }

  /** Requests sent on this connection so far. */
  int requests() {
    return requests;
  }
}
