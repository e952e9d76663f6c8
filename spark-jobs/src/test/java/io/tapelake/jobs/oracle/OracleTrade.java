package io.tapelake.jobs.oracle;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;

/** One valid trade of a raw file. */
record OracleTrade(
    Instant time,
    long id,
    boolean buy,
    BigDecimal price,
    BigDecimal contracts,
    BigDecimal ctVal,
    BigDecimal ctMult,
    boolean inverse) {

  /** The order that decides open and close. */
  static final Comparator<OracleTrade> BY_TIME_AND_ID =
      Comparator.comparing(OracleTrade::time).thenComparing(OracleTrade::id);

  /** The start of the minute, in minutes since the epoch. */
  long minute() {
    return Math.floorDiv(time.getEpochSecond(), 60L);
  }

  LocalDate day() {
    return time.atOffset(ZoneOffset.UTC).toLocalDate();
  }

  /** Turnover in the quote currency. */
  BigDecimal notional() {
    BigDecimal units = contracts.multiply(ctVal.multiply(ctMult));
    return inverse ? units : units.multiply(price);
  }

  /** Volume in the coin. */
  BigDecimal baseVolume() {
    BigDecimal units = contracts.multiply(ctVal.multiply(ctMult));
    return inverse ? units.divide(price, 24, RoundingMode.HALF_EVEN) : units;
  }

  BigDecimal priceNotional() {
    return price.multiply(notional());
  }

  /** Whether both say the same, numbers compared as values. */
  boolean agreesWith(OracleTrade other) {
    return time.equals(other.time)
        && buy == other.buy
        && inverse == other.inverse
        && price.compareTo(other.price) == 0
        && contracts.compareTo(other.contracts) == 0
        && ctVal.compareTo(other.ctVal) == 0
        && ctMult.compareTo(other.ctMult) == 0;
  }
}
