package io.tapelake.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTextTest {

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");

  @ParameterizedTest
  @CsvSource({
    "5, 5",
    "0.5, 0.5",
    ".5, 0.5",
    "5., 5",
    "+5, 5",
    "007, 7",
    "000.0700, 0.07",
    "101250.5, 101250.5",
    "61800.30, 61800.3",
    "61800.00, 61800",
    "100, 100",
    "1E-2, 0.01",
    "1e2, 100",
    "1e+2, 100",
    "1.50E1, 15",
    "0.000000000001, 0.000000000001",
    "1e-12, 0.000000000001",
    "999999999999, 999999999999",
    "999999999999.999999999999, 999999999999.999999999999",
    "0.0000000000010000, 0.000000000001",
    "0.00000000000000000000000000001e17, 0.000000000001",
    "1000000000000000000000e-21, 1",
    "1e0000000000000000000000000001, 10"
  })
  void numbers(String text, String plain) {
    BigDecimal number = DecimalText.parse(text);
    assertThat(number.toPlainString()).isEqualTo(plain);
    assertThat(number).isEqualTo(new BigDecimal(plain));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "+",
        "-",
        ".",
        "-.",
        "e5",
        ".e5",
        "5e",
        "5e+",
        "5e-",
        "5e1.5",
        "5e1e1",
        "1.2.3",
        "1..2",
        "++5",
        "+-5",
        "5-",
        "5 ",
        " 5",
        "5_000",
        "5,5",
        "0x5",
        "5f",
        "5d",
        "NaN",
        "Infinity",
        "٥",
        "５",
        "5\u0000"
      })
  void notNumbers(String text) {
    assertThat(DecimalText.parse(text)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.0", "-0", "+0", "0e5", "00000000000000", "-5", "-0.1", "-1e-3"})
  void notGreaterThanZero(String text) {
    assertThat(DecimalText.parse(text)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1000000000000",
        "1e12",
        "0.0000000000001",
        "1e-13",
        "1234567890123.5",
        "1.0000000000001",
        "1e999999999999999999999",
        "1e-999999999999999999999",
        "9999999999999999999999999"
      })
  void moreThanTwelveDigitsOnASide(String text) {
    assertThat(DecimalText.parse(text)).isNull();
  }

  @Test
  void aMillionDigitsTakeNoLongerThanReadingThem() {
    String zeros = "0".repeat(1 << 20);
    assertThat(DecimalText.parse("5." + zeros)).isEqualTo(new BigDecimal("5"));
    assertThat(DecimalText.parse(zeros + "5")).isEqualTo(new BigDecimal("5"));
    assertThat(DecimalText.parse("5" + zeros + "e-" + (1 << 20))).isEqualTo(new BigDecimal("5"));
    assertThat(DecimalText.parse("0." + zeros + "5e" + ((1 << 20) + 1)))
        .isEqualTo(new BigDecimal("5"));
    assertThat(DecimalText.parse("5" + zeros)).isNull();
    assertThat(DecimalText.parse("5." + zeros + "5")).isNull();
    assertThat(DecimalText.parse("7".repeat(1 << 20))).isNull();
  }

  @Test
  void agreesWithBigDecimal() {
    long seed = Long.getLong("tapelake.seed", 20251214L);
    Random random = new Random(seed);
    for (int i = 0; i < 30_000; i++) {
      String text = randomText(random);
      assertThat(DecimalText.parse(text)).as("seed %d, text '%s'", seed, text).isEqualTo(of(text));
    }
  }

  private static BigDecimal of(String text) {
    if (!NUMBER.matcher(text).matches()) {
      return null;
    }
    BigDecimal number = new BigDecimal(text).stripTrailingZeros();
    if (number.signum() <= 0 || number.scale() > 12 || number.precision() - number.scale() > 12) {
      return null;
    }
    return number.scale() < 0 ? number.setScale(0) : number;
  }

  /** Mostly digits, so that many of the texts are numbers and many just miss being one. */
  private static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    int length = 1 + random.nextInt(random.nextInt(4) == 0 ? 32 : 8);
    boolean exponent = random.nextInt(4) == 0;
    for (int i = 0; i < length; i++) {
      String from = random.nextInt(6) == 0 ? "0000.+-" : "0012345678900.";
      text.append(from.charAt(random.nextInt(from.length())));
    }
    if (exponent) {
      text.append(random.nextBoolean() ? 'e' : 'E');
      text.append(random.nextInt(40) - 20);
    }
    return text.toString();
  }
}
