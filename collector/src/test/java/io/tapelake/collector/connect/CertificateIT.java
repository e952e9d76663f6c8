package io.tapelake.collector.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.tapelake.collector.decode.RestAnswer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who talks to the collector has to show a certificate that the platform trusts, for its name. */
final class CertificateIT {

  private static final String PASSWORD = "changeit";
  private static final String TRUST_STORE = "javax.net.ssl.trustStore";
  private static final String TRUST_PASSWORD = "javax.net.ssl.trustStorePassword";

  @TempDir private Path folder;
  private final AtomicInteger requests = new AtomicInteger();
  private final Inbox inbox = new Inbox(1 << 20, Duration.ofSeconds(1));
  private Path keys;
  private Path trusted;
  private HttpsServer server;

  @BeforeEach
  void serve() throws Exception {
    keys = folder.resolve("keys.p12");
    keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=dns:localhost");
    SSLContext tls = SSLContext.getInstance("TLS");
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, PASSWORD.toCharArray());
    tls.init(factory.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 8);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write("ok".getBytes(java.nio.charset.StandardCharsets.UTF_8));
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    System.clearProperty(TRUST_STORE);
    System.clearProperty(TRUST_PASSWORD);
  }

  @Test
  void aCertificateThatNobodyVouchesForIsRefused() throws Exception {
    assertThat(get("localhost").failure()).contains("SSLHandshakeException", "--trust-store");
    assertThat(socketCloses("localhost")).contains("SSLHandshakeException");
    assertThat(requests).hasValue(0);
  }

  @Test
  void aTrustedCertificateIsTakenForItsOwnNameOnly() throws Exception {
    trustIt();
    assertThat(get("localhost").body()).isEqualTo("ok");
    assertThat(requests).hasValue(1);
    assertThat(get("127.0.0.1").failure()).contains("SSLPeerUnverifiedException");
    assertThat(socketCloses("127.0.0.1")).contains("SSLPeerUnverifiedException");
    assertThat(requests).hasValue(1);
  }

  @Test
  void aFileOfFurtherCertificatesIsTrustedBesideJavas() throws Exception {
    Path certificate = folder.resolve("server.pem");
    keytool("-exportcert", "-rfc", "-file", certificate.toString());
    trusted = certificate;
    assertThat(get("localhost").body()).isEqualTo("ok");
    assertThat(get("127.0.0.1").failure()).contains("SSLPeerUnverifiedException");
    Path none = Files.writeString(folder.resolve("none.pem"), "no certificate");
    trusted = none;
    assertThatThrownBy(() -> get("localhost")).hasMessageContaining("none.pem");
  }

  private void trustIt() throws Exception {
    Path certificate = folder.resolve("server.crt");
    keytool("-exportcert", "-file", certificate.toString());
    Path store = folder.resolve("trusted.p12");
    keys = store;
    keytool("-importcert", "-noprompt", "-file", certificate.toString());
    System.setProperty(TRUST_STORE, store.toString());
    System.setProperty(TRUST_PASSWORD, PASSWORD);
  }

  private RestAnswer get(String host) throws Exception {
    CompletableFuture<RestAnswer> answer = new CompletableFuture<>();
    HttpExchange exchange = exchange(host);
    exchange.get("/", answer::complete);
    return await(exchange, answer);
  }

  private String socketCloses(String host) throws Exception {
    CompletableFuture<String> reason = new CompletableFuture<>();
    HttpExchange exchange = exchange(host);
    exchange.open(
        "wss://" + host + ":" + server.getAddress().getPort() + "/",
        new Sockets.Listener() {
          @Override
          public void opened() {
            reason.complete("opened");
          }

          @Override
          public void text(String text) {}

          @Override
          public void closed(String why, Duration retryAfter) {
            reason.complete(why);
          }
        });
    return await(exchange, reason);
  }

  private HttpExchange exchange(String host) throws Exception {
    return new HttpExchange(
        HttpClients.make(new Proxies(Map.of(), Map.of()), trusted, PASSWORD, false),
        "https://" + host + ":" + server.getAddress().getPort(),
        inbox,
        bytes -> {});
  }

  private <T> T await(HttpExchange exchange, CompletableFuture<T> future) throws Exception {
    List<Runnable> events = new ArrayList<>();
    for (int i = 0; i < 100 && !future.isDone(); i++) {
      inbox.drain(events, 10, Duration.ofMillis(200));
      events.forEach(Runnable::run);
      events.clear();
    }
    exchange.shutDown();
    return future.get(1, TimeUnit.SECONDS);
  }

  private void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-alias", "server", "-keystore", keys.toString()));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    Path output = folder.resolve("keytool.out");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(output)).isZero();
  }
}
