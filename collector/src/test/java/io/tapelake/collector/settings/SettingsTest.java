package io.tapelake.collector.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tapelake.collector.meta.SaidTerms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

  @TempDir Path folder;

  @Test
  void theFileInTheProjectShowsEveryKeyWithItsDefault() throws Exception {
    Map<String, String> shown = new LinkedHashMap<>();
    for (String line : Files.readAllLines(Path.of("..", "conf", "collector.properties"))) {
      if (line.matches("#[a-z.]+=.*")) {
        shown.put(line.substring(1, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
      } else {
        assertThat(line).as("only comments").matches("(#.*)?");
      }
    }
    Map<String, String> defaults = new LinkedHashMap<>();
    Arrays.stream(Setting.values()).forEach(each -> defaults.put(each.key, each.defaultText));
    assertThat(shown).isEqualTo(defaults);
  }

  @Test
  void theDefaults() throws Exception {
    Settings settings = settings();
    assertThat(settings.instruments()).containsExactly("BTC-USDT-SWAP", "ETH-USDT-SWAP");
    assertThat(settings.channel()).isEqualTo("trades-all");
    assertThat(settings.socketUrl("trades-all")).isEqualTo("wss://ws.okx.com:8443/ws/v5/business");
    assertThat(settings.socketUrl("trades")).isEqualTo("wss://ws.okx.com:8443/ws/v5/public");
    assertThat(settings.restUrl()).isEqualTo("https://www.okx.com");
    assertThat(settings.fsync()).isEqualTo(Settings.Fsync.INTERVAL);
    assertThat(settings.duration(Setting.FLUSH)).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void everyKeyOfTheFileReachesItsSetting() throws Exception {
    for (Setting setting : Setting.values()) {
      String other = other(setting);
      Path file = folder.resolve("c.properties");
      Files.writeString(file, setting.key + "=" + other + "\n");
      assertThat(settings("--config", file.toString()).text(setting)).isEqualTo(other);
      assertThat(settings("--set", setting.key + "=" + other).text(setting)).isEqualTo(other);
      if (setting.option != null && setting.placeholder != null) {
        assertThat(settings(setting.option, other).text(setting)).isEqualTo(other);
        assertThat(settings(setting.option + "=" + other).text(setting)).isEqualTo(other);
      }
    }
  }

  private static String other(Setting setting) {
    return switch (setting) {
      case VAULT -> "elsewhere";
      case INSTRUMENTS -> "SOL-USDT-SWAP";
      case WS_URL -> "ws://localhost:1/ws/v5";
      case REST_URL, ARCHIVE_URL -> "http://127.0.0.1:1";
      case CHANNEL -> "trades";
      case REGION -> "eea";
      case TERMS -> "BTC-USDT-SWAP=0.01,1,linear";
      case TRUST_STORE -> "ca.pem";
      case LOG_FILE -> "some.log";
      case TRUST_STORE_PASSWORD -> "secret";
      case DEMO, CHANNEL_FALLBACK -> "true";
      case ALLOW_PLAINTEXT -> "true";
      case FSYNC -> "always";
      default -> setting.defaultText.matches("\\d+") ? "7" : "7ms";
    };
  }

  @Test
  void eachRegionHasHostsOfItsOwn() throws Exception {
    assertThat(settings("--region", "eea").socketUrl("trades-all"))
        .isEqualTo("wss://wseea.okx.com:8443/ws/v5/business");
    assertThat(settings("--region", "eea").restUrl()).isEqualTo("https://eea.okx.com");
    assertThat(settings("--region", "us", "--demo").socketUrl("instruments"))
        .isEqualTo("wss://wsuspap.okx.com:8443/ws/v5/public");
    assertThat(settings("--demo").restUrl()).isEqualTo("https://www.okx.com");
  }

  @Test
  void anAddressThatNamesAChannelsPlaceAlreadyIsTakenAsMeant() throws Exception {
    for (String end : List.of("", "/", "/public", "/business/")) {
      Settings settings = settings("--ws-url", "wss://x.com:8443/ws/v5" + end);
      assertThat(settings.socketUrl("trades-all")).isEqualTo("wss://x.com:8443/ws/v5/business");
      assertThat(settings.socketUrl("trades")).isEqualTo("wss://x.com:8443/ws/v5/public");
      settings = settings("--ws-url", "wss://x.com:8443/ws/v5" + end + "?brokerId=9999");
      assertThat(settings.socketUrl("trades-all"))
          .isEqualTo("wss://x.com:8443/ws/v5/business?brokerId=9999");
    }
  }

  @Test
  void termsMayBeSaidOfSeveralInstruments() throws Exception {
    Settings settings =
        settings("--terms", "BTC-USDT-SWAP=0.01,1,linear", "--terms=eth-usdt-swap=0.1,1,linear");
    assertThat(settings.terms())
        .extracting(SaidTerms::instrument)
        .containsExactly("BTC-USDT-SWAP", "ETH-USDT-SWAP");
  }

  @Test
  void theCommandLineWinsOverTheFile() throws Exception {
    Path file = folder.resolve("c.properties");
    Files.writeString(file, "channel=trades\nvault.root=from-file\n");
    Settings settings = settings("--vault", "from-line", "--config", file.toString());
    assertThat(settings.vault()).isEqualTo(Path.of("from-line"));
    assertThat(settings.channel()).isEqualTo("trades");
    assertThat(settings("--vault=a", "--vault=b").vault()).isEqualTo(Path.of("b"));
  }

  @Test
  void mistakesSayWhatWhereAndWhatToDo() throws Exception {
    Path file = folder.resolve("c.properties");
    Files.writeString(file, "chanel=trades\n");
    fails("chanel", "--config", file.toString());
    Files.writeString(file, "write.flush=2s\n");
    fails("'2s' of write.flush in " + file, "--config", file.toString());
    fails("../../x", "--instruments", "BTC-USDT-SWAP,../../x");
    fails("this machine only", "--ws-url", "ws://example.com/ws/v5");
    fails("this machine only", "--rest-url", "http://example.com");
    fails("has to begin with", "--rest-url", "ftp://example.com");
    fails("leave out what follows", "--rest-url", "https://example.com?brokerId=9999");
    fails("'--wsurl'", "--wsurl", "x");
    fails("Missing required parameter for option '--vault'", "--vault");
    fails("global, eea or us", "--region", "moon");
    fails("INSTID=ctVal,ctMult,ctType", "--terms", "BTC-USDT-SWAP=0.01");
    fails("folder of this machine", "--vault", "s3a://bucket/x");
    fails("always, interval or never", "--fsync", "sometimes");
    assertThat(settings("--ws-url", "ws://example.com/x", "--allow-plaintext")).isNotNull();
  }

  @Test
  void numbersTimesAndPortsHaveLimits() {
    fails("from 1 to 1048576", "--set", "write.pending.limit.kb=0");
    fails("from 1 to 1048576", "--set", "queue.limit.kb=3000000");
    fails("from 1 to 1000", "--set", "connect.instruments=0");
    fails("use more than 0, such as 5s", "--set", "write.fsync.interval=0s");
    fails("use more than 0", "--set", "observe.report=0s");
    fails("at most a year", "--set", "metadata.refresh=999999999d");
    fails("from -1 to 65535", "--observe-port", "70000");
    fails("from -1 to 65535", "--observe-port", "-2");
    fails("there is no port 99999", "--rest-url", "https://h:99999");
    fails("there is no port 0", "--ws-url", "wss://h:0/ws/v5");
  }

  private static void fails(String message, String... arguments) {
    assertThatThrownBy(() -> settings(arguments))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(message);
  }

  private static Settings settings(String... arguments) throws UsageException {
    return Arguments.parse(List.of(arguments)).settings();
  }
}
