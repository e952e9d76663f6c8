package io.tapelake.simulator.fault;

import io.tapelake.vault.DurationText;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** What can go wrong, what it takes, and what it does. */
public enum FaultKind {
  // To the market itself: these change which trades there are.
  QUIET(Where.MARKET, Of.ONE, "for", "the instrument does not trade"),
  SUSPEND(Where.MARKET, Of.ONE, "for", "the instrument does not trade and its state is suspend"),
  DELIST(Where.MARKET, Of.ONE, "", "the instrument stops trading and is no longer listed"),
  RELIST(
      Where.MARKET, Of.ONE, "for", "the instrument is delisted, then listed anew: ids start over"),
  CTVAL(
      Where.MARKET,
      Of.ONE,
      "to,served,halt",
      "trades have another contract value from then on; halt=DURATION without any around it"),
  LOTSZ(Where.MARKET, Of.ONE, "to,served", "trades have another lot size from then on"),

  // To pushes, by the event time of their trades.
  LOSE(Where.FEED, Of.ANY, "for,n", "trades are not pushed"),
  REPEAT(Where.FEED, Of.ANY, "for,n,times", "trades are pushed again"),
  LATE(Where.FEED, Of.ANY, "for,n,by", "trades are pushed late, after newer ones"),
  SHUFFLE(Where.FEED, Of.ANY, "for", "trades are pushed out of order"),
  BATCH(Where.FEED, Of.ANY, "for,rows", "several trades are pushed as rows of one message"),
  UNKNOWN(Where.FEED, Of.ANY, "for,n", "pushes have fields that nobody knows"),
  MALFORMED(Where.FEED, Of.ANY, "n,field", "a push lacks a field, or has a senseless one"),

  // To the connections that are open.
  RESET(Where.SESSION, Of.ALL, "", "TCP connections are reset"),
  DROP(Where.SESSION, Of.ALL, "", "TCP connections end without a WebSocket close"),
  CLOSE(Where.SESSION, Of.ALL, "code", "connections are closed with that code"),
  STALL(Where.SESSION, Of.ANY, "", "open connections answer pings but push no more"),
  FREEZE(Where.SESSION, Of.ALL, "", "open connections neither read nor write any more"),
  NOTICE(Where.SESSION, Of.ALL, "", "notice 64008, and the connections' end some time later"),
  PING(Where.SESSION, Of.ALL, "", "the exchange sends a text ping and a protocol ping"),
  EVENT(Where.SESSION, Of.ALL, "", "the exchange sends events that nobody asked for"),
  REPLAY(Where.SESSION, Of.ANY, "n", "the last trades are pushed once more"),
  FOREIGN(Where.SESSION, Of.ALL, "", "a trade of an instrument that was not subscribed is pushed"),
  GARBAGE(Where.SESSION, Of.ALL, "what", "something that is no message is sent"),

  // To those who connect and subscribe.
  REFUSE(Where.DOOR, Of.ALL, "for,how", "connections are refused: how=429, 503 or reset"),
  DOWN(Where.DOOR, Of.ALL, "for", "the exchange's port is closed and all connections are reset"),
  REJECT(Where.DOOR, Of.ANY, "for,code", "subscriptions are answered with that error"),
  MUTE(Where.DOOR, Of.ANY, "for", "subscriptions are not answered at all"),
  PLAIN(Where.DOOR, Of.ANY, "for", "acknowledgements lack id and connId, as they did in 2022"),

  // To REST.
  REST(Where.REST, Of.ANY, "for,path,how,by", "REST fails; see the values of how below"),
  BLANK(Where.REST, Of.ONE, "for", "the instrument is served as preopen, with empty values");

  /** What {@code garbage what=} takes; the last two break the WebSocket protocol. */
  public static final List<String> GARBAGE_KINDS =
      List.of(
          "text",
          "empty",
          "number",
          "array",
          "truncated",
          "nested",
          "huge",
          "types",
          "binary",
          "utf8",
          "frame");

  /** What {@code rest how=} takes beside HTTP statuses. */
  public static final List<String> REST_FAILURES =
      List.of(
          "slow",
          "empty",
          "html",
          "garbage",
          "truncated",
          "hang",
          "reset",
          "50011",
          "50011-429",
          "50013",
          "50001",
          "50026",
          "50004");

  /** What a kind of fault is about. */
  public enum Where {
    MARKET,
    FEED,
    SESSION,
    DOOR,
    REST
  }

  /** Whether it names an instrument: it must, it may, or it is about all. */
  enum Of {
    ONE,
    ANY,
    ALL
  }

  private static final Set<String> REFUSALS = Set.of("429", "503", "reset");

  private final Where where;
  private final Of of;
  private final String keys;
  private final String effect;

  FaultKind(Where where, Of of, String keys, String effect) {
    this.where = where;
    this.of = of;
    this.keys = keys;
    this.effect = effect;
  }

  /** What it is about. */
  public Where where() {
    return where;
  }

  /** What it does, in one clause. */
  public String effect() {
    return effect;
  }

  /** The settings that it takes. */
  public Set<String> keys() {
    return keys.isEmpty() ? Set.of() : new TreeSet<>(Arrays.asList(keys.split(",", -1)));
  }

  Of of() {
    return of;
  }

  /** Whether a setting of that name may have that value. */
  boolean takes(String key, String value) {
    return switch (key) {
      case "n", "times", "rows", "code" -> value.matches("\\d{1,9}");
      case "for", "by", "served", "halt" -> DurationText.isDuration(value);
      case "to" -> value.matches("\\d+(\\.\\d+)?");
      case "what" -> GARBAGE_KINDS.contains(value);
      case "how" ->
          this == REFUSE
              ? REFUSALS.contains(value)
              : REST_FAILURES.contains(value) || value.matches("[1-5]\\d\\d");
      default -> true;
    };
  }

  /** As it stands in a script. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The kind of that name.
   *
   * @throws IllegalArgumentException when there is none
   */
  static FaultKind parse(String text) {
    for (FaultKind kind : values()) {
      if (kind.text().equals(text)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "no fault is called " + text + "; known: " + Arrays.toString(values()));
  }
}
