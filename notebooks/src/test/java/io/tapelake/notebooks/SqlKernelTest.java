package io.tapelake.notebooks;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class SqlKernelTest {

  @Test
  void aVaultElsewhereIsOpenedWithTheSettingsThatSparkWasGiven() {
    String key = "spark.hadoop.fs.elsewhere.impl";
    System.setProperty(key, "no.such.Files");
    try {
      assertThatThrownBy(() -> SqlKernel.vault("elsewhere://bucket/vault"))
          .hasMessageContaining("no.such.Files");
    } finally {
      System.clearProperty(key);
    }
  }
}
