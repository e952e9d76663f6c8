package io.tapelake.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JobConfigurationTest {

  @ParameterizedTest
  @ValueSource(strings = {"/v/data", "file:/v/data", "file:///v/data"})
  void theVaultMayBeGivenAsAPathOrAsAFilesAddress(String root) {
    assertThat(vault(root)).isEqualTo(Path.of("/v/data"));
  }

  @Test
  void aRelativePathStaysOne() {
    assertThat(vault("vault-data")).isEqualTo(Path.of("vault-data"));
  }

  @Test
  void theEnvironmentNamesTheFileAsForTheJobUnlessAnotherOneIsGiven(@TempDir Path folder)
      throws IOException {
    Path named = Files.writeString(folder.resolve("named"), "job.grace=2m\n");
    Path given = Files.writeString(folder.resolve("given"), "job.grace=3m\n");
    Map<String, String> environment = Map.of("TAPELAKE_CONFIG", named.toString());
    assertThat(JobConfiguration.load(null, environment).settings().grace()).hasMinutes(2);
    assertThat(JobConfiguration.load(given, environment).settings().grace()).hasMinutes(3);
    assertThat(JobConfiguration.load(null, Map.of("TAPELAKE_CONFIG", "")).settings().grace())
        .hasSeconds(10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1%", "", "NaN", "-0.1", "2"})
  void whatIsNoShareIsToldWithItsKeyAndARemedy(String ratio) {
    JobConfiguration configuration = JobConfiguration.load(null, Map.of());
    configuration.say("job.max-refused-ratio", ratio);
    assertThatThrownBy(configuration::settings)
        .isInstanceOf(UsageException.class)
        .hasMessage(
            "job.max-refused-ratio '%s' is not a share; give a number from 0 to 1, such as 0.01",
            ratio);
  }

  @Test
  void instrumentsMayHaveSpacesBetweenThemAndHaveToBeSome() {
    JobConfiguration configuration = JobConfiguration.load(null, Map.of());
    configuration.say(JobConfiguration.INSTRUMENTS, "BTC-USDT-SWAP, eth-usdt-swap");
    assertThat(configuration.instruments()).containsExactly("BTC-USDT-SWAP", "ETH-USDT-SWAP");
    configuration.say(JobConfiguration.INSTRUMENTS, "../BTC");
    assertThatThrownBy(configuration::instruments)
        .hasMessage("'../BTC' is no instrument; give names such as BTC-USDT-SWAP");
  }

  private static Path vault(String root) {
    JobConfiguration configuration = JobConfiguration.load(null, Map.of());
    configuration.say(JobConfiguration.VAULT, root);
    return configuration.vault();
  }
}
