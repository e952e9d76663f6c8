package io.tapelake.jobs.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertSettingsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com/hooks/secret?token=1",
        "HTTP://127.0.0.1:8080",
        "http://localhost/x",
        "http://[::1]:8080/x"
      })
  void addresses(String text) {
    assertThat(AlertSettings.parseWebhook(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "example.com/secret",
        "ftp://example.com/secret",
        "http://example.com/secret",
        "http://127.0.0.1.example.com/secret",
        "https:secret",
        "https:///secret",
        "https://example.com:99999/secret",
        "https://example.com:0/secret",
        "https://user:secret@example.com/",
        "https://example.com/sec ret",
        "mailto:secret@example.com"
      })
  void noAddresses(String text) {
    assertThatThrownBy(() -> AlertSettings.parseWebhook(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .message()
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.com/hooks/secret,https://example.com…",
    "htps://example.com:8080?secret,htps://example.com:8080…",
    "https://user:secret@example.com/x,https://…",
    "https://example.com,https://example.com",
    "example.com/secret,example.com…",
    "https://example.com&secret,https://example.com…",
    "not an address,not…"
  })
  void onlySchemeAndHostAreShown(String text, String shown) {
    assertThat(AlertSettings.shown(text)).isEqualTo(shown);
  }
}
