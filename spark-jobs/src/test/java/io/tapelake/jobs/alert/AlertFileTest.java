package io.tapelake.jobs.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tapelake.jobs.store.VaultStores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlertFileTest {

  private static final Instant NOW = Instant.parse("2026-01-02T10:00:00Z");

  @TempDir private Path vault;
  private AlertFile file;

  @BeforeEach
  void open() throws IOException {
    file = new AlertFile(VaultStores.open(vault.toString(), new Configuration(false)));
  }

  @Test
  void whereThereAreNoAlertsThereIsNoFile() throws IOException {
    assertThat(file.writeIfChanged(file.read())).isFalse();
    assertThat(vault).isEmptyDirectory();
  }

  @Test
  void whatIsWrittenIsReadAndNotWrittenAgain() throws IOException {
    AlertQueue queue = file.read();
    queue.unanswered(NOW);
    assertThat(file.writeIfChanged(queue)).isTrue();
    assertThat(file.read().nextTry()).isEqualTo(queue.nextTry());
    assertThat(file.writeIfChanged(queue)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{\"version\":2}",
        "{\"version\":1}",
        "{\"version\":1,\"failures\":0,\"newest_minutes\":{\"A\":\"?\"},\"alerts\":[]}",
        "{\"version\":1,\"failures\":0,\"newest_minutes\":{},\"alerts\":[{}]}"
      })
  void whatIsNoQueueIsSaidToBeNone(String content) throws IOException {
    assertThatThrownBy(() -> AlertFile.decode(content.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IllegalArgumentException.class);
    Path path = vault.resolve(AlertFile.PATH);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
    file.forget(java.util.List.of("BTC-USDT-SWAP"));
    assertThat(path).doesNotExist();
  }
}
