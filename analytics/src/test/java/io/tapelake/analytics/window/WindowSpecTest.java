package io.tapelake.analytics.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WindowSpecTest {

  @ParameterizedTest
  @CsvSource({
    "1m,1",
    "15m,15",
    "1h,60",
    "4h,240",
    "1d,1440",
    "7d,10080",
    "168h,10080",
    "10080m,10080"
  })
  void lengths(String name, int minutes) {
    assertThat(WindowSpec.parse(name)).isEqualTo(new WindowSpec(name, minutes));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "h", "0m", "-1m", "01h", "1H", "1 h", "1.5h", "8d", "169h", "10081m", "99999d",
        "100000m", "1w", "60", "1h4h", "\u0661h"
      })
  void everythingElseIsRefusedByName(String name) {
    assertThatThrownBy(() -> WindowSpec.parse(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + name + "'");
  }

  @Test
  void listKeepsItsOrder() {
    assertThat(WindowSpec.parseList("4h, 1h ,15m"))
        .extracting(WindowSpec::name)
        .containsExactly("4h", "1h", "15m");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1h,1h", "1h,60m", "1d,24h", "1h,", ",1h", "", " "})
  void listWithRepetitionsOrHolesIsRefused(String names) {
    assertThatThrownBy(() -> WindowSpec.parseList(names))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
