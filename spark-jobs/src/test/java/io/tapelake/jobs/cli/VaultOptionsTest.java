package io.tapelake.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class VaultOptionsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "local",
        "local[4]",
        "local[*]",
        "local[*, 3]",
        "local-cluster[2,1,1024]",
        "yarn",
        "spark://a:7077,b:7077",
        "k8s://https://host:6443"
      })
  void whatSparkTakesAsAMaster(String master) {
    assertThat(with("--master", master).master()).isEqualTo(master);
  }

  @ParameterizedTest
  @ValueSource(strings = {"foo", "local[0]", "local[99999999999]", "local[]", "spark://", ""})
  void whatIsNoMaster(String master) {
    VaultOptions options = with("--master", master);
    assertThatThrownBy(options::master).hasMessageContaining("--master '" + master + "'");
  }

  /** All of them take part where no list is given, not where an empty one is. */
  @Test
  void anEmptyListOfInstruments() {
    for (String list : new String[] {"", ",", " , "}) {
      assertThatThrownBy(() -> with().instruments(list)).hasMessageContaining("names none");
    }
    assertThat(with().instruments("B-USDT-SWAP,A-USDT-SWAP"))
        .containsExactly("A-USDT-SWAP", "B-USDT-SWAP");
  }

  private static VaultOptions with(String... words) {
    return CommandLine.populateCommand(new VaultOptions(), words);
  }
}
