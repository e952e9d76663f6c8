package io.tapelake.analytics.window;

import io.tapelake.analytics.number.Logarithm;
import io.tapelake.analytics.number.Ratio;
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
 * <p>Flows and logarithms are whole numbers of small fractions, so that the sums over a window are
 * exact, and only the two ratios are rounded.
 *
 * <p>It is fed minute by minute without a gap, and its figures depend on the minutes t−W … t alone:
 * after so many minutes it does not matter where feeding began. Not thread safe.
 */
public final class KyleLambda {

  /** Minutes of an interval. */
  static final int INTERVAL = 5;

  /** Decimals of a flow. */
  private static final int FLOW_SCALE = 18;

  private static final BigDecimal FLOW_UNITS = BigDecimal.ONE.scaleByPowerOfTen(FLOW_SCALE);
  private static final BigDecimal LOG_UNITS =
      new BigDecimal(BigInteger.ONE.shiftLeft(Logarithm.BITS));

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
  private record Observation(
      BigInteger x, BigInteger y, BigInteger xx, BigInteger xy, BigInteger yy) {

    static Observation of(BigInteger flow, BigInteger logReturn) {
      return new Observation(
          flow,
          logReturn,
          flow.multiply(flow),
          flow.multiply(logReturn),
          logReturn.multiply(logReturn));
    }
  }

  private final List<Window> windows = new ArrayList<>();
  private final BigInteger[] flows = new BigInteger[INTERVAL];
  private final BigDecimal[] closes = new BigDecimal[INTERVAL];
  private BigInteger flow = BigInteger.ZERO;
  private long minutes;

  /**
   * Lambdas of one or more windows.
   *
   * @param windowMinutes their lengths, multiples of {@link #INTERVAL}
   */
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
   * Takes the next minute.
   *
   * @param rootFlow the minute's Σ ±√notional of 18 decimals, 0 without trades
   * @param close the newest price up to its end, or null when there is none yet
   */
  void next(BigDecimal rootFlow, BigDecimal close) {
    int place = (int) (minutes % INTERVAL);
    BigDecimal before = closes[place];
    BigInteger units = rootFlow.setScale(FLOW_SCALE).unscaledValue();
    flow = flow.add(units);
    if (flows[place] != null) {
      flow = flow.subtract(flows[place]);
    }
    flows[place] = units;
    closes[place] = close;
    Observation observation =
        close == null || before == null
            ? null
            : Observation.of(flow, Logarithm.ofRatio(close, before));
    for (Window window : windows) {
      window.next(minutes, observation);
    }
    minutes++;
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

    private long n;
    private BigInteger x = BigInteger.ZERO;
    private BigInteger y = BigInteger.ZERO;
    private BigInteger xx = BigInteger.ZERO;
    private BigInteger xy = BigInteger.ZERO;
    private BigInteger yy = BigInteger.ZERO;

    void add(Observation observation) {
      n++;
      x = x.add(observation.x);
      y = y.add(observation.y);
      xx = xx.add(observation.xx);
      xy = xy.add(observation.xy);
      yy = yy.add(observation.yy);
    }

    void remove(Observation observation) {
      n--;
      x = x.subtract(observation.x);
      y = y.subtract(observation.y);
      xx = xx.subtract(observation.xx);
      xy = xy.subtract(observation.xy);
      yy = yy.subtract(observation.yy);
    }

    Fit fit() {
      BigInteger count = BigInteger.valueOf(n);
      BigInteger varianceX = count.multiply(xx).subtract(x.multiply(x));
      BigInteger varianceY = count.multiply(yy).subtract(y.multiply(y));
      BigInteger covariance = count.multiply(xy).subtract(x.multiply(y));
      return new Fit(
          n,
          Ratio.of(
              new BigDecimal(covariance).multiply(FLOW_UNITS),
              new BigDecimal(varianceX).multiply(LOG_UNITS)),
          Ratio.of(covariance.multiply(covariance), varianceX.multiply(varianceY)));
    }
  }
}
