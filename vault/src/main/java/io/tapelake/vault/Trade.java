package io.tapelake.vault;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Objects;

/**
 * One execution on the exchange, identified by (exchange, instrument, trade id).
 *
 * @param time the exchange's event time, never the time of receipt
 * @param instrument the exchange's name of the instrument, such as BTC-USDT-SWAP
 * @param id the exchange's trade id, 0 to 18 digits of 9; ids of one instrument are dense
 * @param side the taker's side
 * @param price in the quote currency; greater than zero
 * @param contracts the quantity in contracts, possibly fractional; greater than zero
 * @param contract the contract's terms when the trade happened
 */
public record Trade(
    Instant time,
    String instrument,
    long id,
    TakerSide side,
    BigDecimal price,
    BigDecimal contracts,
    Contract contract) {

  /** The largest trade id a line can hold: 18 digits. */
  public static final long MAX_ID = 999_999_999_999_999_999L;

  public Trade {
    Objects.requireNonNull(time, "time is null");
    DayFile.checkInstrument(instrument);
    Objects.requireNonNull(side, "side is null");
    Objects.requireNonNull(contract, "contract is null");
    if (id < 0 || id > MAX_ID) {
      throw new IllegalArgumentException("trade id is not of 1 to 18 digits: " + id);
    }
    if (price.signum() <= 0) {
      throw new IllegalArgumentException("price is not greater than zero: " + price);
    }
    if (contracts.signum() <= 0) {
      throw new IllegalArgumentException("contracts are not greater than zero: " + contracts);
    }
  }

  /** The UTC day of the event time, which is the day of the file the trade belongs to. */
  public LocalDate day() {
    return LocalDate.ofInstant(time, ZoneOffset.UTC);
  }
}
