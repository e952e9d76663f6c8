package io.tapelake.analytics.number;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against Java's own notation. */
final class PlainDigitsTest {

  private static final int NUMBERS = 200_000;

  /** One for all numbers, long and short, as rows have it. */
  private final PlainDigits digits = new PlainDigits();

  @Test
  void anyNumberIsAsJavaWritesItWithoutZerosAtTheEnd() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < NUMBERS; i++) {
      BigInteger unscaled = new BigInteger(random.nextInt(300), random);
      if (random.nextInt(4) == 0) {
        unscaled = unscaled.multiply(BigInteger.TEN.pow(random.nextInt(40)));
      }
      BigDecimal number =
          new BigDecimal(
              random.nextBoolean() ? unscaled : unscaled.negate(), random.nextInt(120) - 20);
      assertThat(PlainDigits.of(number)).as("seed %d: %s", seed, number).isEqualTo(plain(number));
      digits.set(number);
      byte[] text = new byte[digits.length() + 2];
      digits.copyTo(text, 1);
      assertThat(new String(text, StandardCharsets.US_ASCII))
          .as("seed %d: %s", seed, number)
          .isEqualTo("\0" + plain(number) + "\0");
    }
  }

  @Test
  void numbersOfTwoWordsAreThoseThatTheyStandFor() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < NUMBERS / 10; i++) {
      long high = random.nextInt(3) == 0 ? random.nextInt(3) - 1 : random.nextLong();
      long low = random.nextInt(8) == 0 ? Long.MIN_VALUE : random.nextLong();
      BigInteger unscaled =
          BigInteger.valueOf(high)
              .shiftLeft(Long.SIZE)
              .add(new BigInteger(Long.toUnsignedString(low)));
      assertThat(digits.set(high, low, 18).toString())
          .as("seed %d: %d %d", seed, high, low)
          .isEqualTo(plain(new BigDecimal(unscaled, 18)));
    }
  }

  @Test
  void numbersAtTheEdges() {
    for (int bits = 0; bits < 200; bits++) {
      BigInteger power = BigInteger.ONE.shiftLeft(bits);
      for (int off = -1; off <= 1; off++) {
        for (int scale : new int[] {-3, 0, 1, 18, 19, 60}) {
          BigDecimal number = new BigDecimal(power.add(BigInteger.valueOf(off)), scale);
          assertThat(PlainDigits.of(number)).isEqualTo(plain(number));
          assertThat(PlainDigits.of(number.negate())).isEqualTo(plain(number.negate()));
        }
      }
    }
    for (int digits = 0; digits < 60; digits++) {
      BigDecimal number = BigDecimal.TEN.pow(digits);
      assertThat(PlainDigits.of(number)).isEqualTo(plain(number));
      assertThat(PlainDigits.of(number.subtract(BigDecimal.ONE)))
          .isEqualTo(plain(number.subtract(BigDecimal.ONE)));
    }
  }

  private static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }
}
