package io.tapelake.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.Tapelake;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the commands of the README and of docs/ over a vault of their name, {@code tape}, page by
 * page; all but the blocks that say why they are not run. The Spark verbs run in this process,
 * since the start of one for each would take most of the time.
 */
final class DocumentedCommandsIT {

  private static final Set<String> JOB_VERBS =
      Set.of("run", "backfill", "verify", "maintain", "sql");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  @TempDir private Path folder;

  @Test
  void commandsDoWhatThePagesSay() throws Exception {
    new TapeVault(folder.resolve("tape")).writeFirstHours();
    assertThat(
            Tapelake.execute(
                "run", "--vault", folder.resolve("tape").toString(), "--master", "local[2]"))
        .isZero();
    int commands = 0;
    for (Path page : Pages.forUsers()) {
      for (String line : Pages.block(page, "sh")) {
        run(page, line);
        commands++;
      }
    }
    assertThat(commands).isGreaterThan(12);
    assertThat(folder.resolve("vwap.parquet")).isNotEmptyFile();
    assertThat(folder.resolve("job.prom")).content().contains("tapelake_job_runs_total");
    assertThat(folder.resolve("backup/state/vwap/published.json")).exists();
  }

  private void run(Path page, String line) throws IOException, InterruptedException {
    List<String> words = words(line);
    if (!words.get(0).equals("tapelake")) {
      new Command(folder).run(0, List.of("bash", "-c", line));
      return;
    }
    words.remove(0);
    if (JOB_VERBS.contains(words.get(0))) {
      words.addAll(1, List.of("--master", "local[2]"));
      assertThat(Tapelake.execute(words.toArray(String[]::new))).as("%s: %s", page, line).isZero();
    } else if (words.get(0).equals("report")) {
      words.addAll(List.of("--output", folder.resolve("report.html").toString()));
      assertThat(Notebooks.execute(words.toArray(String[]::new))).as("%s: %s", page, line).isZero();
    } else {
      words.add(0, Command.project().resolve("tapelake").toString());
      new Command(folder).run(0, words);
    }
  }

  /** As the shell parts them, without a redirection; what names a file here is made absolute. */
  private List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(line.replaceFirst(" > \\S+$", ""));
    while (word.find()) {
      String text = word.group(1) != null ? word.group(1) : word.group();
      boolean isFile = text.matches("tape|backup|[a-z]+\\.(parquet|prom)");
      words.add(isFile ? folder.resolve(text).toString() : text);
    }
    return words;
  }
}
