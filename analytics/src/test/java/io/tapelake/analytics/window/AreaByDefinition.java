package io.tapelake.analytics.window;

import io.tapelake.analytics.bar.FlowByDefinition;
import io.tapelake.vault.Trade;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A value area as it is defined, row by row, also where nothing was traded. */
final class AreaByDefinition {

  private static final BigDecimal TWO = BigDecimal.valueOf(2);
  private static final BigDecimal SEVENTY_PERCENT = new BigDecimal("0.7");

  /**
   * A row's place among all, its edges and its middle, or the only price that it can hold; what was
   * traded in it, and whether a price is in it.
   */
  private record Row(
      int index,
      BigDecimal from,
      BigDecimal middle,
      BigDecimal to,
      BigDecimal volume,
      boolean isTraded) {}

  private final List<Row> rows = new ArrayList<>();

  private AreaByDefinition() {}

  /** The price of the point of control, the area's lowest and its highest price; or null. */
  static List<BigDecimal> of(List<Trade> trades, Function<Trade, BigDecimal> volume) {
    BigDecimal total = trades.stream().map(volume).reduce(BigDecimal.ZERO, BigDecimal::add);
    if (total.signum() == 0) {
      return null;
    }
    AreaByDefinition area = new AreaByDefinition();
    area.fill(trades, FlowByDefinition.step(trades), volume);
    return area.grow(total.multiply(SEVENTY_PERCENT));
  }

  /** All rows from the lowest price's to the highest price's that a multiple of the step is in. */
  private void fill(List<Trade> trades, BigDecimal step, Function<Trade, BigDecimal> volume) {
    BigDecimal low = trades.stream().map(Trade::price).reduce(BigDecimal::min).orElseThrow();
    BigDecimal high = trades.stream().map(Trade::price).reduce(BigDecimal::max).orElseThrow();
    BigDecimal edge = low.subtract(low.remainder(width(low)));
    for (int index = 0; edge.compareTo(high) <= 0; index++) {
      BigDecimal from = edge;
      BigDecimal to = edge.add(width(edge));
      List<Trade> own =
          trades.stream()
              .filter(each -> each.price().compareTo(from) >= 0 && each.price().compareTo(to) < 0)
              .toList();
      BigDecimal rest = from.remainder(step);
      BigDecimal first = rest.signum() == 0 ? from : from.subtract(rest).add(step);
      if (first.compareTo(to) < 0) {
        boolean isWide = step.compareTo(to.subtract(from)) > 0;
        rows.add(
            new Row(
                index,
                isWide ? first : from,
                isWide ? first : from.add(to).divide(TWO),
                isWide ? first.add(step) : to,
                own.stream().map(volume).reduce(BigDecimal.ZERO, BigDecimal::add),
                !own.isEmpty()));
      }
      edge = to;
    }
  }

  /** 2, 5 and 10 in the fifth digit of prices that begin with 1, with 2 to 4, and with 5 to 9. */
  private static BigDecimal width(BigDecimal price) {
    BigDecimal unit = BigDecimal.ONE.scaleByPowerOfTen(price.precision() - price.scale() - 5);
    int digit = price.unscaledValue().toString().charAt(0) - '0';
    return unit.multiply(BigDecimal.valueOf(digit == 1 ? 2 : digit < 5 ? 5 : 10));
  }

  private List<BigDecimal> grow(BigDecimal target) {
    int poc = pointOfControl();
    int low = poc;
    int high = poc;
    BigDecimal sum = rows.get(poc).volume;
    while (sum.compareTo(target) < 0) {
      boolean isUp =
          low == 0
              || high < rows.size() - 1
                  && rows.get(high + 1).volume.compareTo(rows.get(low - 1).volume) >= 0;
      sum = sum.add(rows.get(isUp ? ++high : --low).volume);
    }
    BigDecimal middle = rows.get(poc).middle;
    return List.of(plain(middle), plain(rows.get(low).from), plain(rows.get(high).to));
  }

  private int pointOfControl() {
    int ends = rows.get(0).index + rows.get(rows.size() - 1).index;
    int poc = 0;
    for (int i = 1; i < rows.size(); i++) {
      int byVolume = rows.get(i).volume.compareTo(rows.get(poc).volume);
      boolean isNearer =
          Math.abs(2 * rows.get(i).index - ends) < Math.abs(2 * rows.get(poc).index - ends);
      if (byVolume > 0 || byVolume == 0 && isNearer && rows.get(i).isTraded) {
        poc = i;
      }
    }
    return poc;
  }

  private static BigDecimal plain(BigDecimal number) {
    return number.stripTrailingZeros();
  }
}
