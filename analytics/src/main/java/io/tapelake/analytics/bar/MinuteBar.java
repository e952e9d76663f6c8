package io.tapelake.analytics.bar;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * The trades of one instrument in one minute of event time, summed exactly.
 *
 * @param minute minutes since 1970-01-01T00:00Z of the minute's start
 * @param first the first trade by (event time, trade id)
 * @param last the last trade by (event time, trade id)
 * @param high the highest price
 * @param low the lowest price
 * @param tradeCount trades in the minute, at least 1
 * @param buyCount those of them whose taker bought
 * @param contracts Σ q
 * @param baseVolume Σ base volume, in the base coin
 * @param notional Σ notional, in the quote currency
 * @param buyBaseVolume Σ base volume of taker buys
 * @param buyNotional Σ notional of taker buys
 * @param priceNotional Σ price · notional
 * @param buyContracts Σ q of taker buys
 * @param squaredPriceNotional Σ price² · notional
 * @param flow what depends on single trades and their order; null as long as it is not known
 *     because the trades were not met in order, or not all at once
 */
public record MinuteBar(
    long minute,
    Print first,
    Print last,
    BigDecimal high,
    BigDecimal low,
    long tradeCount,
    long buyCount,
    BigDecimal contracts,
    BigDecimal baseVolume,
    BigDecimal notional,
    BigDecimal buyBaseVolume,
    BigDecimal buyNotional,
    BigDecimal priceNotional,
    BigDecimal buyContracts,
    BigDecimal squaredPriceNotional,
    MinuteFlow flow)
    implements Serializable {

  private static final int NINE_DIGITS = 9;
  private static final BigInteger BILLION = BigInteger.TEN.pow(NINE_DIGITS);

  /**
   * One trade's place in its minute and its price.
   *
   * @param nanoOfMinute nanoseconds since the minute's start
   * @param id the trade id
   * @param price in the quote currency
   */
  public record Print(long nanoOfMinute, long id, BigDecimal price)
      implements Serializable, Comparable<Print> {

    public Print {
      price = plain(price);
    }

    @Override
    public int compareTo(Print other) {
      int byTime = Long.compare(nanoOfMinute, other.nanoOfMinute);
      return byTime != 0 ? byTime : Long.compare(id, other.id);
    }
  }

  /** Numbers without trailing zeros, so that equal bars are equal records. */
  public MinuteBar {
    high = plain(high);
    low = plain(low);
    contracts = plain(contracts);
    baseVolume = plain(baseVolume);
    notional = plain(notional);
    buyBaseVolume = plain(buyBaseVolume);
    buyNotional = plain(buyNotional);
    priceNotional = plain(priceNotional);
    buyContracts = plain(buyContracts);
    squaredPriceNotional = plain(squaredPriceNotional);
  }

  /** The same without the places in the minute, which the tables do not keep. */
  public MinuteBar withoutTimes() {
    return with(
        new Print(0, first.id(), first.price()), new Print(0, last.id(), last.price()), flow);
  }

  public BigDecimal open() {
    return first.price();
  }

  public BigDecimal close() {
    return last.price();
  }

  /**
   * This minute's trades and other trades of the same minute, none of them in both. Their flow does
   * not follow from the two, and is null, unless it was not looked at in either.
   */
  public MinuteBar merge(MinuteBar other) {
    return new MinuteBar(
        minute,
        first.compareTo(other.first) <= 0 ? first : other.first,
        last.compareTo(other.last) >= 0 ? last : other.last,
        high.max(other.high),
        low.min(other.low),
        tradeCount + other.tradeCount,
        buyCount + other.buyCount,
        contracts.add(other.contracts),
        baseVolume.add(other.baseVolume),
        notional.add(other.notional),
        buyBaseVolume.add(other.buyBaseVolume),
        buyNotional.add(other.buyNotional),
        priceNotional.add(other.priceNotional),
        buyContracts.add(other.buyContracts),
        squaredPriceNotional.add(other.squaredPriceNotional),
        MinuteFlow.NONE.equals(flow) && MinuteFlow.NONE.equals(other.flow)
            ? MinuteFlow.NONE
            : null);
  }

  /** The same with another flow. */
  public MinuteBar with(MinuteFlow other) {
    return with(first, last, other);
  }

  private MinuteBar with(Print earliest, Print latest, MinuteFlow other) {
    return new MinuteBar(
        minute,
        earliest,
        latest,
        high,
        low,
        tradeCount,
        buyCount,
        contracts,
        baseVolume,
        notional,
        buyBaseVolume,
        buyNotional,
        priceNotional,
        buyContracts,
        squaredPriceNotional,
        other);
  }

  /** A number without zeros at its end, which are taken away by nines first: tables have many. */
  static BigDecimal plain(BigDecimal number) {
    if (number.scale() == 0 || number.scale() > 0 && endsInAnotherDigit(number.unscaledValue())) {
      return number;
    }
    BigDecimal left = number;
    while (left.scale() >= NINE_DIGITS) {
      BigInteger[] parts = left.unscaledValue().divideAndRemainder(BILLION);
      if (parts[1].signum() != 0) {
        break;
      }
      left = new BigDecimal(parts[0], left.scale() - NINE_DIGITS);
    }
    BigDecimal stripped = left.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  /** Whether a number's last digit is not 0, as far as that is quickly told. */
  private static boolean endsInAnotherDigit(BigInteger number) {
    return number.testBit(0) || number.bitLength() < Long.SIZE && number.longValue() % 10 != 0;
  }
}
