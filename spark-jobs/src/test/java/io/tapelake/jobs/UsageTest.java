package io.tapelake.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Wrong usage of every kind: exit code 2, one line that says what to do, and nothing touched. */
final class UsageTest {

  private static final String RAW = "raw/okx/trades_perps/BTC-USDT-SWAP/2026-01-02.jsonl";

  @TempDir private Path folder;

  @BeforeEach
  void makeVaults() throws IOException {
    write("vault/" + RAW, "{}\n");
    Files.createDirectories(folder.resolve("empty-vault"));
    // A file where a folder has to be made: also root cannot write there.
    write("unwritable/" + RAW, "{}\n");
    write("unwritable/state", "");
    Files.write(folder.resolve("latin.sql"), "select 'ä'".getBytes(StandardCharsets.ISO_8859_1));
    write("unknown-key.properties", "job.widnows=1h\n");
    write("bad-window.properties", "job.windows=90s\n");
    write("bad-grace.properties", "job.grace=soon\n");
    write("bad-webhook.properties", "job.alerts.webhook=ftp://example.com/secret\n");
    write("bad-age.properties", "job.alerts.max-age=25h\n");
    write("bad-origin.properties", "job.cvd-origin=2025-12-10\n");
    write("odd-origin.properties", "job.cvd-origin=2025-12-10T13:30:30Z\n");
    write("bad-ratio.properties", "job.max-refused-ratio=2\n");
  }

  @TestFactory
  Stream<DynamicTest> isRefused() {
    return Stream.of(
        refused("unknown verb", "unwnd", "unwnd"),
        refused("no verb", "verb", new String[0]),
        refused("unknown option", "--widnows", "run", "--vault", "{}/vault", "--widnows", "1h"),
        refused("option without value", "--vault", "run", "--vault"),
        refused("missing vault", "{}/no-vault", "run", "--vault", "{}/no-vault"),
        refused("missing vault", "{}/no-vault", "backfill", "--vault", "{}/no-vault"),
        refused("missing vault", "{}/no-vault", "sql", "--vault", "{}/no-vault", "select 1"),
        refused("vault without trades", "{}/empty-vault", "run", "--vault", "{}/empty-vault"),
        refused("vault that is a file", "bad-window", "run", "--vault", "{}/bad-window.properties"),
        refused("unwritable vault", "{}/unwritable/state", "run", "--vault", "{}/unwritable"),
        refused("unknown key", "job.widnows", run("--config", "{}/unknown-key.properties")),
        refused("missing configuration", "{}/none", run("--config", "{}/none.properties")),
        refused("window in the file", "90s", run("--config", "{}/bad-window.properties")),
        refused("bad grace", "soon", run("--config", "{}/bad-grace.properties")),
        refused("bad ratio", "job.max-refused-ratio", run("--config", "{}/bad-ratio.properties")),
        refused("bad webhook", "ftp://example.com…", run("--config", "{}/bad-webhook.properties")),
        refused("bad alert age", "25h", run("--config", "{}/bad-age.properties")),
        refused("bad webhook", "example.com…", run("--alerts-webhook", "example.com/secret")),
        refused("webhook without host", "http://", run("--alerts-webhook", "http://")),
        refused("alerts of nothing", "job.analytics", run("--no-analytics", "--alerts-stdout")),
        refused("alerts of a backfill", "--alerts-stdout", backfill("--alerts-stdout")),
        refused("day for an origin", "'2025-12-10'", run("--config", "{}/bad-origin.properties")),
        refused("origin in a minute", "13:30:30", run("--config", "{}/odd-origin.properties")),
        refused("unknown window", "1y", run("--windows", "1h,1y")),
        refused("window of nothing", "0h", run("--windows", "0h")),
        refused("window too long", "8d", run("--windows", "8d")),
        refused("no window", "--windows", run("--windows")),
        refused("bad instant", "yesterday", run("--as-of", "yesterday")),
        refused("day for an instant", "2026-01-02", run("--as-of", "2026-01-02")),
        refused("bad instrument", "BTC/USDT", run("--instruments", "BTC/USDT")),
        refused("bad interval", "often", run("--every", "often")),
        refused("no interval", "--every 0", run("--every", "0s")),
        refused("interval and instant", "--as-of", run("--every", "60s", "--as-of", INSTANT)),
        refused("no folder for the summary", "{}/none", run("--summary", "{}/none/summary.json")),
        refused("bad day", "2026-02-30", backfill("--from", "2026-02-30")),
        refused("days swapped", "--to", backfill("--from", "2026-01-03", "--to", "2026-01-02")),
        refused("bad format", "xml", "sql", "--vault", "{}/vault", "--format", "xml", "select 1"),
        refused("no such script", "{}/none.sql", sql("-f", "{}/none.sql")),
        refused("script in another code", "{}/latin.sql", sql("-f", "{}/latin.sql")),
        refused("two queries", "-e", sql("-e", "select 1", "select 2")),
        refused("fewer rows than none", "--limit", sql("--limit", "-1", "select 1")));
  }

  private static final String INSTANT = "2026-01-02T12:00:00Z";

  private static String[] run(String... further) {
    return command("run", further);
  }

  private static String[] backfill(String... further) {
    return command("backfill", further);
  }

  private static String[] sql(String... further) {
    return command("sql", further);
  }

  private static String[] command(String verb, String... further) {
    return Stream.concat(Stream.of(verb, "--vault", "{}/vault"), Stream.of(further))
        .toArray(String[]::new);
  }

  /**
   * One case.
   *
   * @param named what the message has to name; {@code {}} stands for the folder
   */
  private DynamicTest refused(String what, String named, String... arguments) {
    return DynamicTest.dynamicTest(
        what + ": " + String.join(" ", arguments), () -> check(named, arguments));
  }

  private void check(String named, String... arguments) throws IOException {
    SortedMap<String, String> before = FolderState.of(folder);
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    PrintStream standardError = System.err;
    System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    int exitCode;
    try {
      exitCode = Tapelake.execute(Arrays.stream(arguments).map(this::here).toArray(String[]::new));
    } finally {
      System.setErr(standardError);
    }
    String message = errors.toString(StandardCharsets.UTF_8);
    assertThat(exitCode).as(message).isEqualTo(2);
    assertThat(message.lines()).as(message).hasSize(1);
    assertThat(message).startsWith("tapelake: ").contains(here(named));
    assertThat(FolderState.of(folder)).isEqualTo(before);
  }

  private String here(String text) {
    return text.replace("{}", folder.toString());
  }

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
