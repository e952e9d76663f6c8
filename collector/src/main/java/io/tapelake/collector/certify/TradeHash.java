package io.tapelake.collector.certify;

import io.tapelake.vault.NumberText;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.TakerSide;
import java.math.BigDecimal;

/** Numbers that differ where trades do. Equal values give the same: 61800.3 and 61800.30. */
final class TradeHash {

  private TradeHash() {}

  /** Of all that a line says of its trade. */
  static long of(ParsedTrade trade) {
    return mix(withoutTerms(trade) ^ trade.nano() ^ ((long) trade.contract().hashCode() << 32));
  }

  /** Of what an official file says of a trade, too: id, millisecond, side, price and quantity. */
  static long withoutTerms(ParsedTrade trade) {
    return of(
        trade.id(),
        trade.millis(),
        trade.side(),
        identity(trade.unscaledPrice(), trade.priceScale(), trade.price()),
        identity(trade.unscaledContracts(), trade.contractsScale(), trade.contracts()));
  }

  /**
   * Of what an official file says of a trade.
   *
   * @param price and size: {@link NumberText#identity}
   */
  static long of(long id, long millis, TakerSide side, long price, long size) {
    long hash = mix(id * 2 + side.ordinal());
    hash = mix(hash ^ millis);
    hash = mix(hash ^ price);
    return mix(hash ^ size);
  }

  private static long identity(long unscaled, int scale, BigDecimal number) {
    // A number too wide for that is the same text in both files.
    return unscaled == ParsedTrade.WIDE
        ? NumberText.identity(number.unscaledValue().longValue(), number.scale())
        : NumberText.identity(unscaled, scale);
  }

  private static long mix(long bits) {
    long mixed = bits * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
    return mixed ^ (mixed >>> 29);
  }
}
