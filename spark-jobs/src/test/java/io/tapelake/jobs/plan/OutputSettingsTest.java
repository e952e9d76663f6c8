package io.tapelake.jobs.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tapelake.analytics.window.WindowSpec;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputSettingsTest {

  private static final Instant MINUTE = Instant.parse("2025-12-14T21:34:00Z");
  private static final long NUMBER = MINUTE.getEpochSecond() / 60;

  @Test
  void aMinuteIsClosedFromTheInstantOnWhenItsGraceHasPassed() {
    OutputSettings settings = settings("10s", "0.01");
    assertThat(settings.openFrom(MINUTE.plusSeconds(70).minusNanos(1))).isEqualTo(NUMBER);
    assertThat(settings.openFrom(MINUTE.plusSeconds(70))).isEqualTo(NUMBER + 1);
    assertThat(settings.openFrom(MINUTE.plusSeconds(130).minusNanos(1))).isEqualTo(NUMBER + 1);
  }

  @Test
  void graceMayBeNothingOrAFractionOfASecondOrHours() {
    assertThat(settings("0s", "0").openFrom(MINUTE)).isEqualTo(NUMBER);
    assertThat(settings("0s", "0").openFrom(MINUTE.minusNanos(1))).isEqualTo(NUMBER - 1);
    assertThat(settings("500ms", "0").openFrom(MINUTE.plusMillis(500))).isEqualTo(NUMBER);
    assertThat(settings("500ms", "0").openFrom(MINUTE.plusMillis(499))).isEqualTo(NUMBER - 1);
    assertThat(settings("2h", "0").openFrom(MINUTE.plusSeconds(7200))).isEqualTo(NUMBER);
  }

  @Test
  void minutesBefore1970AreRoundedDownToo() {
    assertThat(settings("10s", "0").openFrom(Instant.EPOCH)).isEqualTo(-1);
    assertThat(settings("10s", "0").openFrom(Instant.EPOCH.minusSeconds(50))).isEqualTo(-1);
    assertThat(settings("10s", "0").openFrom(Instant.EPOCH.minusSeconds(51))).isEqualTo(-2);
  }

  @Test
  void aFileIsBrokenAboveTheRatioOfAThousandLines() {
    OutputSettings settings = settings("10s", "0.01");
    assertThat(settings.isBroken(999, 999)).isFalse();
    assertThat(settings.isBroken(1000, 10)).isFalse();
    assertThat(settings.isBroken(1000, 11)).isTrue();
    assertThat(settings.isBroken(1001, 10)).isFalse();
    assertThat(settings("10s", "1").isBroken(5000, 5000)).isFalse();
    assertThat(settings("10s", "0").isBroken(5000, 1)).isTrue();
  }

  @Test
  void equalSettingsAreEqualHoweverTheyAreWritten() {
    assertThat(settings("60s", "0.010")).isEqualTo(settings("1m", "0.01"));
    assertThat(settings("60s", "0.01")).isNotEqualTo(settings("61s", "0.01"));
  }

  @Test
  void longestWindowWhateverTheOrder() {
    assertThat(settings("0s", "0").spans().longestWindow()).isEqualTo(240);
    assertThat(settings("0s", "0").windowNames()).isEqualTo("15m,4h,1h");
  }

  @Test
  void noWindowsAndNegativeGraceAreRefused() {
    assertThatThrownBy(() -> new OutputSettings(List.of(), Duration.ZERO, BigDecimal.ZERO, true))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                new OutputSettings(
                    WindowSpec.parseList("1h"), Duration.ofSeconds(-1), BigDecimal.ZERO, true))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static OutputSettings settings(String grace, String ratio) {
    return new OutputSettings(
        WindowSpec.parseList("15m,4h,1h"),
        Duration.parse("PT" + grace.replace("500ms", "0.5s")),
        new BigDecimal(ratio),
        true);
  }
}
