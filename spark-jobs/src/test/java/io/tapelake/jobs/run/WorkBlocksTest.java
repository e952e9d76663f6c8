package io.tapelake.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.plan.FileWork;
import io.tapelake.jobs.plan.FoundFile;
import io.tapelake.jobs.plan.RunPlan;
import io.tapelake.vault.DayFile;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class WorkBlocksTest {

  private static final long GIB = 1L << 30;

  @Test
  void aBlockHasSoManyFiles() {
    assertThat(sizes(files(130, 1000))).containsExactly(64, 64, 2);
  }

  @Test
  void aBlockHasSoManyBytes() {
    assertThat(sizes(files(9, GIB))).containsExactly(3, 3, 3);
    assertThat(sizes(files(3, 5 * GIB))).containsExactly(1, 1, 1);
    assertThat(sizes(files(17, FoundFile.UNKNOWN))).containsExactly(12, 5);
  }

  @Test
  void rowsThatAreDueWithoutReadingHaveABlock() {
    assertThat(sizes(List.of())).isEmpty();
    assertThat(
            WorkBlocks.cut(new RunPlan(List.of(), Set.of("BTC-USDT-SWAP"), List.of(), List.of())))
        .containsExactly(List.of());
  }

  private static List<Integer> sizes(List<FileWork> files) {
    List<List<FileWork>> blocks =
        WorkBlocks.cut(new RunPlan(files, Set.of(), List.of(), List.of()));
    assertThat(blocks.stream().flatMap(List::stream)).containsExactlyElementsOf(files);
    return blocks.stream().map(List::size).toList();
  }

  private static List<FileWork> files(int count, long bytes) {
    List<FileWork> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      DayFile file = new DayFile("BTC-USDT-SWAP", LocalDate.of(2026, 1, 1).plusDays(i));
      files.add(
          new FileWork(
              file,
              file.rawPath(),
              bytes,
              0,
              FileWork.Mode.APPEND,
              FileCursor.START,
              Long.MAX_VALUE,
              null));
    }
    return files;
  }
}
