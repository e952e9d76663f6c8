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
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class WorkBlocksTest {

  private static final LocalDate FIRST_DAY = LocalDate.of(2026, 1, 1);

  private static final long GIB = 1L << 30;

  @Test
  void aBlockHasSoManyFiles() {
    assertThat(sizes(files(130, 1000))).containsExactly(64, 64, 2);
  }

  @Test
  void aBlockHasSoManyBytes() {
    assertThat(sizes(files(9, GIB))).containsExactly(3, 3, 3);
    assertThat(sizes(files(3, 5 * GIB))).containsExactly(1, 1, 1);
    assertThat(sizes(files(17, FoundFile.UNKNOWN, GIB / 32))).containsExactly(12, 5);
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

  /** Compressed by another program: what they come to is not known, but about. */
  @Test
  void quietInstrumentsShareFiles() {
    List<FileWork> works = new ArrayList<>();
    for (String instrument : List.of("A", "B", "C", "D")) {
      long stored = instrument.equals("C") ? GIB : 40_000;
      works.add(work(new DayFile(instrument, FIRST_DAY), FoundFile.UNKNOWN, stored));
    }
    assertThat(Rebuild.buckets(works))
        .containsExactlyInAnyOrderEntriesOf(Map.of("A", 1, "B", 1, "C", 0, "D", 1));
  }

  private static List<FileWork> files(int count, long bytes) {
    return files(count, bytes, bytes);
  }

  private static List<FileWork> files(int count, long bytes, long stored) {
    List<FileWork> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      files.add(work(new DayFile("BTC-USDT-SWAP", FIRST_DAY.plusDays(i)), bytes, stored));
    }
    return files;
  }

  private static FileWork work(DayFile file, long bytes, long stored) {
    return new FileWork(
        file,
        file.rawPath(),
        bytes,
        stored,
        0,
        FileWork.Mode.APPEND,
        FileCursor.START,
        Long.MAX_VALUE,
        null);
  }
}
