package io.tapelake.live.market;

import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** All instruments that are followed. Thread-safe. */
public final class Market {

  private final LiveSettings settings;
  private final Clock clock;
  private final Map<String, InstrumentTape> tapes = new ConcurrentSkipListMap<>();
  private final Map<String, SignalLog> signals = new ConcurrentSkipListMap<>();
  private volatile String trouble;

  public Market(LiveSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /** The wall clock. */
  public Clock clock() {
    return clock;
  }

  public LiveSettings settings() {
    return settings;
  }

  /** An instrument's tape, a new one where there was none. */
  public InstrumentTape open(String instrument) {
    return tapes.computeIfAbsent(instrument, name -> new InstrumentTape(name, settings, clock));
  }

  /** An instrument's signals; those of an instrument that is followed. */
  public SignalLog signals(InstrumentTape tape) {
    return signals.computeIfAbsent(tape.name(), name -> new SignalLog(tape, settings));
  }

  /** Grows whenever signals of any instrument come or go. */
  public long signalVersion() {
    return signals.values().stream().mapToLong(SignalLog::version).sum();
  }

  /** An instrument's tape, or null. */
  public InstrumentTape tape(String instrument) {
    return tapes.get(instrument);
  }

  /** All tapes by the names of their instruments. */
  public Collection<InstrumentTape> tapes() {
    return tapes.values();
  }

  /** Tells what keeps the vault from being read; null when nothing does. */
  public void trouble(String reason) {
    trouble = reason;
  }

  /** What keeps the vault from being read, or null. */
  public String trouble() {
    return trouble;
  }
}
