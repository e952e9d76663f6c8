package io.tapelake.analytics.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.analytics.number.Quotient;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.Trade;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.assertj.core.data.Offset;

/** The figures of a tape's minutes as they are defined, trade by trade, in BigDecimals. */
final class FiguresByDefinition {

  private static final MathContext FIFTY = new MathContext(50, RoundingMode.HALF_EVEN);
  private static final MathContext DIGITS = new MathContext(150);
  private static final BigDecimal A_TENTH = new BigDecimal("0.1");
  private static final BigDecimal A_MILLION = new BigDecimal("1e6");
  private static final BigDecimal TEN_THOUSAND = new BigDecimal("1e4");

  /** A variance of which nothing is left but what 150 digits round. */
  private static final BigDecimal NOTHING = new BigDecimal("1e-60");

  /** As much of the variance of returns of 58 decimals. */
  private static final BigDecimal FLAT = new BigDecimal("1e-50");

  private static final double TOLERANCE = 1e-12;

  private final List<Trade> trades;

  /** By the trades that it is of: the first and the one behind the last. */
  private final Map<List<Integer>, Span> spans = new HashMap<>();

  private final Map<List<BigDecimal>, BigDecimal> logarithms = new HashMap<>();

  /** What was found, by identity: the figures of a span last until it changes. */
  private final Map<SpanFigures, Span> checked = new IdentityHashMap<>();

  /** By minute with trades, how many trades there are up to its end. */
  private final TreeMap<Long, Integer> counts = new TreeMap<>();

  /** Flow and return of an interval, by its trades. */
  private final Map<List<Integer>, BigDecimal[]> points = new HashMap<>();

  FiguresByDefinition(List<Trade> trades) {
    this.trades = trades;
    for (int i = 0; i < trades.size(); i++) {
      counts.put(Tape.minute(trades.get(i)), i + 1);
    }
  }

  /** A span's figures; null and NaN are undefined. */
  private record Span(
      List<BigDecimal> sums,
      BigDecimal vwap,
      BigDecimal vwapBase,
      double[] band,
      double[] baseBand,
      double[] imbalances,
      double amihud,
      List<BigDecimal> area) {}

  /** Checks a row's own figures. */
  void check(MinuteFigures row, Supplier<String> label) {
    int end = before(row.minute() + 1);
    int start = before(row.minute());
    assertThat(row.close()).as(label).isEqualByComparingTo(trades.get(end - 1).price());
    assertThat(row.tradeCount()).as(label).isEqualTo(end - start);
    checkDouble(row.amihud(), amihud(row.minute()), label);
    int[] windows = {60, 240};
    for (int i = 0; i < windows.length; i++) {
      checkImpact(row.impact().get(i), row.minute(), windows[i], label);
    }
  }

  /** Checks a span that begins with a minute. */
  void check(SpanFigures found, long from, long to, boolean isAnchored, Supplier<String> label) {
    int start = Math.min(before(from), before(to + 1));
    int end = before(to + 1);
    Span span = spans.computeIfAbsent(List.of(start, end), key -> span(start, end));
    if (checked.put(found, span) == span) {
      return;
    }
    SpanSums.Delta delta = found.delta();
    VwapSums sums = found.sums().vwap();
    List<BigDecimal> foundSums =
        new ArrayList<>(
            List.of(
                BigDecimal.valueOf(sums.tradeCount()),
                sums.notional(),
                sums.baseVolume(),
                sums.priceNotional(),
                delta.notional(),
                delta.base(),
                delta.contracts()));
    assertThat(plain(foundSums)).as(label).isEqualTo(plain(span.sums));
    assertThat(plain(found.vwap())).as(label).isEqualTo(plain(span.vwap));
    assertThat(plain(found.vwapBase())).as(label).isEqualTo(plain(span.vwapBase));
    checkBand(found.band(), span.band, label);
    checkBand(found.baseBand(), span.baseBand, label);
    checkDouble(found.imbalance().base(), span.imbalances[0], label);
    checkDouble(found.imbalance().notional(), span.imbalances[1], label);
    checkDouble(found.imbalance().count(), span.imbalances[2], label);
    checkDouble(found.amihud(), isAnchored ? Double.NaN : span.amihud, label);
    ValueArea area = found.area();
    assertThat(
            area == null
                ? null
                : plain(List.of(area.pocPrice(), area.lowPrice(), area.highPrice())))
        .as(label)
        .isEqualTo(isAnchored ? null : span.area);
  }

  private static void checkBand(Band band, double[] expected, Supplier<String> label) {
    checkDouble(band.stddev(), expected[0], label);
    checkDouble(band.deviationBps(), expected[1], label);
    checkDouble(band.z(), expected[2], label);
  }

  private static void checkDouble(double found, double expected, Supplier<String> label) {
    if (Double.isNaN(expected)) {
      assertThat(found).as(label).isNaN();
    } else {
      assertThat(found)
          .as(label)
          .isCloseTo(expected, Offset.offset(Math.abs(expected) * TOLERANCE));
    }
  }

  /** How many trades are before a minute. */
  private int before(long minute) {
    Map.Entry<Long, Integer> newest = counts.lowerEntry(minute);
    return newest == null ? 0 : newest.getValue();
  }

  private Span span(int start, int end) {
    List<Trade> own = trades.subList(start, end);
    BigDecimal notional = sum(own, FiguresByDefinition::notional);
    BigDecimal base = sum(own, FiguresByDefinition::base);
    BigDecimal squares = sum(own, trade -> trade.price().multiply(notional(trade)));
    BigDecimal vwap = own.isEmpty() ? null : squares.divide(notional, DIGITS);
    BigDecimal vwapBase = base.signum() == 0 ? null : notional.divide(base, DIGITS);
    BigDecimal close = end == 0 ? null : trades.get(end - 1).price();
    BigDecimal variance = vwap == null ? null : variance(own, vwap, notional);
    // What coins are rounded by is in the mean's definition: Σp·w is the notional.
    BigDecimal spread = squares.multiply(base).subtract(notional.pow(2));
    BigDecimal rounded = squares.multiply(BigDecimal.valueOf(5L * own.size(), 25));
    boolean isNone = spread.compareTo(isInverse(own) ? rounded : BigDecimal.ZERO) <= 0;
    BigDecimal baseVariance =
        vwapBase == null ? null : isNone ? BigDecimal.ZERO : spread.divide(base.pow(2), DIGITS);
    List<BigDecimal> deltas =
        List.of(
            sum(own, trade -> signed(trade, notional(trade))),
            sum(own, trade -> signed(trade, base(trade))),
            sum(own, trade -> signed(trade, trade.contracts())));
    List<BigDecimal> sums =
        new ArrayList<>(List.of(BigDecimal.valueOf(own.size()), notional, base, squares));
    sums.addAll(deltas);
    BigDecimal count = BigDecimal.valueOf(own.size());
    return new Span(
        sums,
        own.isEmpty() ? null : squares.divide(notional, FIFTY),
        base.signum() == 0 ? null : notional.divide(base, FIFTY),
        band(vwap, variance, close),
        band(vwapBase, baseVariance, close),
        new double[] {
          ratio(deltas.get(1), base),
          ratio(deltas.get(0), notional),
          ratio(sum(own, trade -> signed(trade, BigDecimal.ONE)), count)
        },
        meanAmihud(own),
        AreaByDefinition.of(own, FiguresByDefinition::base));
  }

  private static BigDecimal variance(List<Trade> own, BigDecimal mean, BigDecimal weight) {
    return sum(own, trade -> trade.price().subtract(mean, DIGITS).pow(2).multiply(notional(trade)))
        .divide(weight, DIGITS);
  }

  private static double[] band(BigDecimal mean, BigDecimal variance, BigDecimal close) {
    if (mean == null) {
      return new double[] {Double.NaN, Double.NaN, Double.NaN};
    }
    BigDecimal distance = close.subtract(mean, DIGITS);
    boolean isNothing = variance.compareTo(NOTHING.multiply(mean.pow(2))) < 0;
    BigDecimal stddev = isNothing ? BigDecimal.ZERO : variance.sqrt(new MathContext(60));
    return new double[] {
      stddev.doubleValue(),
      distance.abs().compareTo(NOTHING.multiply(mean)) < 0
          ? 0
          : ratio(distance.multiply(TEN_THOUSAND), mean),
      ratio(distance, stddev)
    };
  }

  private double meanAmihud(List<Trade> own) {
    double sum = 0;
    int count = 0;
    long newest = Long.MIN_VALUE;
    for (Trade trade : own) {
      if (Tape.minute(trade) != newest) {
        newest = Tape.minute(trade);
        double amihud = amihud(newest);
        sum += Double.isNaN(amihud) ? 0 : amihud;
        count += Double.isNaN(amihud) ? 0 : 1;
      }
    }
    return sum / count;
  }

  /** NaN without trades in the minute, or before it. */
  private double amihud(long minute) {
    int start = before(minute);
    int end = before(minute + 1);
    if (start == end || start == 0) {
      return Double.NaN;
    }
    BigDecimal move = logarithm(trades.get(end - 1).price(), trades.get(start - 1).price()).abs();
    return ratio(
        move.multiply(A_MILLION), sum(trades.subList(start, end), FiguresByDefinition::notional));
  }

  private void checkImpact(KyleLambda.Fit fit, long minute, int window, Supplier<String> label) {
    List<BigDecimal[]> observed = new ArrayList<>();
    for (long end = minute; end > minute - window; end -= 5) {
      int start = before(end - 4);
      int last = before(end + 1);
      if (start > 0) {
        observed.add(points.computeIfAbsent(List.of(start, last), key -> point(start, last)));
      }
    }
    BigDecimal n = BigDecimal.valueOf(observed.size());
    BigDecimal xx = product(observed, 0, 0).multiply(n).subtract(square(observed, 0, 0));
    BigDecimal xy = product(observed, 0, 1).multiply(n).subtract(square(observed, 0, 1));
    BigDecimal yy = product(observed, 1, 1).multiply(n).subtract(square(observed, 1, 1));
    boolean isFlat = yy.compareTo(FLAT) < 0;
    assertThat(fit.observations()).as(label).isEqualTo(observed.size());
    if (isFlat && !Double.isNaN(fit.lambda())) {
      assertThat(fit.lambda()).as(label).isZero();
    } else {
      checkDouble(fit.lambda(), ratio(xy, xx), label);
    }
    checkDouble(fit.rSquared(), isFlat ? Double.NaN : ratio(xy.pow(2), xx.multiply(yy)), label);
  }

  private BigDecimal[] point(int start, int last) {
    return new BigDecimal[] {
      sum(trades.subList(start, last), trade -> signed(trade, root(notional(trade)))),
      logarithm(trades.get(last - 1).price(), trades.get(start - 1).price())
    };
  }

  private static BigDecimal product(List<BigDecimal[]> points, int one, int other) {
    return points.stream()
        .filter(point -> point[one].signum() != 0 && point[other].signum() != 0)
        .map(point -> point[one].multiply(point[other]))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static BigDecimal square(List<BigDecimal[]> points, int one, int other) {
    BigDecimal[] sums = {BigDecimal.ZERO, BigDecimal.ZERO};
    for (BigDecimal[] point : points) {
      sums[0] = sums[0].add(point[0]);
      sums[1] = sums[1].add(point[1]);
    }
    return sums[one].multiply(sums[other]);
  }

  /** By taking roots until the series of the area's tangent is short. */
  private BigDecimal logarithm(BigDecimal to, BigDecimal from) {
    return to.compareTo(from) == 0
        ? BigDecimal.ZERO
        : logarithms.computeIfAbsent(
            List.of(to, from), key -> logarithm(to.divide(from, new MathContext(100))));
  }

  private static BigDecimal logarithm(BigDecimal ratio) {
    MathContext context = new MathContext(60);
    BigDecimal root = ratio;
    long times = 2;
    while (root.subtract(BigDecimal.ONE).abs().compareTo(A_TENTH) > 0) {
      root = root.sqrt(context);
      times *= 2;
    }
    BigDecimal z = root.subtract(BigDecimal.ONE).divide(root.add(BigDecimal.ONE), context);
    BigDecimal square = z.multiply(z, context);
    BigDecimal power = z;
    BigDecimal sum = z;
    for (int n = 3; power.abs().compareTo(NOTHING) > 0; n += 2) {
      power = power.multiply(square, context);
      sum = sum.add(power.divide(BigDecimal.valueOf(n), context));
    }
    return sum.multiply(BigDecimal.valueOf(times)).setScale(58, RoundingMode.HALF_EVEN);
  }

  private static double ratio(BigDecimal dividend, BigDecimal divisor) {
    return divisor.signum() == 0 ? Double.NaN : dividend.divide(divisor, DIGITS).doubleValue();
  }

  private static BigDecimal root(BigDecimal notional) {
    double root = Math.sqrt(Double.parseDouble(notional.toString()));
    return new BigDecimal(root).setScale(18, RoundingMode.HALF_EVEN);
  }

  private static BigDecimal sum(List<Trade> trades, Function<Trade, BigDecimal> amount) {
    return trades.stream().map(amount).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static boolean isInverse(List<Trade> trades) {
    return trades.stream().anyMatch(each -> each.contract().type() == ContractType.INVERSE);
  }

  private static BigDecimal signed(Trade trade, BigDecimal amount) {
    return trade.side() == TakerSide.BUY ? amount : amount.negate();
  }

  private static BigDecimal size(Trade trade) {
    return trade.contracts().multiply(trade.contract().value());
  }

  private static BigDecimal notional(Trade trade) {
    return trade.contract().type() == ContractType.LINEAR
        ? size(trade).multiply(trade.price())
        : size(trade);
  }

  private static BigDecimal base(Trade trade) {
    return trade.contract().type() == ContractType.LINEAR
        ? size(trade)
        : size(trade).divide(trade.price(), 24, RoundingMode.HALF_EVEN);
  }

  private static List<BigDecimal> plain(List<BigDecimal> numbers) {
    return numbers.stream().map(FiguresByDefinition::plain).toList();
  }

  private static BigDecimal plain(Quotient quotient) {
    return quotient == null ? null : plain(quotient.toBigDecimal());
  }

  private static BigDecimal plain(BigDecimal number) {
    return number == null ? null : number.stripTrailingZeros();
  }
}
