package io.tapelake.jobs.increment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.analytics.signal.Direction;
import io.tapelake.analytics.signal.Signal;
import io.tapelake.analytics.signal.SignalKind;
import io.tapelake.analytics.signal.SignalLine;
import io.tapelake.jobs.alert.AlertFigures;
import io.tapelake.jobs.alert.AlertFile;
import io.tapelake.jobs.alert.AlertQueue;
import io.tapelake.jobs.alert.AlertSettings;
import io.tapelake.jobs.outcome.ExitCode;
import io.tapelake.jobs.outcome.RunSummary;
import io.tapelake.jobs.run.Receiver;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.store.VaultStores;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Alerts against receivers of every kind. What hangs would hang until the timeout of the test. */
@Timeout(120)
class AlertDeliveryTest {

  private static final Instant NOW = Instant.parse("2026-01-02T10:00:00Z");
  private static final long MINUTE = NOW.getEpochSecond() / 60;

  /** For receivers that answer: they never take it. */
  private static final Duration AMPLE = Duration.ofSeconds(60);

  /** For receivers that do not: they always take it. */
  private static final Duration SHORT = Duration.ofMillis(300);

  @TempDir private Path vault;
  private Receiver receiver;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final List<String> warnings = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    receiver = new Receiver();
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  @Test
  void everyAlertIsPostedOnceInTheOrderOfTheMinutes() throws IOException {
    add(signal(1), signal(0), signal(2));
    assertThat(post(AMPLE, NOW)).isEqualTo(new AlertFigures(3, 0, 0, 0));
    assertThat(post(AMPLE, NOW)).isEqualTo(AlertFigures.NONE);
    assertThat(receiver.bodiesSince(0)).containsExactly(line(0), line(1), line(2));
    assertThat(receiver.posts().get(0))
        .isEqualTo(new Receiver.Post("/hooks/secret", "application/json", signal(0).id(), line(0)));
    assertThat(warnings).isEmpty();
  }

  @Test
  void aFailureEndsTheRunsPostsAndIsTriedAgainAfterAPause() throws IOException {
    add(signal(0), signal(1));
    receiver.answer(204, 500);
    assertThat(post(AMPLE, NOW)).isEqualTo(new AlertFigures(1, 0, 1, 0));
    assertThat(warnings)
        .containsExactly(
            "127.0.0.1 did not take an alert (status 500); 1 wait until %s"
                .formatted(NOW.plusSeconds(5)));
    assertThat(post(AMPLE, NOW.plusSeconds(4))).isEqualTo(new AlertFigures(0, 0, 1, 0));
    assertThat(post(AMPLE, NOW.plusSeconds(5))).isEqualTo(new AlertFigures(1, 0, 0, 0));
    assertThat(receiver.bodiesSince(0)).containsExactly(line(0), line(1), line(1));
  }

  @Test
  void aReceiverThatHangsCostsTheBudget() throws IOException {
    add(signal(0), signal(1));
    receiver.answer(Receiver.HANG);
    assertThat(post(SHORT, NOW)).isEqualTo(new AlertFigures(0, 0, 2, 0));
    assertThat(receiver.bodiesSince(0)).containsExactly(line(0));
    assertUnanswered();
    assertThat(post(AMPLE, NOW.plusSeconds(5))).isEqualTo(new AlertFigures(2, 0, 0, 0));
  }

  @Test
  void aTakenAlertIsTakenAlsoWhenTheAnswerDoesNotEnd() throws IOException {
    add(signal(0), signal(1));
    receiver.answer(Receiver.ENDLESS);
    assertThat(post(Duration.ofSeconds(3), NOW)).isEqualTo(new AlertFigures(1, 0, 1, 0));
    assertThat(warnings).isEmpty();
  }

  @Test
  void aRedirectIsNotFollowed() throws IOException {
    add(signal(0));
    receiver.answer(302, 307);
    assertThat(post(AMPLE, NOW).pending()).isEqualTo(1);
    assertThat(post(AMPLE, NOW.plusSeconds(60)).pending()).isEqualTo(1);
    assertThat(receiver.posts()).extracting(Receiver.Post::path).containsOnly("/hooks/secret");
  }

  @Test
  void anAlertThatIsAlwaysRefusedIsGivenUpForTheNext() throws IOException {
    add(signal(0), signal(1));
    AlertFigures last = null;
    for (int i = 0; i < 20; i++) {
      receiver.answer(400);
      last = post(AMPLE, NOW.plusSeconds(300L * i));
    }
    assertThat(last).isEqualTo(new AlertFigures(0, 0, 1, 1));
    assertThat(warnings).last().asString().startsWith("1 alerts were given up: refused 20 times");
    assertThat(post(AMPLE, NOW.plusSeconds(6_000))).isEqualTo(new AlertFigures(1, 0, 0, 0));
  }

  @Test
  void aReceiverThatIsBusyIsAwaited() throws IOException {
    add(signal(0));
    for (int i = 0; i < 30; i++) {
      receiver.answer(i % 2 == 0 ? 429 : 503);
      assertThat(post(AMPLE, NOW.plusSeconds(300L * i)).pending()).isEqualTo(1);
    }
    assertThat(post(AMPLE, NOW.plusSeconds(9_000)).sent()).isEqualTo(1);
  }

  @Test
  void whereNobodyListensAlertsWait() throws IOException {
    add(signal(0));
    String address = receiver.address();
    receiver.close();
    assertThat(deliver(URI.create(address), SHORT, NOW).pending()).isEqualTo(1);
    assertUnanswered();
  }

  @Test
  void aHostWithoutAnAddressLetsAlertsWait() throws IOException {
    add(signal(0));
    URI nowhere = URI.create("http://no-such-host.invalid/hooks/secret");
    assertThat(deliver(nowhere, SHORT, NOW).pending()).isEqualTo(1);
    assertUnanswered();
  }

  @Test
  void anAnswerThatIsNoHttpLetsAlertsWait() throws IOException {
    add(signal(0));
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread talker = new Thread(() -> talkNonsense(server));
      talker.start();
      URI address = URI.create("http://127.0.0.1:%d/secret".formatted(server.getLocalPort()));
      assertThat(deliver(address, AMPLE, NOW).pending()).isEqualTo(1);
      assertUnanswered();
    }
  }

  @Test
  void alertsArePrintedOnceOneALine() throws IOException {
    add(true, signal(0), signal(1));
    assertThat(print(printed)).isEqualTo(new AlertFigures(0, 2, 2, 0));
    assertThat(print(printed)).isEqualTo(new AlertFigures(0, 0, 2, 0));
    assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo(line(0) + "\n" + line(1) + "\n");
    assertThat(post(AMPLE, NOW)).isEqualTo(new AlertFigures(2, 0, 0, 0));
  }

  @Test
  void aClosedStandardOutputLetsAlertsWait() throws IOException {
    add(true, signal(0));
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    assertThat(print(broken)).isEqualTo(new AlertFigures(0, 0, 1, 0));
    assertThat(warnings).singleElement().asString().contains("standard output");
  }

  @Test
  void aDiskThatTakesNothingEndsThePostsAndNotTheRun() throws IOException {
    add(signal(0), signal(1));
    Files.createDirectory(vault.resolve("state/vwap/.alerts.json.tmp"));
    RunSummary summary = deliverOf(new AlertSettings(URI.create(receiver.address()), false, AMPLE));
    assertThat(summary.warnings()).singleElement().asString().contains("alerts.json.tmp");
    assertThat(summary.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(receiver.posts()).hasSize(1);
  }

  @Test
  void aSpoiltFileIsSaidAndMadeAnew() throws IOException {
    Path file = vault.resolve("state/vwap/alerts.json");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "spoilt");
    RunSummary summary = deliverOf(AlertSettings.NONE);
    assertThat(summary.warnings()).singleElement().asString().contains("are lost");
    assertThat(file()).satisfies(each -> assertThat(each.read().size()).isZero());
  }

  private RunSummary deliverOf(AlertSettings settings) throws IOException {
    RunSummary summary = new RunSummary("run", NOW);
    new Alerts(store(), settings, clock(NOW)).deliver(NOW, summary);
    return summary;
  }

  private void assertUnanswered() throws IOException {
    assertThat(file().read().nextTry()).isEqualTo(NOW.plusSeconds(5));
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("did not take an alert (", "1")
        .doesNotContain("secret");
  }

  private AlertFigures post(Duration budget, Instant now) throws IOException {
    return deliver(URI.create(receiver.address()), budget, now);
  }

  private AlertFigures deliver(URI webhook, Duration budget, Instant now) throws IOException {
    AlertSettings settings = new AlertSettings(webhook, false, Duration.ofHours(1));
    return deliver(settings, budget, now, printed);
  }

  private AlertFigures print(OutputStream out) throws IOException {
    AlertSettings settings = new AlertSettings(null, true, Duration.ofHours(1));
    return deliver(settings, AMPLE, NOW, out);
  }

  /** As a run of its own does it, which knows only what the file says. */
  private AlertFigures deliver(
      AlertSettings settings, Duration budget, Instant now, OutputStream out) throws IOException {
    AlertFile file = file();
    PrintStream stream = new PrintStream(out, false, StandardCharsets.UTF_8);
    return new AlertDelivery(file, settings, clock(now), budget, stream)
        .deliver(file.read(), NOW, warnings::add);
  }

  private void add(Signal... signals) throws IOException {
    add(false, signals);
  }

  private void add(boolean print, Signal... signals) throws IOException {
    AlertFile file = file();
    AlertQueue queue = file.read();
    queue.add(List.of(signals), NOW, true, print);
    file.writeIfChanged(queue);
  }

  private AlertFile file() throws IOException {
    return new AlertFile(store());
  }

  private VaultStore store() throws IOException {
    return VaultStores.open(vault.toString(), new Configuration(false));
  }

  private static Clock clock(Instant now) {
    return Clock.fixed(now, ZoneOffset.UTC);
  }

  private static void talkNonsense(ServerSocket server) {
    try (Socket socket = server.accept()) {
      socket.getOutputStream().write("220 mail.example.com ESMTP\r\n\r\n".getBytes());
      socket.getOutputStream().flush();
    } catch (IOException e) {
      // The other side hung up.
    }
  }

  private static String line(int minute) {
    return SignalLine.of(signal(minute));
  }

  private static Signal signal(int minute) {
    return new Signal(
        "BTC-USDT-SWAP",
        MINUTE + minute,
        SignalKind.DEVIATION_ENTERED,
        Direction.UP,
        "1h",
        new BigDecimal("101"),
        new BigDecimal("100"),
        100,
        Double.NaN,
        BigDecimal.ZERO,
        "on=50 off=25");
  }
}
