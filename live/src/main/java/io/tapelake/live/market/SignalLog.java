package io.tapelake.live.market;

import io.tapelake.analytics.signal.Signal;
import io.tapelake.analytics.signal.SignalInput;
import io.tapelake.analytics.signal.SignalMachine;
import io.tapelake.analytics.signal.SignalState;
import io.tapelake.analytics.window.MinuteFigures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * The signals of an instrument's closed minutes, by the job's own machine. It begins with the first
 * minute of the last two days, where the job's began long before, so the first signals may differ.
 * Minutes that were revised are gone through again, from the hour before. One thread makes it go
 * on; what it found can be asked for by all.
 */
public final class SignalLog {

  /** The machine's state is kept each hour. */
  private static final int MINUTES_BETWEEN_STATES = 60;

  private static final int ROWS_AT_ONCE = 240;

  /** So far back it goes: each minute costs all its figures. */
  private static final int MINUTES_KEPT = 2 * 1440;

  private final InstrumentTape tape;
  private final LiveSettings settings;

  /** By minute, the state after it. */
  private final TreeMap<Long, SignalState> states = new TreeMap<>();

  private final TreeMap<Long, List<Signal>> signals = new TreeMap<>();
  private SignalState state = SignalState.START;
  private long done = Long.MIN_VALUE;

  /** From where on everything was read when rows were gone through last. */
  private long covered = Long.MIN_VALUE;

  private boolean isChanged;
  private volatile long version;
  private volatile List<Signal> all = List.of();

  SignalLog(InstrumentTape tape, LiveSettings settings) {
    this.tape = tape;
    this.settings = settings;
  }

  /** Goes on to the minutes that are closed, some of them at a time; whether there are more. */
  public boolean advance(long asOfMillis) {
    if (tape.isEmpty()) {
      return false;
    }
    long closed = tape.closedTo(asOfMillis);
    // Of a clock that was ahead there may be minutes that are not over.
    goBack(Math.min(tape.takeRevisedForSignals(), closed + 1));
    if (tape.coveredFrom() < covered) {
      // What those rows did not know is known now.
      goBack(Math.max(tape.coveredFrom(), tape.firstMinute()));
    }
    long from = Math.max(done + 1, Math.max(tape.firstMinute(), closed - MINUTES_KEPT));
    long to = Math.min(closed, from + ROWS_AT_ONCE - 1);
    if (from <= to) {
      goOn(from, to);
    }
    if (to < closed) {
      return true;
    }
    // Not before: what was gone back over is found again.
    publish(closed - MINUTES_KEPT);
    return false;
  }

  private void goOn(long from, long to) {
    SignalMachine machine = new SignalMachine(tape.name(), settings.signals(), state);
    covered = tape.coveredFrom();
    for (MinuteFigures row : tape.rows(from, to)) {
      List<Signal> found = machine.next(known(row));
      if (!found.isEmpty()) {
        signals.put(row.minute(), found.stream().sorted(Comparator.comparing(Signal::id)).toList());
        isChanged = true;
      }
      if (row.minute() % MINUTES_BETWEEN_STATES == 0) {
        states.put(row.minute(), machine.state());
      }
    }
    state = machine.state();
    done = to;
  }

  /** What a row says of the windows whose days are all read. */
  private SignalInput known(MinuteFigures row) {
    SignalInput all = SignalInput.of(settings.spans(), row);
    List<SignalInput.Figures> known = new ArrayList<>(all.windows());
    for (int i = known.size() - 1; i >= 0; i--) {
      if (!settings.isKnown(i, row.minute(), covered)) {
        known.remove(i);
      }
    }
    return new SignalInput(all.minute(), all.high(), all.low(), all.close(), known);
  }

  /** Grows whenever signals come or go. */
  public long version() {
    return version;
  }

  /** The signals of the last two days, by minute and id. */
  public List<Signal> signals() {
    return all;
  }

  /** Tells what was found, from a minute on; what is older is forgotten. */
  private void publish(long first) {
    states.headMap(first).clear();
    if (!signals.headMap(first).isEmpty()) {
      signals.headMap(first).clear();
      isChanged = true;
    }
    if (isChanged) {
      List<Signal> now = new ArrayList<>();
      signals.values().forEach(now::addAll);
      all = List.copyOf(now);
      version++;
      isChanged = false;
    }
  }

  /** Forgets a minute and all after it; the smallest number forgets everything. */
  private void goBack(long minute) {
    if (minute > done) {
      return;
    }
    states.tailMap(minute, true).clear();
    boolean isStart = states.isEmpty();
    done = isStart ? Long.MIN_VALUE : states.lastKey();
    state = isStart ? SignalState.START : states.lastEntry().getValue();
    if (!signals.tailMap(done, false).isEmpty()) {
      signals.tailMap(done, false).clear();
      isChanged = true;
    }
  }
}
