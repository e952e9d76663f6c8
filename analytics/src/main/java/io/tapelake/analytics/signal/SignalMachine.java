package io.tapelake.analytics.signal;

import io.tapelake.analytics.number.Ratio;
import io.tapelake.analytics.number.SqlDecimal;
import io.tapelake.analytics.signal.LevelState.Phase;
import io.tapelake.analytics.signal.SignalInput.Figures;
import io.tapelake.analytics.signal.SignalState.OfWindow;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Makes signals of one instrument's closed minutes, ascending. What it gives off depends on the
 * state it was made with and the minutes since; its state after a minute makes another machine that
 * goes on in the same way. A window without a VWAP keeps its state. Not thread safe.
 */
public final class SignalMachine {

  private final String instrument;
  private final SignalSettings settings;
  private int cross;
  private final TreeMap<String, OfWindow> windows;

  public SignalMachine(String instrument, SignalSettings settings, SignalState state) {
    this.instrument = instrument;
    this.settings = settings;
    cross = state.cross();
    windows = new TreeMap<>(state.windows());
  }

  /** The state after the newest minute. */
  public SignalState state() {
    return new SignalState(cross, windows);
  }

  /** The signals of the next minute: of the cross first, then window by window as configured. */
  public List<Signal> next(SignalInput minute) {
    List<Signal> signals = new ArrayList<>();
    cross(minute, signals);
    for (String name : settings.windows()) {
      Figures figures = minute.of(name);
      if (figures != null) {
        OfWindow before = windows.getOrDefault(name, OfWindow.START);
        windows.put(name, next(minute, figures, before, signals));
      }
    }
    return signals;
  }

  private void cross(SignalInput minute, List<Signal> signals) {
    Figures fast = minute.of(settings.fast());
    Figures slow = minute.of(settings.slow());
    if (fast == null || slow == null) {
      return;
    }
    double spread = Ratio.bps(fast.vwap().toBigDecimal(), slow.vwap().toBigDecimal());
    int side = Hysteresis.next(cross, spread, settings.cross().doubleValue());
    if (cross != 0 && side != cross) {
      signals.add(
          new Signal(
              instrument,
              minute.minute(),
              SignalKind.VWAP_CROSS,
              Direction.of(side),
              settings.fast() + "/" + settings.slow(),
              minute.close(),
              slow.vwap().toBigDecimal(),
              spread,
              Double.NaN,
              null,
              settings.crossThresholds()));
    }
    cross = side;
  }

  private OfWindow next(
      SignalInput minute, Figures figures, OfWindow before, List<Signal> signals) {
    return new OfWindow(
        figures.since(),
        deviation(minute, figures, before.deviation(), signals),
        Hysteresis.next(
            before.side(),
            figures.deviationBps(),
            settings.sideOn().doubleValue(),
            settings.sideOff().doubleValue()),
        flow(minute, figures, before, signals),
        level(minute, figures, before, signals));
  }

  private int deviation(SignalInput minute, Figures figures, int before, List<Signal> signals) {
    int after =
        Hysteresis.next(
            before,
            figures.deviationBps(),
            settings.deviationOn().doubleValue(),
            settings.deviationOff().doubleValue());
    if (after != before) {
      String thresholds = settings.deviationThresholds();
      if (before != 0) {
        signals.add(signal(minute, figures, SignalKind.DEVIATION_LEFT, before, thresholds));
      }
      if (after != 0) {
        signals.add(signal(minute, figures, SignalKind.DEVIATION_ENTERED, after, thresholds));
      }
    }
    return after;
  }

  /** Signals when both sides are known and are not what they were. */
  private int flow(SignalInput minute, Figures figures, OfWindow before, List<Signal> signals) {
    int side =
        Hysteresis.next(
            before.side(),
            figures.deviationBps(),
            settings.sideOn().doubleValue(),
            settings.sideOff().doubleValue());
    int flow =
        Double.isNaN(figures.imbalance())
            ? before.flow()
            : Hysteresis.next(
                before.flow(),
                figures.imbalance(),
                settings.flowOn().doubleValue(),
                settings.flowOff().doubleValue());
    if (side != 0 && flow != 0 && (side != before.side() || flow != before.flow())) {
      signals.add(signal(minute, figures, kind(side, flow), flow, settings.flowThresholds()));
    }
    return flow;
  }

  private static SignalKind kind(int side, int flow) {
    if (flow > 0) {
      return side > 0 ? SignalKind.CONFIRMED_BUYING : SignalKind.ACCUMULATION;
    }
    return side < 0 ? SignalKind.CONFIRMED_SELLING : SignalKind.DISTRIBUTION;
  }

  private LevelState level(
      SignalInput minute, Figures figures, OfWindow before, List<Signal> signals) {
    // A frame that begins anew puts its VWAP where the price is: that is no touch.
    LevelState test = figures.since() == before.since() ? before.level() : LevelState.UNKNOWN;
    if (minute.high() == null || minute.low() == null) {
      return test;
    }
    if (test.phase() == Phase.TESTING
        && minute.minute() - test.touched() > settings.testMinutes()) {
      test = LevelState.near(0);
    }
    if (test.phase() == Phase.AWAY
        && isTouched(minute, figures.vwap().toBigDecimal(), test.side())) {
      test = LevelState.touched(test.side(), minute.minute());
      // Named by where the price was heading: down to the level from above.
      signals.add(level(minute, figures, SignalKind.LEVEL_TOUCH, -test.side()));
    }
    return test.phase() == Phase.TESTING
        ? tested(minute, figures, test, signals)
        : distance(figures.deviationBps(), test);
  }

  /** Also when it passed the level without a trade near it. */
  private boolean isTouched(SignalInput minute, BigDecimal level, int side) {
    return side > 0
        ? Ratio.bps(minute.low(), level) <= settings.touch().doubleValue()
        : Ratio.bps(minute.high(), level) >= -settings.touch().doubleValue();
  }

  private LevelState tested(
      SignalInput minute, Figures figures, LevelState test, List<Signal> signals) {
    double back = test.side() > 0 ? figures.deviationBps() : -figures.deviationBps();
    if (back < -settings.touch().doubleValue()) {
      LevelState beyond = test.closedBeyond();
      if (beyond.beyond() < settings.breakCloses()) {
        return beyond;
      }
      signals.add(level(minute, figures, SignalKind.LEVEL_BREAK, -test.side()));
      return distance(figures.deviationBps(), LevelState.near(-test.side()));
    }
    if (back >= settings.bounce().doubleValue()) {
      if (!test.pierced()) {
        signals.add(level(minute, figures, SignalKind.LEVEL_BOUNCE, test.side()));
      }
      return LevelState.away(test.side());
    }
    return test.closedWithin();
  }

  /** Away from the level when it closed as far as a bounce takes, otherwise as it was. */
  private LevelState distance(double deviation, LevelState test) {
    if (Math.abs(deviation) >= settings.bounce().doubleValue()) {
      return LevelState.away(deviation > 0 ? 1 : -1);
    }
    return test;
  }

  private Signal level(SignalInput minute, Figures figures, SignalKind kind, int direction) {
    return signal(minute, figures, kind, direction, settings.levelThresholds());
  }

  private Signal signal(
      SignalInput minute, Figures figures, SignalKind kind, int direction, String thresholds) {
    return new Signal(
        instrument,
        minute.minute(),
        kind,
        Direction.of(direction),
        figures.window(),
        minute.close(),
        figures.vwap().toBigDecimal(),
        figures.deviationBps(),
        figures.z(),
        SqlDecimal.fit(figures.cvd()),
        thresholds);
  }
}
