package io.tapelake.jobs.window;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.StringJoiner;

/**
 * What the row of a minute hands on to the next one: sums that began long ago, all of them exact,
 * so that it does not matter through how many rows they went.
 *
 * @param cvdTotal signed volume since the origin
 * @param anchors sums since each anchor, in configured order
 * @param signalState where the signals are, as text
 */
public record Carry(SpanSums.Delta cvdTotal, List<SpanSums> anchors, String signalState) {

  private static final String BETWEEN_ANCHORS = ";";
  private static final String BETWEEN_SUMS = " ";
  private static final int SUMS = 10;

  public Carry {
    anchors = List.copyOf(anchors);
  }

  /** What the first row of an instrument starts from. */
  public static Carry start(int anchors) {
    return new Carry(SpanSums.Delta.NONE, Collections.nCopies(anchors, SpanSums.NONE), "");
  }

  /** The anchors' sums as text. */
  public static String text(List<SpanSums> anchors) {
    StringJoiner text = new StringJoiner(BETWEEN_ANCHORS);
    for (SpanSums sums : anchors) {
      StringJoiner each = new StringJoiner(BETWEEN_SUMS);
      each.add(Long.toString(sums.tradeCount())).add(Long.toString(sums.buyCount()));
      List.of(
              sums.priceNotional(),
              sums.squaredPriceNotional(),
              sums.notional(),
              sums.buyNotional(),
              sums.baseVolume(),
              sums.buyBaseVolume(),
              sums.contracts(),
              sums.buyContracts())
          .forEach(sum -> each.add(sum.stripTrailingZeros().toPlainString()));
      text.add(each.toString());
    }
    return text.toString();
  }

  /** The anchors' sums that a text tells. */
  public static List<SpanSums> anchors(String text) {
    List<SpanSums> anchors = new ArrayList<>();
    if (text.isEmpty()) {
      return anchors;
    }
    for (String each : text.split(BETWEEN_ANCHORS, -1)) {
      String[] sums = each.split(BETWEEN_SUMS, -1);
      if (sums.length != SUMS) {
        throw new IllegalArgumentException("not the sums since an anchor: " + each);
      }
      anchors.add(
          new SpanSums(
              Long.parseLong(sums[0]),
              Long.parseLong(sums[1]),
              new BigDecimal(sums[2]),
              new BigDecimal(sums[3]),
              new BigDecimal(sums[4]),
              new BigDecimal(sums[5]),
              new BigDecimal(sums[6]),
              new BigDecimal(sums[7]),
              new BigDecimal(sums[8]),
              new BigDecimal(sums[9])));
    }
    return anchors;
  }
}
