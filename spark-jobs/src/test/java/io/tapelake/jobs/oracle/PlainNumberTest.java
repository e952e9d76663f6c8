package io.tapelake.jobs.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PlainNumberTest {

  @ParameterizedTest
  @CsvSource({
    "61800.3, 61800.3",
    "61800.30, 61800.3",
    "0.000000001234, 0.000000001234",
    "1000000.0, 1000000",
    "5., 5",
    ".5, 0.5",
    "+5, 5",
    "005, 5",
    "1E-12, 0.000000000001",
    "1e11, 100000000000",
    "999999999999.999999999999, 999999999999.999999999999",
    "999999999999.999999999999000, 999999999999.999999999999",
    "1230000000000e-1, 123000000000",
    "1e00000000000000000001, 10",
    "0.000000000000000000000001e+24, 1",
    "100000000000000000000000000000E-000000000029, 1",
  })
  void reads(String text, String value) {
    assertThat(PlainNumber.parse(text).orElseThrow()).isEqualByComparingTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "0",
        "-1",
        "0.0",
        "0e9",
        "1e12",
        "1E-13",
        "1000000000000",
        "0.0000000000001",
        "0.00000000000012e0",
        "0.0000000000012e-1",
        "NaN",
        "1,5",
        "1_0",
        "0x1",
        " 1",
        "1 ",
        "--1",
        "+",
        ".",
        "e5",
        ".e5",
        "1e",
        "1e+",
        "1.5.0",
        "1d",
        "١",
        "1e99999999999",
        "1e-99999999999",
        "0e99999999999999999999",
        "1e2147483648",
        "1e4294967296",
        "1\n",
        "1234567890123.5",
      })
  void refuses(String text) {
    assertThat(PlainNumber.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {400_000, 1_000_000})
  void digitsCanMakeUpForAnExponent(int zeros) {
    assertThat(PlainNumber.parse("1" + "0".repeat(zeros) + "e-" + zeros).orElseThrow())
        .isEqualByComparingTo("1");
    assertThat(PlainNumber.parse("0." + "0".repeat(zeros) + "1e" + (zeros + 1)).orElseThrow())
        .isEqualByComparingTo("1");
  }
}
