package io.tapelake.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class ContractTest {

  private static final Contract LINEAR = contract("0.01", "1", ContractType.LINEAR);
  private static final Contract INVERSE = contract("100", "1", ContractType.INVERSE);

  @Test
  void linearContractIsAnAmountOfTheCoin() {
    assertThat(LINEAR.baseVolume(number("45"), number("101250.5"))).isEqualTo(number("0.45"));
    assertThat(LINEAR.notional(number("45"), number("101250.5"))).isEqualTo(number("45562.725"));
  }

  @Test
  void inverseContractIsAnAmountOfTheQuoteCurrency() {
    assertThat(INVERSE.notional(number("7"), number("61800.3"))).isEqualTo(number("700"));
    assertThat(INVERSE.baseVolume(number("7"), number("50000"))).isEqualByComparingTo("0.014");
  }

  @Test
  void baseVolumeOfAnInverseContractIsRoundedHalfEvenTo24Decimals() {
    Contract one = contract("1", "1", ContractType.INVERSE);
    assertThat(one.baseVolume(number("1"), number("3")).toPlainString())
        .isEqualTo("0." + "3".repeat(24));
    assertThat(one.baseVolume(number("2"), number("3")).toPlainString())
        .isEqualTo("0." + "6".repeat(23) + "7");
    // 5e-25 and 15e-25 are halves of the last decimal: the even neighbour is taken.
    BigDecimal price = number("1000000000000");
    Contract small = contract("0.000000000001", "1", ContractType.INVERSE);
    assertThat(small.baseVolume(number("0.5"), price)).isEqualByComparingTo("0");
    assertThat(small.baseVolume(number("1.5"), price)).isEqualByComparingTo("2E-24");
    assertThat(small.baseVolume(number("2.5"), price)).isEqualByComparingTo("2E-24");
  }

  @Test
  void multiplierCounts() {
    Contract contract = contract("0.1", "10", ContractType.LINEAR);
    assertThat(contract.size()).isEqualByComparingTo("1");
    assertThat(contract.notional(number("3"), number("2"))).isEqualByComparingTo("6");
  }

  @Test
  void widestNumbersStayExact() {
    BigDecimal widest = number("999999999999.999999999999");
    Contract contract = new Contract(widest, widest, ContractType.LINEAR);
    assertThat(contract.notional(widest, widest)).isEqualTo(widest.pow(4));
  }

  @Test
  void equalNumbersAreEqualTerms() {
    assertThat(contract("0.010", "1.0", ContractType.LINEAR)).isEqualTo(LINEAR);
    assertThat(contract("1E+2", "1", ContractType.INVERSE)).isEqualTo(INVERSE);
    assertThat(contract("1E+2", "1", ContractType.INVERSE).value().toPlainString())
        .isEqualTo("100");
    assertThat(contract("0.01", "1", ContractType.INVERSE)).isNotEqualTo(LINEAR);
  }

  @Test
  void refusesTermsThatAreNotGreaterThanZero() {
    assertThatThrownBy(() -> contract("0", "1", ContractType.LINEAR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("contract value")
        .hasMessageEndingWith(": 0");
    assertThatThrownBy(() -> contract("1", "-1", ContractType.LINEAR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("multiplier")
        .hasMessageEndingWith(": -1");
    assertThatThrownBy(() -> contract("1", "1", null)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void typeIsReadAsWritten() {
    for (ContractType type : ContractType.values()) {
      assertThat(ContractType.parse(type.text())).isEqualTo(type);
    }
    assertThat(ContractType.parse("LINEAR")).isNull();
    assertThat(ContractType.parse("")).isNull();
    assertThat(ContractType.parse(null)).isNull();
  }

  private static Contract contract(String value, String multiplier, ContractType type) {
    return new Contract(number(value), number(multiplier), type);
  }

  private static BigDecimal number(String text) {
    return new BigDecimal(text);
  }
}
