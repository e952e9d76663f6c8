package io.tapelake.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
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

  private static Path vault(String root) {
    JobConfiguration configuration = JobConfiguration.load(null);
    configuration.say(JobConfiguration.VAULT, root);
    return configuration.vault();
  }
}
