package io.tapelake.analytics.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnchorTest {

  @Test
  void anchorAtAWholeMinute() {
    Anchor anchor = Anchor.parse("cpi=2025-12-10T13:30:00Z");
    assertThat(anchor).isEqualTo(new Anchor("cpi", 29_422_890L));
    assertThat(Anchor.parse(anchor.toString())).isEqualTo(anchor);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cpi",
        "=2025-12-10T13:30:00Z",
        "CPI=2025-12-10T13:30:00Z",
        "1h=2025-12-10T13:30:00Z",
        "session=2025-12-10T13:30:00Z",
        "total=2025-12-10T13:30:00Z",
        "cpi=2025-12-10T13:30:30Z",
        "cpi=2025-12-10T13:30:00.5Z",
        "cpi=2025-12-10",
        "cpi="
      })
  void otherTextIsNamed(String text) {
    assertThatThrownBy(() -> Anchor.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @Test
  void twoOfOneNameAreRefused() {
    List<String> texts = List.of("a=2025-12-10T13:30:00Z", "a=2025-12-10T13:31:00Z");
    assertThatThrownBy(() -> Anchor.parseAll(texts)).hasMessageContaining("two anchors 'a'");
  }
}
