package io.tapelake.jobs.measure;

import io.tapelake.analytics.bar.MinuteBar;
import java.math.BigDecimal;
import java.util.List;

/** How many digits the sums of VWAP have, before and after the point. */
final class SumDigits {

  private final int[] decimals = new int[3];
  private final int[] before = new int[3];

  void note(MinuteBar bar) {
    List<BigDecimal> sums = List.of(bar.priceNotional(), bar.notional(), bar.baseVolume());
    for (int i = 0; i < decimals.length; i++) {
      BigDecimal sum = sums.get(i);
      decimals[i] = Math.max(decimals[i], sum.scale());
      before[i] = Math.max(before[i], sum.precision() - sum.scale());
    }
  }

  /** The most decimals. */
  int[] decimals() {
    return decimals.clone();
  }

  /** The most digits before the point. */
  int[] digits() {
    return before.clone();
  }
}
