package io.tapelake.jobs.lake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tapelake.jobs.published.Published.FileState;
import io.tapelake.jobs.published.StagedFiles;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.store.VaultStores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are written by a run, before and after it counts. */
final class StagedFilesTest {

  private static final String EXPORT = "derived/vwap/okx/perps/BTC-USDT-SWAP/vwap_1m.jsonl";
  private static final String OTHER = "quarantine/okx/trades_perps/BTC-USDT-SWAP/2026-01-02.jsonl";

  @TempDir private Path folder;

  private VaultStore vault;
  private StagedFiles staged;

  @BeforeEach
  void write() throws IOException {
    vault = VaultStores.open(folder.toString(), new Configuration(false));
    vault.append(EXPORT, 0, bytes("one\n"));
    vault.append(OTHER, 0, bytes("other\n"));
    staged = new StagedFiles(vault);
    staged.begin("7-1");
  }

  @Test
  void addedBytesAreSeenAtOnceAndCountWhenTheyAreAdopted() throws IOException {
    staged.append(EXPORT, 4, bytes("two\n"));
    staged.append(EXPORT, 8, bytes("three\n"));
    assertThat(text(staged, EXPORT)).isEqualTo("one\ntwo\nthree\n");
    assertThat(staged.length(EXPORT)).isEqualTo(14);
    assertThat(text(vault, EXPORT)).isEqualTo("one\n");
    FileState before = new FileState(4, crc("one\n"));
    assertThat(staged.states(Map.of(EXPORT, before)))
        .containsExactly(Map.entry(EXPORT, new FileState(14, crc("one\ntwo\nthree\n"))));
    staged.adopt();
    assertThat(text(vault, EXPORT)).isEqualTo("one\ntwo\nthree\n");
    assertThat(vault.list(StagedFiles.FOLDER)).isEmpty();
  }

  @Test
  void replacedAndRemovedFilesCountTogether() throws IOException {
    staged.replace(EXPORT, out -> out.write(bytes("new\n")));
    staged.append(EXPORT, 4, bytes("more\n"));
    staged.delete(OTHER);
    assertThat(staged.exists(OTHER)).isFalse();
    assertThat(vault.exists(OTHER)).isTrue();
    assertThat(staged.states(Map.of()))
        .containsExactly(Map.entry(EXPORT, new FileState(9, crc("new\nmore\n"))));
    staged.adopt();
    assertThat(text(vault, EXPORT)).isEqualTo("new\nmore\n");
    assertThat(vault.exists(OTHER)).isFalse();
  }

  @Test
  void whatWasAdoptedHalfIsAdoptedByAnother() throws IOException {
    staged.append(EXPORT, 4, bytes("two\n"));
    staged.replace(OTHER, out -> out.write(bytes("new\n")));
    // As of a crash in the midst of adding.
    vault.append(EXPORT, 4, bytes("tw"));
    StagedFiles another = new StagedFiles(vault);
    assertThat(another.found()).containsExactly("7-1");
    another.takeUp("7-1");
    another.adopt();
    assertThat(text(vault, EXPORT)).isEqualTo("one\ntwo\n");
    assertThat(text(vault, OTHER)).isEqualTo("new\n");
  }

  /** A process that was stopped finds nothing to put in place of what another one made. */
  /** The next run finds it shorter than what counts, and makes it anew. */
  @Test
  void whatWasLostMeanwhileHoldsUpNoOtherFile() throws IOException {
    staged.append(EXPORT, 4, bytes("two\n"));
    staged.replace(OTHER, out -> out.write(bytes("new\n")));
    vault.truncate(EXPORT, 1);
    vault.replace(StagedFiles.FOLDER + "/7-1/.half@0.tmp", out -> out.write(bytes("x")));
    StagedFiles another = new StagedFiles(vault);
    another.takeUp("7-1");
    another.adopt();
    assertThat(text(vault, EXPORT)).isEqualTo("o");
    assertThat(text(vault, OTHER)).isEqualTo("new\n");
  }

  @Test
  void whatIsTakenAwayCannotBeAdopted() throws IOException {
    staged.append(EXPORT, 4, bytes("two\n"));
    new StagedFiles(vault).discard("7-1");
    assertThatThrownBy(staged::adopt).isInstanceOf(IOException.class);
    assertThat(text(vault, EXPORT)).isEqualTo("one\n");
  }

  @Test
  void whatIsTakenOverIsCutToACheckpoint() throws IOException {
    staged.append(EXPORT, 4, bytes("two\n"));
    String newer = "derived/cvd/okx/perps/BTC-USDT-SWAP/cvd_1m.jsonl";
    staged.append(newer, 0, bytes("newer\n"));
    StagedFiles another = new StagedFiles(vault);
    another.takeOver("7-1", "8-1");
    FileState before = new FileState(4, crc("one\n"));
    FileState half = new FileState(6, crc("one\ntw"));
    another.cutTo(Map.of(EXPORT, half));
    another.sum();
    assertThat(another.states(Map.of(EXPORT, before))).containsExactly(Map.entry(EXPORT, half));
    assertThatThrownBy(() -> staged.append(EXPORT, 8, bytes("lost\n")))
        .isInstanceOf(IOException.class);
    another.adopt();
    assertThat(text(vault, EXPORT)).isEqualTo("one\ntw");
    assertThat(vault.exists(newer)).isFalse();
  }

  @Test
  void whereNothingIsBegunTheVaultIsWrittenTo() throws IOException {
    staged.adopt();
    staged.append(EXPORT, 4, bytes("two\n"));
    staged.delete(OTHER);
    assertThat(text(vault, EXPORT)).isEqualTo("one\ntwo\n");
    assertThat(vault.exists(OTHER)).isFalse();
  }

  private static String text(VaultStore store, String path) throws IOException {
    return new String(store.read(path), UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static int crc(String text) {
    CRC32C crc = new CRC32C();
    crc.update(bytes(text));
    return (int) crc.getValue();
  }
}
