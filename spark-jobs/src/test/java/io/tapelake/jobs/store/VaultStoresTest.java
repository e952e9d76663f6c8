package io.tapelake.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VaultStoresTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"plain", "a b", "a%20b", "100%", "[1] {2}", "*", "#1", "a?b", "jürgen", "金庫"})
  void aUriNamesTheFolderWhateverIsInItsName(String name) throws IOException {
    Path vault = Files.createDirectory(folder.resolve(name));
    Files.writeString(vault.resolve("file"), name);
    VaultStore named = VaultStores.open(vault.toString(), new Configuration());
    VaultStore again = VaultStores.open(named.uri(""), new Configuration());
    assertThat(again.read("file")).isEqualTo(name.getBytes(StandardCharsets.UTF_8));
    assertThat(VaultStores.localPath(named.uri(""))).isEqualTo(vault);
  }

  @Test
  void aFolderOnADiskOfItsOwnTakesFilesInToo() throws IOException {
    Path memory = Path.of("/dev/shm");
    assumeTrue(Files.isWritable(memory), "a second file system");
    assumeTrue(!Files.getFileStore(memory).equals(Files.getFileStore(folder)), "a second one");
    Path other = Files.createTempDirectory(memory, "tapelake");
    try {
      Files.createSymbolicLink(folder.resolve("derived"), other);
      VaultStore vault = VaultStores.open(folder.toString(), new Configuration());
      vault.append("state/one", 0, new byte[] {1});
      vault.append("derived/one", 0, new byte[] {9, 9});
      vault.move("state/one", "derived/one");
      assertThat(vault.read("derived/one")).containsExactly(1);
      assertThat(vault.exists("state/one")).isFalse();
      assertThat(other.toFile().list()).containsExactly("one");
    } finally {
      Files.deleteIfExists(other.resolve("one"));
      Files.delete(other);
    }
  }
}
