package io.tapelake.jobs.oracle;

import java.math.BigDecimal;
import java.util.SortedMap;

/**
 * The value area of a volume profile, found row by row: from the row with the largest volume on,
 * the larger of the two next to the area joins it, the upper one on a tie, until it holds 70 % of
 * all volume.
 *
 * @param low the lowest row
 * @param poc the row with the largest volume; of several the nearest to the middle between the
 *     lowest and the highest row, then the lower one
 * @param high the highest row
 */
record OracleValueArea(long low, long poc, long high) {

  static OracleValueArea of(SortedMap<Long, BigDecimal> volumes, BigDecimal step) {
    long lowest = volumes.firstKey();
    long highest = volumes.lastKey();
    long poc = lowest;
    for (long row : volumes.keySet()) {
      int larger = volumes.get(row).compareTo(volumes.get(poc));
      boolean nearer = Math.abs(2 * row - lowest - highest) < Math.abs(2 * poc - lowest - highest);
      if (larger > 0 || (larger == 0 && nearer)) {
        poc = row;
      }
    }
    BigDecimal all = volumes.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal tenth = all.movePointLeft(1);
    BigDecimal enough = tenth.multiply(BigDecimal.valueOf(7));
    BigDecimal held = volumes.get(poc);
    long low = poc;
    long high = poc;
    while (held.compareTo(enough) < 0) {
      BigDecimal above = high == highest ? null : volume(volumes, next(high, 1, step));
      BigDecimal below = low == lowest ? null : volume(volumes, next(low, -1, step));
      if (below == null || (above != null && above.compareTo(below) >= 0)) {
        high = next(high, 1, step);
        held = held.add(above);
      } else {
        low = next(low, -1, step);
        held = held.add(below);
      }
    }
    return new OracleValueArea(low, poc, high);
  }

  /** The row beside another, above or below, that a price can be in. */
  private static long next(long row, int direction, BigDecimal step) {
    long next = row + direction;
    while (!PriceRow.of(next).holds(step)) {
      next += direction;
    }
    return next;
  }

  private static BigDecimal volume(SortedMap<Long, BigDecimal> volumes, long row) {
    BigDecimal volume = volumes.get(row);
    return volume == null ? BigDecimal.ZERO : volume;
  }
}
