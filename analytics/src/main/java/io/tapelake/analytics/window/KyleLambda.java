package io.tapelake.analytics.window;

import io.tapelake.analytics.number.Int256;
import io.tapelake.analytics.number.Logarithm;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Kyle's λ as Hasbrouck estimates it: the slope of five-minute returns on signed root flow, which
 * is what the price gives way for each √(quote currency) that takers bought more than they sold.
 *
 * <p>The window of W minutes at a minute t is cut into W/5 intervals that end at t, t−5, t−10, …
 * Each of them is one observation: y = ln(close at its end / close five minutes earlier), x = Σ
 * ±√notional of its trades. Closes are carried forward, so an interval without trades counts with x
 * = y = 0; one that begins before the first close does not count. λ = cov(x, y) / var(x).
 *
 * <p>Flows and logarithms are whole numbers of small fractions, so that the sums over a window, and
 * the variances and the covariance that they tell, are exact; only these are rounded to doubles. A
 * minute's flow of more than 5 · 10^15 counts as that.
 *
 * <p>It is fed minute by minute without a gap, and its figures depend on the minutes t−W … t alone:
 * after so many minutes it does not matter where feeding began. Not thread safe.
 */
public final class KyleLambda {

  /** Minutes of an interval. */
  static final int INTERVAL = 5;

  /** Decimals of a flow. */
  private static final int FLOW_SCALE = 18;

  /** Bits of a minute's flow: those of an interval's fit into a factor, and of a window's too. */
  private static final int FLOW_BITS = 112;

  /** What λ of flows and logarithms as they are counted here is to be multiplied by. */
  private static final double UNIT = Math.scalb(1e18, -Logarithm.BITS);

  /**
   * The regression of one window.
   *
   * @param observations intervals that count
   * @param lambda the slope; NaN when x does not vary
   * @param rSquared the share of y's variance that x explains, 0 to 1; NaN when x or y does not
   *     vary
   */
  public record Fit(long observations, double lambda, double rSquared) {

    /** Of a window in which no interval counts. */
    static final Fit NONE = new Fit(0, Double.NaN, Double.NaN);
  }

  /** An interval, and what it adds to the sums of squares. */
  private record Observation(Int256 x, Int256 y, Int256 xx, Int256 xy, Int256 yy) {

    static Observation of(Int256 flow, Int256 logReturn) {
      return new Observation(
          flow,
          logReturn,
          Int256.product(flow, flow),
          Int256.product(flow, logReturn),
          Int256.product(logReturn, logReturn));
    }
  }

  private final List<Window> windows = new ArrayList<>();
  private final Int256[] flows = new Int256[INTERVAL];
  private final BigDecimal[] closes = new BigDecimal[INTERVAL];
  private final Int256 flow = new Int256();
  private long minutes;

  /** Lambdas of one or more windows, whose lengths are multiples of {@link #INTERVAL}. */
  KyleLambda(List<Integer> windowMinutes) {
    for (int length : windowMinutes) {
      if (length <= 0 || length % INTERVAL != 0) {
        throw new IllegalArgumentException(
            "window of %d minutes is not whole intervals of %d".formatted(length, INTERVAL));
      }
      windows.add(new Window(length));
    }
  }

  /**
   * Takes the next minute: its Σ ±√notional of 18 decimals, 0 without trades, and the newest price
   * up to its end, or null when there is none yet.
   */
  void next(BigDecimal rootFlow, BigDecimal close) {
    int place = (int) (minutes % INTERVAL);
    BigDecimal before = closes[place];
    Int256 units = units(rootFlow);
    flow.add(units);
    if (flows[place] != null) {
      flow.subtract(flows[place]);
    }
    flows[place] = units;
    closes[place] = close;
    Observation observation =
        close == null || before == null
            ? null
            : Observation.of(flow.copy(), Int256.of(Logarithm.ofRatio(close, before)));
    for (Window window : windows) {
      window.next(minutes, observation);
    }
    minutes++;
  }

  private static Int256 units(BigDecimal rootFlow) {
    BigInteger units = rootFlow.setScale(FLOW_SCALE).unscaledValue();
    if (units.bitLength() > FLOW_BITS) {
      units = BigInteger.ONE.shiftLeft(FLOW_BITS).multiply(BigInteger.valueOf(units.signum()));
    }
    return Int256.of(units);
  }

  /** The fits of the windows that end with the newest minute, in the constructor's order. */
  List<Fit> fits() {
    List<Fit> fits = new ArrayList<>(windows.size());
    for (Window window : windows) {
      fits.add(window.ending[(int) ((minutes - 1) % INTERVAL)].fit());
    }
    return fits;
  }

  /** One window's observations, and their sums for each of the five minutes it may end at. */
  private static final class Window {

    private final Observation[] observations;
    private final Sums[] ending = new Sums[INTERVAL];

    Window(int length) {
      observations = new Observation[length];
      for (int i = 0; i < INTERVAL; i++) {
        ending[i] = new Sums();
      }
    }

    void next(long minute, Observation observation) {
      int place = (int) (minute % observations.length);
      Sums sums = ending[(int) (minute % INTERVAL)];
      if (observations[place] != null) {
        sums.remove(observations[place]);
      }
      if (observation != null) {
        sums.add(observation);
      }
      observations[place] = observation;
    }
  }

  private static final class Sums {

    private final Int256 x = new Int256();
    private final Int256 y = new Int256();
    private final Int256 xx = new Int256();
    private final Int256 xy = new Int256();
    private final Int256 yy = new Int256();
    private long n;

    void add(Observation observation) {
      n++;
      x.add(observation.x);
      y.add(observation.y);
      xx.add(observation.xx);
      xy.add(observation.xy);
      yy.add(observation.yy);
    }

    void remove(Observation observation) {
      n--;
      x.subtract(observation.x);
      y.subtract(observation.y);
      xx.subtract(observation.xx);
      xy.subtract(observation.xy);
      yy.subtract(observation.yy);
    }

    Fit fit() {
      double varianceX = covariance(xx, x, x);
      double varianceY = covariance(yy, y, y);
      double covariance = covariance(xy, x, y);
      double lambda = varianceX == 0 ? Double.NaN : covariance / varianceX * UNIT;
      double rSquared =
          varianceX == 0 || varianceY == 0
              ? Double.NaN
              : Math.min(1, covariance / varianceX * (covariance / varianceY));
      return new Fit(n, lambda, rSquared);
    }

    /** n² times the covariance. */
    private double covariance(Int256 products, Int256 one, Int256 other) {
      Int256 covariance = products.times(n);
      covariance.subtract(Int256.product(one, other));
      return covariance.doubleValue();
    }
  }
}
