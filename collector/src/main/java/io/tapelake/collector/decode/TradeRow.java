package io.tapelake.collector.decode;

import io.tapelake.vault.TakerSide;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * One trade, or several aggregated into one, as the exchange reports it.
 *
 * @param instrument the exchange's name of the instrument
 * @param id the trade id; of an aggregate, the highest of its ids
 * @param count how many consecutive ids it stands for: {@code id - count + 1} to {@code id}
 * @param time the exchange's event time
 * @param side the taker's side
 * @param price in the quote currency
 * @param contracts the quantity in contracts
 */
public record TradeRow(
    String instrument,
    long id,
    int count,
    Instant time,
    TakerSide side,
    BigDecimal price,
    BigDecimal contracts) {

  /** The lowest id this row stands for. */
  public long firstId() {
    return id - count + 1;
  }

  /** The UTC day whose file it belongs to. */
  public LocalDate day() {
    return LocalDate.ofInstant(time, ZoneOffset.UTC);
  }
}
