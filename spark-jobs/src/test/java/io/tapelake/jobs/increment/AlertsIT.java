package io.tapelake.jobs.increment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tapelake.jobs.outcome.Steps;
import io.tapelake.jobs.run.ArrivingTrades;
import io.tapelake.jobs.run.Outputs;
import io.tapelake.jobs.run.Receiver;
import io.tapelake.jobs.run.RunProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose signals somebody is told of: exactly those of the export, whatever is killed. */
final class AlertsIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration MAX_AGE = Duration.ofHours(1);
  private static final int ATTEMPTS = 20;

  @TempDir private Path folder;

  @Test
  void signalsOfNewMinutesArePostedAndPrintedOnceAsTheExportHasThem() throws Exception {
    Path vault = Files.createDirectory(folder.resolve("vault"));
    ArrivingTrades trades = new ArrivingTrades(vault, 20260104);
    // More than the hour that is told of.
    for (int i = 0; i < 12; i++) {
      trades.arriveWhole();
    }
    try (Receiver receiver = new Receiver()) {
      for (int i = 0; i < 2; i++) {
        Map<String, String> before = lastRows(vault);
        int posted = receiver.posts().size();
        String printed = runUntilAllIsTold(vault, trades, receiver, "--alerts-stdout");
        List<String> expected = expected(vault, before, trades.now());
        assertThat(expected).isNotEmpty();
        assertThat(receiver.bodiesSince(posted)).isEqualTo(expected);
        assertThat(printed.lines().toList()).isEqualTo(expected);
        trades.arriveWhole();
      }
      assertThat(receiver.posts()).extracting(Receiver.Post::key).doesNotHaveDuplicates();
      int posted = receiver.posts().size();
      assertThat(Outputs.execute("backfill", vault.toString(), "--as-of", trades.now().toString()))
          .isZero();
      runUntilAllIsTold(vault, trades, receiver);
      assertThat(receiver.posts()).as("a backfill tells nobody").hasSize(posted);
    }
  }

  @Test
  void whateverIsKilledTheNextRunTellsWhatTheExportHas() throws Exception {
    Path vault = Files.createDirectory(folder.resolve("killed"));
    ArrivingTrades trades = new ArrivingTrades(vault, 20260105);
    trades.arriveWhole();
    try (Receiver receiver = new Receiver()) {
      runUntilAllIsTold(vault, trades, receiver);

      // It is undone, and late trades let other minutes give signals than those that it saw.
      Map<String, String> before = killAfter(Steps.ALERTS, vault, trades, receiver);
      assertNothingIsLeftWhereNobodyIsTold(vault, trades.now());
      trades.arriveWhole();
      assertTellsWhatIsNewSince(before, vault, trades, receiver);

      // It is finished by the next one.
      before = killAfter(Steps.PUBLISHED, vault, trades, receiver);
      assertTellsWhatIsNewSince(before, vault, trades, receiver);

      // Its one delivery is not noted: that alert comes again, with the same key.
      before = killAfter(Steps.ALERT_TOLD, vault, trades, receiver);
      List<Receiver.Post> first = receiver.posts();
      assertTellsWhatIsNewSince(before, vault, trades, receiver);
      assertThat(receiver.posts().get(first.size())).isEqualTo(first.get(first.size() - 1));
    }
  }

  /** In a copy of the vault, so that the next run still finds what the killed one left. */
  private static void assertNothingIsLeftWhereNobodyIsTold(Path vault, Instant now)
      throws Exception {
    Path copy = vault.resolveSibling("copy");
    assertThat(new ProcessBuilder("cp", "-R", vault.toString(), copy.toString()).start().waitFor())
        .isZero();
    Path next = copy.resolve("state/vwap/next");
    assertThat(next).isNotEmptyDirectory();
    assertThat(Outputs.execute("run", copy, now)).isZero();
    assertThat(next).isEmptyDirectory();
  }

  private static void assertTellsWhatIsNewSince(
      Map<String, String> before, Path vault, ArrivingTrades trades, Receiver receiver)
      throws IOException {
    int posted = receiver.posts().size();
    runUntilAllIsTold(vault, trades, receiver);
    List<String> expected = expected(vault, before, trades.now());
    assertThat(expected).isNotEmpty();
    assertThat(receiver.bodiesSince(posted)).isEqualTo(expected);
  }

  /**
   * Lets a run that has alerts end after a step.
   *
   * @return the last rows before it
   */
  private static Map<String, String> killAfter(
      String step, Path vault, ArrivingTrades trades, Receiver receiver) throws Exception {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      trades.arriveWhole();
      Map<String, String> before = lastRows(vault);
      int posted = receiver.posts().size();
      try (RunProcess run =
          RunProcess.start(vault, trades.now(), step, "--alerts-webhook", receiver.address())) {
        int exit = run.await();
        assertThat(exit).as(run.output()).isIn(0, RunProcess.KILLED);
        assertThat(run.output()).doesNotContain("secret");
        if (exit == RunProcess.KILLED) {
          assertThat(receiver.posts()).hasSize(posted + (step.equals(Steps.ALERT_TOLD) ? 1 : 0));
          return before;
        }
      }
      runUntilAllIsTold(vault, trades, receiver);
    }
    throw new AssertionError("no run came to '%s'".formatted(step));
  }

  /** On a busy machine not all fit into what posting may take of one run. */
  private static String runUntilAllIsTold(
      Path vault, ArrivingTrades trades, Receiver receiver, String... options) throws IOException {
    Path summary = vault.resolveSibling("summary.json");
    StringBuilder printed = new StringBuilder();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      List<String> all = new ArrayList<>(List.of("--as-of", trades.now().toString(), "--summary"));
      all.addAll(List.of(summary.toString(), "--alerts-webhook", receiver.address()));
      all.addAll(List.of(options));
      Outputs.Ended ended = Outputs.listen("run", vault, all.toArray(String[]::new));
      assertThat(ended.exit()).as(ended.errors()).isZero();
      if (options.length > 0) {
        printed.append(ended.output());
        assertThat(ended.errors()).contains("run as of " + trades.now());
      }
      JsonNode alerts = JSON.readTree(Files.readString(summary)).required("alerts");
      if (alerts.required("pending").asInt() == 0) {
        assertThat(alerts.required("given_up").asInt()).isZero();
        return printed.toString();
      }
    }
    throw new AssertionError("alerts still wait after %d runs".formatted(ATTEMPTS));
  }

  /** By instrument the newest minute that has rows. */
  private static Map<String, String> lastRows(Path vault) throws IOException {
    Map<String, String> rows = new TreeMap<>();
    Path cursors = vault.resolve("state/vwap/okx/perps");
    if (Files.exists(cursors)) {
      try (Stream<Path> paths = Files.list(cursors)) {
        for (Path path : paths.filter(p -> p.toString().endsWith(".state.json")).toList()) {
          JsonNode cursor = JSON.readTree(Files.readString(path));
          rows.put(
              cursor.required("instId").asText(),
              cursor.required("last_minute_processed").asText());
        }
      }
    }
    return rows;
  }

  /** The lines of the exports that are behind some rows, by minute and id. */
  private static List<String> expected(Path vault, Map<String, String> before, Instant asOf)
      throws IOException {
    Map<String, String> lines = new TreeMap<>(Comparator.naturalOrder());
    try (Stream<Path> paths = Files.walk(vault.resolve("derived/signals"))) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        for (String line : Files.readAllLines(path)) {
          JsonNode signal = JSON.readTree(line);
          String minute = signal.required("window_start_utc").asText();
          boolean isNew =
              minute.compareTo(before.getOrDefault(signal.required("instId").asText(), "")) > 0;
          if (isNew && !Instant.parse(minute).isBefore(asOf.minus(MAX_AGE))) {
            lines.put(minute + " " + signal.required("id").asText(), line);
          }
        }
      }
    }
    return List.copyOf(lines.values());
  }
}
