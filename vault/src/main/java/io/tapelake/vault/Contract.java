package io.tapelake.vault;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Objects;

/**
 * The terms of a contract as they were when a trade happened, and what they make of a quantity.
 *
 * <p>With m = value × multiplier, q contracts at price p are worth:
 *
 * <table>
 * <caption>Notional and base volume</caption>
 * <tr><th></th><th>linear</th><th>inverse</th></tr>
 * <tr><td>notional, quote currency</td><td>q·m·p</td><td>q·m</td></tr>
 * <tr><td>base volume, coin</td><td>q·m</td><td>q·m/p, HALF_EVEN to 24 decimals</td></tr>
 * </table>
 *
 * <p>Everything but the base volume of an inverse contract is exact.
 *
 * @param value what the exchange calls {@code ctVal}; greater than zero
 * @param multiplier what the exchange calls {@code ctMult}; greater than zero
 * @param type {@code ctType}
 */
public record Contract(BigDecimal value, BigDecimal multiplier, ContractType type) {

  /** Decimals to which the base volume of one inverse trade is rounded. */
  public static final int INVERSE_BASE_SCALE = 24;

  public Contract {
    Objects.requireNonNull(value, "value is null");
    Objects.requireNonNull(multiplier, "multiplier is null");
    Objects.requireNonNull(type, "type is null");
    if (value.signum() <= 0) {
      throw new IllegalArgumentException("contract value is not greater than zero: " + value);
    }
    if (multiplier.signum() <= 0) {
      throw new IllegalArgumentException(
          "contract multiplier is not greater than zero: " + multiplier);
    }
    value = plain(value);
    multiplier = plain(multiplier);
  }

  /** m = value × multiplier, exact. */
  public BigDecimal size() {
    return value.multiply(multiplier);
  }

  /** What {@code contracts} are worth at {@code price}, in the quote currency, exact. */
  public BigDecimal notional(BigDecimal contracts, BigDecimal price) {
    BigDecimal amount = contracts.multiply(size());
    return type == ContractType.LINEAR ? amount.multiply(price) : amount;
  }

  /** How much of the base coin {@code contracts} stand for at {@code price}. */
  public BigDecimal baseVolume(BigDecimal contracts, BigDecimal price) {
    BigDecimal amount = contracts.multiply(size());
    return type == ContractType.LINEAR
        ? amount
        : amount.divide(price, INVERSE_BASE_SCALE, RoundingMode.HALF_EVEN);
  }

  /** Equal numbers become equal records: 0.010 and 0.01 are the same terms. */
  private static BigDecimal plain(BigDecimal number) {
    BigDecimal stripped = number.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }
}
