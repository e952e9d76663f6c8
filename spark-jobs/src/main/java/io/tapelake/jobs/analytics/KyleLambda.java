package io.tapelake.jobs.analytics;

import io.tapelake.jobs.window.Quotient;
import java.math.BigDecimal;
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
 * <p>It is fed minute by minute without a gap, and its figures depend on the minutes t−W … t alone:
 * after so many minutes it does not matter where feeding began. Not thread safe.
 */
public final class KyleLambda {

  /** Minutes of an interval. */
  public static final int INTERVAL = 5;

  /**
   * The regression of one window.
   *
   * @param observations intervals that count
   * @param lambda the slope; null when x does not vary
   * @param rSquared the share of y's variance that x explains, 0 to 1; null when x or y does not
   *     vary
   */
  public record Fit(long observations, BigDecimal lambda, BigDecimal rSquared) {}

  private record Observation(BigDecimal flow, BigDecimal logReturn) {}

  private final List<Window> windows = new ArrayList<>();
  private final BigDecimal[] flows = new BigDecimal[INTERVAL];
  private final BigDecimal[] closes = new BigDecimal[INTERVAL];
  private BigDecimal flow = BigDecimal.ZERO;
  private long minutes;

  /**
   * Lambdas of one or more windows.
   *
   * @param windowMinutes their lengths, multiples of {@link #INTERVAL}
   */
  public KyleLambda(int... windowMinutes) {
    for (int length : windowMinutes) {
      if (length <= 0 || length % INTERVAL != 0) {
        throw new IllegalArgumentException(
            "window of %d minutes is not whole intervals of %d".formatted(length, INTERVAL));
      }
      windows.add(new Window(length));
    }
  }

  /**
   * The next minute's figures.
   *
   * @param rootFlow the minute's Σ ±√notional, 0 without trades
   * @param close the newest price up to its end, or null when there is none yet
   * @return one for each window, in the constructor's order
   */
  public List<Fit> next(BigDecimal rootFlow, BigDecimal close) {
    int place = (int) (minutes % INTERVAL);
    BigDecimal before = closes[place];
    flow = flow.add(rootFlow);
    if (flows[place] != null) {
      flow = flow.subtract(flows[place]);
    }
    flows[place] = rootFlow;
    closes[place] = close;
    Observation observation =
        close == null || before == null
            ? null
            : new Observation(flow, Logarithm.ofRatio(close, before));
    List<Fit> fits = new ArrayList<>(windows.size());
    for (Window window : windows) {
      fits.add(window.next(minutes, observation));
    }
    minutes++;
    return fits;
  }

  /** One window's observations, and their sums for each of the five minutes it may end at. */
  private static final class Window {

    private final Observation[] observations;
    private final Sums[] sums = new Sums[INTERVAL];

    Window(int length) {
      observations = new Observation[length];
      for (int i = 0; i < INTERVAL; i++) {
        sums[i] = new Sums();
      }
    }

    Fit next(long minute, Observation observation) {
      int place = (int) (minute % observations.length);
      Sums ending = sums[(int) (minute % INTERVAL)];
      if (observations[place] != null) {
        ending.change(observations[place], -1);
      }
      if (observation != null) {
        ending.change(observation, 1);
      }
      observations[place] = observation;
      return ending.fit();
    }
  }

  private static final class Sums {

    private long n;
    private BigDecimal x = BigDecimal.ZERO;
    private BigDecimal y = BigDecimal.ZERO;
    private BigDecimal xx = BigDecimal.ZERO;
    private BigDecimal xy = BigDecimal.ZERO;
    private BigDecimal yy = BigDecimal.ZERO;

    void change(Observation observation, int sign) {
      BigDecimal signedFlow = sign < 0 ? observation.flow.negate() : observation.flow;
      BigDecimal signedReturn = sign < 0 ? observation.logReturn.negate() : observation.logReturn;
      n += sign;
      x = x.add(signedFlow);
      y = y.add(signedReturn);
      xx = xx.add(signedFlow.multiply(observation.flow));
      xy = xy.add(signedFlow.multiply(observation.logReturn));
      yy = yy.add(signedReturn.multiply(observation.logReturn));
    }

    Fit fit() {
      BigDecimal count = BigDecimal.valueOf(n);
      BigDecimal varianceX = count.multiply(xx).subtract(x.multiply(x));
      BigDecimal varianceY = count.multiply(yy).subtract(y.multiply(y));
      BigDecimal covariance = count.multiply(xy).subtract(x.multiply(y));
      return new Fit(
          n,
          Quotient.of(covariance, varianceX),
          Quotient.of(covariance.multiply(covariance), varianceX.multiply(varianceY)));
    }
  }
}
