package io.tapelake.live.follow;

import io.tapelake.vault.RefusalReason;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;

/**
 * What the lines of a day file were.
 *
 * @param lines lines that are not blank
 * @param duplicates lines that repeat the id of a trade before them
 * @param refused by reason, lines that are no trades
 */
public record DayCounts(long lines, long duplicates, Map<RefusalReason, Long> refused) {

  /** Of fewer lines a share of refused ones says nothing of their writer. */
  private static final long FEW_LINES = 1000;

  /** Of a day without lines. */
  public static final DayCounts NONE = new DayCounts(0, 0, Map.of());

  public DayCounts {
    refused = Map.copyOf(refused);
  }

  public long allRefused() {
    return refused.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Whether a job leaves the file alone, because its writer is broken. */
  public boolean isLeftAlone(double mostRefused) {
    return lines >= FEW_LINES
        && BigDecimal.valueOf(allRefused())
                .compareTo(BigDecimal.valueOf(mostRefused).multiply(BigDecimal.valueOf(lines)))
            > 0;
  }

  /** These and others. */
  public DayCounts plus(DayCounts other) {
    Map<RefusalReason, Long> both = new EnumMap<>(RefusalReason.class);
    both.putAll(refused);
    other.refused.forEach((reason, count) -> both.merge(reason, count, Long::sum));
    return new DayCounts(lines + other.lines, duplicates + other.duplicates, both);
  }
}
