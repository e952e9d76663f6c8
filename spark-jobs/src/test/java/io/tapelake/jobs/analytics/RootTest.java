package io.tapelake.jobs.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RootTest {

  private static final MathContext DIGITS = new MathContext(50, RoundingMode.HALF_EVEN);

  @Test
  void squaresHaveExactRoots() {
    assertThat(root("9", "4")).isEqualByComparingTo("1.5");
    assertThat(root("0", "4")).isEqualByComparingTo("0");
    assertThat(root("1e-40", "1e40")).isEqualByComparingTo("1e-40");
  }

  @Test
  void tiesGoToTheEvenDigit() {
    // 51 digits whose last is 5: the root is exact, so that the 50th digit decides.
    BigDecimal even = new BigDecimal("1.2000000000000000000000000000000000000000000000002" + "5");
    BigDecimal odd = new BigDecimal("1.2000000000000000000000000000000000000000000000003" + "5");
    assertThat(even.precision()).isEqualTo(51);
    assertThat(Root.ofQuotient(even.pow(2), BigDecimal.ONE))
        .isEqualByComparingTo(even.round(DIGITS));
    assertThat(Root.ofQuotient(odd.pow(2), BigDecimal.ONE)).isEqualByComparingTo(odd.round(DIGITS));
    // A trace above the tie goes up.
    BigDecimal above = even.pow(2).add(new BigDecimal("1e-300"));
    assertThat(Root.ofQuotient(above, BigDecimal.ONE))
        .isEqualByComparingTo(even.setScale(49, RoundingMode.UP));
  }

  @Test
  void isTheNearestOfFiftyDigits() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 2000; round++) {
      BigDecimal dividend = number(random);
      BigDecimal divisor = number(random);
      BigDecimal root = Root.ofQuotient(dividend, divisor);
      assertThat(root.precision()).as("seed %d", seed).isLessThanOrEqualTo(50);
      BigDecimal half = root.ulp().multiply(new BigDecimal("0.5"));
      if (root.precision() < 50) {
        half = BigDecimal.ONE.movePointLeft(root.scale() + 50 - root.precision() + 1);
      }
      assertThat(root.subtract(half).pow(2).multiply(divisor))
          .as("seed %d", seed)
          .isLessThanOrEqualTo(dividend);
      assertThat(root.add(half).pow(2).multiply(divisor))
          .as("seed %d", seed)
          .isGreaterThanOrEqualTo(dividend);
    }
  }

  @Test
  void wholeRootsAreThoseOfTheLibrary() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int bits = 0; bits < 1200; bits++) {
      BigInteger root = new BigInteger(bits, random);
      BigInteger square = root.multiply(root);
      for (int near = -1; near <= 1; near++) {
        BigInteger number = square.add(BigInteger.valueOf(near)).max(BigInteger.ZERO);
        assertThat(Root.floor(number)).as("%s, seed %d", number, seed).isEqualTo(number.sqrt());
      }
      BigInteger any = new BigInteger(bits, random);
      assertThat(Root.floor(any)).as("%s, seed %d", any, seed).isEqualTo(any.sqrt());
    }
  }

  private static BigDecimal number(Random random) {
    return new BigDecimal(
        new BigInteger(1 + random.nextInt(400), random).add(BigInteger.ONE),
        random.nextInt(160) - 40);
  }

  private static BigDecimal root(String dividend, String divisor) {
    return Root.ofQuotient(new BigDecimal(dividend), new BigDecimal(divisor));
  }
}
