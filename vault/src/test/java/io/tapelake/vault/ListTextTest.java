package io.tapelake.vault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ListTextTest {

  @Test
  void namesWithoutTheBlankOnes() {
    assertThat(ListText.parse(" b,a ,, a,")).containsExactly("b", "a", "a");
    assertThat(ListText.parse("")).isEmpty();
  }
}
