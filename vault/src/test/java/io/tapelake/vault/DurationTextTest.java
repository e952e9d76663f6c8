package io.tapelake.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

  @ParameterizedTest
  @CsvSource({
    "500ms,PT0.5S",
    "10s,PT10S",
    "1.5s,PT1.5S",
    "0.000001ms,PT0.000000001S",
    "5m,PT5M",
    "2h,PT2H",
    "7d,PT168H",
    "999999999d,PT23999999976H",
    "0s,PT0S"
  })
  void numbersWithAUnit(String text, Duration duration) {
    assertThat(DurationText.parse(text)).isEqualTo(duration);
    assertThat(DurationText.isDuration(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10",
        "s",
        "-1s",
        "1.s",
        ".5s",
        "1.1234567s",
        "10 s",
        "10S",
        "1w",
        "1234567890s"
      })
  void everythingElseIsNoDuration(String text) {
    assertThat(DurationText.isDuration(text)).isFalse();
    assertThatThrownBy(() -> DurationText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }
}
