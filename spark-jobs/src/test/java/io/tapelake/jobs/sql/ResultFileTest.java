package io.tapelake.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tapelake.jobs.outcome.JobException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResultFileTest {

  @TempDir private Path folder;

  @Test
  void aFileIsReplacedAndALinkToItStays() throws IOException {
    Path file = Files.writeString(folder.resolve("page.html"), "before");
    Path link = Files.createSymbolicLink(folder.resolve("newest.html"), file);
    new ResultFile(link).write("after");
    assertThat(link).isSymbolicLink().hasContent("after");
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("page.html", "newest.html");
  }

  @Test
  void foldersAndDevicesAreLeftAsTheyAre() {
    for (Path each : new Path[] {folder, Path.of("/dev/null"), folder.resolve("none/page.html")}) {
      assertThatThrownBy(() -> new ResultFile(each))
          .isInstanceOf(JobException.class)
          .hasMessageContaining(each.toString());
    }
    assertThat(folder).isEmptyDirectory();
  }
}
