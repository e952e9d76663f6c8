package io.tapelake.live.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tapelake.analytics.signal.Signal;
import io.tapelake.analytics.window.MinuteFigures;
import io.tapelake.live.market.InstrumentTape;
import io.tapelake.live.market.Market;
import io.tapelake.vault.ParsedTrade;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The changes of one instrument, each with a number that is one more than that of the one before.
 * Used by the publisher's thread alone.
 */
final class Feed {

  /** More trades of a change are counted, not listed. */
  private static final int TRADES_LISTED = 100;

  private static final int TRADES_OF_A_SNAPSHOT = 200;
  private static final int SIGNALS_LISTED = 500;
  private static final int SIGNALS_OF_OTHERS = 10;

  private static final long HEARTBEAT_NANOS = 1_000_000_000L;

  /** Closed minutes are made anew this often at most; the open one at every change. */
  private static final long REVISE_NANOS = 500_000_000L;

  private static final long SLOW_NANOS = 5_000_000_000L;

  private static final long MILLIS_A_MINUTE = 60_000;

  /** Minutes that are so much later than the clock are not told, but for the newest one. */
  private static final long MOST_AHEAD = 60;

  private final InstrumentTape tape;
  private final TapeJson writer;
  private final Liveness liveness;
  private final Market market;

  private long sequence;

  /** The number of the last change that told of revised minutes. */
  private long revisedSequence;

  private long version = -1;
  private long signalVersion = -1;
  private long trades;
  private long closedTo;
  private long newest;
  private Liveness.State state;
  private long toldAtNanos;
  private long revisedAtNanos;
  private long slowAtNanos;
  private long[] revised;

  /** The rows between the last closed minute, that one included, and the newest one. */
  private List<MinuteFigures> recent = List.of();

  /** From where on everything was read when they were made. */
  private long recentCovered;

  Feed(Market market, InstrumentTape tape, TapeJson writer, Liveness liveness) {
    this.market = market;
    this.tape = tape;
    this.writer = writer;
    this.liveness = liveness;
    // Not all feeds at the same time.
    slowAtNanos = System.nanoTime() - Math.floorMod(tape.name().hashCode() * 7919L, SLOW_NANOS);
  }

  /** The next change, or null when there is nothing to tell yet. */
  String next(long asOf, long now) {
    long current = tape.version();
    long closed = tape.closedTo(asOf);
    Liveness.State is = liveness.state(tape, now);
    long signalled = market.signalVersion();
    boolean isSignal = signalled != signalVersion;
    boolean isNews = current != version || closed != closedTo || is != state || isSignal;
    if (!isNews && now - toldAtNanos < HEARTBEAT_NANOS) {
      return null;
    }
    boolean isFirst = version < 0;
    signalVersion = signalled;
    version = current;
    state = is;
    toldAtNanos = now;
    sequence++;
    noteRevised();
    boolean isRevising = revised != null && now - revisedAtNanos >= REVISE_NANOS;
    long closedBefore = closedTo;
    boolean moved = isFirst || closed != closedTo || tape.newestMinute() != newest;
    if (moved || isRevising) {
      makeRecent(closed, asOf);
    }
    long[] told = isRevising ? revised : null;
    if (isRevising) {
      revisedAtNanos = now;
      revisedSequence = sequence;
      revised = null;
    }
    boolean isSlowDue = isFirst || told != null || now - slowAtNanos >= SLOW_NANOS;
    if (isSlowDue) {
      slowAtNanos = now;
    }
    return text(
        json -> {
          head(json, "change", asOf, now);
          rows(json, closed, moved || told != null);
          InstrumentTape.Taken since = tape.takenAfter(trades);
          trades(json, since.kept(), since.taken() - trades);
          trades = since.taken();
          if (told != null) {
            json.writeArrayFieldStart("revised");
            json.writeNumber(told[0]);
            json.writeNumber(Math.min(told[1], closedBefore));
            json.writeEndArray();
          }
          if (isSignal) {
            TapeJson.signals(json, signals());
          }
          if (isSlowDue) {
            slow(json);
          }
        });
  }

  /** Everything that a client has to know to take changes from here on. */
  String snapshot(long asOf, long now) {
    long closed = tape.closedTo(asOf);
    if (recent.isEmpty()) {
      makeRecent(closed, asOf);
    }
    return text(
        json -> {
          head(json, "snapshot", asOf, now);
          writer.settings(json);
          json.writeNumberField("revised_seq", revisedSequence);
          rows(json, closed, true);
          List<ParsedTrade> last = tape.recentTrades();
          int from = Math.max(0, last.size() - TRADES_OF_A_SNAPSHOT);
          trades(json, last.subList(from, last.size()), 0);
          TapeJson.signals(json, signals());
          slow(json);
        });
  }

  /** This instrument's signals, and the newest ones of the others. */
  private List<Signal> signals() {
    List<Signal> own = market.signals(tape).signals();
    List<Signal> told = new ArrayList<>(newest(own, SIGNALS_LISTED));
    for (InstrumentTape each : market.tapes()) {
      if (each != tape) {
        told.addAll(newest(market.signals(each).signals(), SIGNALS_OF_OTHERS));
      }
    }
    return told;
  }

  private static List<Signal> newest(List<Signal> signals, int most) {
    return signals.subList(Math.max(0, signals.size() - most), signals.size());
  }

  private void noteRevised() {
    long[] more = tape.takeRevised();
    if (more != null) {
      revised =
          revised == null
              ? more
              : new long[] {Math.min(revised[0], more[0]), Math.max(revised[1], more[1])};
    }
  }

  private void makeRecent(long closed, long asOf) {
    closedTo = closed;
    newest = tape.newestMinute();
    recentCovered = tape.coveredFrom();
    recent =
        newest == Long.MIN_VALUE
            ? List.of()
            : tape.recentRows(closed, Math.min(newest - 1, asOf / MILLIS_A_MINUTE + MOST_AHEAD));
  }

  private void head(JsonGenerator json, String type, long asOf, long now) throws IOException {
    json.writeStringField("type", type);
    json.writeStringField("inst", tape.name());
    json.writeNumberField("seq", sequence);
    json.writeStringField("as_of", Instant.ofEpochMilli(asOf).toString());
    json.writeStringField("state", (state == null ? liveness.state(tape, now) : state).text());
    json.writeNumberField("quiet_ms", liveness.quietMillis(tape, now));
    json.writeBooleanField("loading", tape.isEmpty() || !tape.isCovered());
    json.writeStringField("trouble", liveness.trouble(tape));
    ParsedTrade last = tape.last();
    if (last != null) {
      json.writeFieldName("last");
      TapeJson.trade(json, last);
    }
  }

  private void rows(JsonGenerator json, long closed, boolean withRecent) throws IOException {
    json.writeArrayFieldStart("rows");
    long covered = tape.coveredFrom();
    MinuteFigures open = tape.open();
    if (open != null) {
      if (withRecent) {
        for (MinuteFigures row : recent) {
          if (row.minute() < open.minute()) {
            writer.row(json, row, row.minute() > closed, recentCovered);
          }
        }
      }
      writer.row(json, open, open.minute() > closed, covered);
    }
    json.writeEndArray();
  }

  private static void trades(JsonGenerator json, List<ParsedTrade> trades, long all)
      throws IOException {
    List<ParsedTrade> listed = new ArrayList<>(trades);
    if (all > 0 && listed.size() > TRADES_LISTED) {
      listed = listed.subList(listed.size() - TRADES_LISTED, listed.size());
    }
    json.writeNumberField("trades_skipped", Math.max(0, all - listed.size()));
    json.writeArrayFieldStart("trades");
    for (ParsedTrade trade : listed) {
      TapeJson.trade(json, trade);
    }
    json.writeEndArray();
  }

  /** What changes slowly, and costs more to tell. */
  private void slow(JsonGenerator json) throws IOException {
    if (!tape.isEmpty()) {
      TapeJson.profile(json, tape);
    }
    TapeJson.gaps(json, tape.gaps());
    TapeJson.days(json, tape, writer.settings().mostRefused());
    json.writeArrayFieldStart("revised_minutes");
    for (long minute : tape.revisedMinutes()) {
      json.writeNumber(minute);
    }
    json.writeEndArray();
    json.writeNumberField("first_minute", tape.isEmpty() ? 0 : tape.firstMinute());
    json.writeNumberField("newest_minute", tape.isEmpty() ? 0 : tape.newestMinute());
  }

  private static String text(TapeJson.Part fields) {
    return new String(TapeJson.object(fields), StandardCharsets.UTF_8);
  }
}
