package io.tapelake.analytics.window;

import io.tapelake.analytics.bar.MinuteBar;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Sums that began long ago and go on from day to day, all of them exact, so that it does not matter
 * through how many days they went.
 *
 * @param total taker buys less taker sells since the origin
 * @param anchors sums since each anchor, in configured order
 */
public record CarriedSums(SpanSums.Delta total, List<SpanSums> anchors) implements Serializable {

  private static final String BETWEEN_PARTS = ";";
  private static final String BETWEEN_NUMBERS = " ";

  public CarriedSums {
    anchors = List.copyOf(anchors);
  }

  /** Of no trades. */
  public static CarriedSums none(int anchors) {
    return new CarriedSums(SpanSums.Delta.NONE, Collections.nCopies(anchors, SpanSums.NONE));
  }

  /**
   * What some minutes add.
   *
   * @param origin the first minute that the total counts
   */
  public static CarriedSums of(Iterable<MinuteBar> bars, List<Anchor> anchors, long origin) {
    CarriedSums sums = none(anchors.size());
    for (MinuteBar bar : bars) {
      SpanSums own = SpanSums.of(bar);
      List<SpanSums> since = new ArrayList<>();
      for (Anchor anchor : anchors) {
        since.add(bar.minute() >= anchor.minute() ? own : SpanSums.NONE);
      }
      SpanSums.Delta delta = bar.minute() >= origin ? own.delta() : SpanSums.Delta.NONE;
      sums = sums.plus(new CarriedSums(delta, since));
    }
    return sums;
  }

  public CarriedSums plus(CarriedSums other) {
    List<SpanSums> sums = new ArrayList<>();
    for (int i = 0; i < anchors.size(); i++) {
      sums.add(anchors.get(i).plus(other.anchors.get(i)));
    }
    return new CarriedSums(total.plus(other.total), sums);
  }

  /** All sums as text, the same for equal values; {@link #parse} reads it. */
  public String text() {
    List<String> parts = new ArrayList<>();
    parts.add(
        String.join(
            BETWEEN_NUMBERS,
            plain(total.base()),
            plain(total.notional()),
            plain(total.contracts())));
    anchors.forEach(each -> parts.add(each.text()));
    return String.join(BETWEEN_PARTS, parts);
  }

  private static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }

  /**
   * The sums of a text.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static CarriedSums parse(String text) {
    List<String> parts = Arrays.asList(text.split(BETWEEN_PARTS, -1));
    String[] total = parts.get(0).split(BETWEEN_NUMBERS, -1);
    if (total.length != 3) {
      throw new IllegalArgumentException("not sums that are carried on: '" + text + "'");
    }
    return new CarriedSums(
        new SpanSums.Delta(
            new BigDecimal(total[0]), new BigDecimal(total[1]), new BigDecimal(total[2])),
        parts.subList(1, parts.size()).stream().map(SpanSums::parse).toList());
  }
}
