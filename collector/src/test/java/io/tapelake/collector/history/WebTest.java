package io.tapelake.collector.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redirects: official files lie behind them now and then. */
class WebTest {

  @TempDir private Path folder;

  private final MockWebServer server = new MockWebServer();
  private final Web web = new Web(new OkHttpClient.Builder().followRedirects(false).build());

  @BeforeEach
  void open() throws IOException {
    server.start();
  }

  @AfterEach
  void close() throws IOException {
    web.close();
    server.close();
  }

  @Test
  void aRedirectIsFollowedForFilesAndAnswers() throws IOException {
    for (int code : new int[] {301, 302, 307, 308}) {
      server.enqueue(redirect(code, "/elsewhere/x.zip"));
      server.enqueue(answer("content"));
      assertThat(web.save(url(), folder.resolve("x.zip"))).isEqualTo(200);
      assertThat(folder.resolve("x.zip")).hasContent("content");
    }
    server.enqueue(redirect(302, url() + "?again"));
    server.enqueue(answer("{}"));
    assertThat(web.get(url()).body()).isEqualTo("{}");
  }

  @Test
  void anEndlessRedirectEnds() {
    for (int i = 0; i < 6; i++) {
      server.enqueue(redirect(302, "/x.zip"));
    }
    assertThatThrownBy(() -> web.save(url(), folder.resolve("x.zip")))
        .hasMessageContaining("redirects more than 5 times");
  }

  @Test
  void withoutEncryptionNoOtherHostIsAsked() {
    server.enqueue(redirect(302, "http://192.0.2.1/x.zip"));
    assertThatThrownBy(() -> web.save(url(), folder.resolve("x.zip")))
        .hasMessageContaining("'http://192.0.2.1/x.zip', which is not encrypted");
    server.enqueue(redirect(302, "ftp://192.0.2.1/x.zip"));
    assertThat(web.get(url()).failure()).contains("not encrypted");
  }

  @Test
  void whatDripsForEverEnds() {
    try (Web hasty = new Web(new OkHttpClient(), Duration.ofMillis(300), Duration.ofMillis(300))) {
      for (int i = 0; i < 2; i++) {
        server.enqueue(
            new MockResponse.Builder()
                .body("x".repeat(1_000))
                .throttleBody(1, 1, TimeUnit.SECONDS)
                .build());
      }
      assertThat(hasty.get(url()).failure()).isNotNull();
      assertThatThrownBy(() -> hasty.save(url(), folder.resolve("x.zip")))
          .isInstanceOf(IOException.class);
    }
  }

  private String url() {
    return server.url("/x.zip").toString();
  }

  private static MockResponse redirect(int code, String to) {
    return new MockResponse.Builder().code(code).addHeader("Location", to).build();
  }

  private static MockResponse answer(String body) {
    return new MockResponse.Builder().body(body).build();
  }
}
