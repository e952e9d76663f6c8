package io.tapelake.collector.settings;

import io.tapelake.collector.connect.HttpClients;
import io.tapelake.collector.connect.LinkTimes;
import io.tapelake.collector.connect.Proxies;
import io.tapelake.collector.cover.FillPolicy;
import io.tapelake.collector.decode.MessageDecoder;
import io.tapelake.collector.meta.SaidTerms;
import io.tapelake.collector.write.VaultFiles;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.DurationText;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import okhttp3.OkHttpClient;

/** The configuration of one run, every value checked. */
public final class Settings {

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

  private static final Duration LONGEST = Duration.ofDays(366);
  static final int MOST_PORT = 65_535;

  /** When written lines are forced to the disk. */
  public enum Fsync {
    ALWAYS,
    INTERVAL,
    NEVER
  }

  private final Map<Setting, String> texts;
  private final Map<Setting, String> origins;

  /**
   * @param texts values that depart from the defaults
   * @param origins where each of them was said, for messages
   */
  public Settings(Map<Setting, String> texts, Map<Setting, String> origins) throws UsageException {
    this.texts = new EnumMap<>(Setting.class);
    this.texts.putAll(texts);
    this.origins = Map.copyOf(origins);
    check();
  }

  private void check() throws UsageException {
    vault();
    instruments();
    channel();
    fsync();
    checkRegion();
    terms();
    url(Setting.WS_URL, "wss", "ws");
    url(Setting.REST_URL, "https", "http");
    url(Setting.ARCHIVE_URL, "https", "http");
    for (Setting setting : Setting.values()) {
      if (DurationText.isDuration(setting.defaultText)) {
        if (!setting.mayBeZero() && duration(setting).isZero()) {
          throw bad(setting, "use more than 0, such as " + setting.defaultText);
        }
        if (duration(setting).compareTo(LONGEST) > 0) {
          throw bad(setting, "use at most a year, such as " + setting.defaultText);
        }
      } else if (setting.defaultText.matches("\\d+")) {
        number(setting);
      } else if (setting.defaultText.matches("true|false")
          && !text(setting).matches("true|false")) {
        throw bad(setting, "use true or false");
      }
    }
    if (duration(Setting.FLUSH).compareTo(Duration.ofSeconds(1)) > 0) {
      throw bad(Setting.FLUSH, "lines have to reach the file within 1s");
    }
  }

  public String text(Setting setting) {
    return texts.getOrDefault(setting, setting.defaultText).strip();
  }

  public Path vault() throws UsageException {
    String text = text(Setting.VAULT);
    String path = text.startsWith("file:") ? text.substring("file:".length()) : text;
    while (path.startsWith("//")) {
      path = path.substring(1);
    }
    if (path.isEmpty() || path.matches("[a-z0-9]+:.*")) {
      throw bad(Setting.VAULT, "the collector writes to a folder of this machine");
    }
    return Path.of(path);
  }

  public List<String> instruments() throws UsageException {
    Set<String> instruments = new LinkedHashSet<>();
    for (String name : text(Setting.INSTRUMENTS).split(",", -1)) {
      if (!DayFile.isInstrument(name.strip()) || !name.strip().endsWith("-SWAP")) {
        throw bad(Setting.INSTRUMENTS, "'" + name.strip() + "' is no swap such as BTC-USDT-SWAP");
      }
      instruments.add(name.strip());
    }
    return List.copyOf(instruments);
  }

  public String channel() throws UsageException {
    String channel = text(Setting.CHANNEL);
    if (!channel.equals(MessageDecoder.TRADES) && !channel.equals(MessageDecoder.TRADES_ALL)) {
      throw bad(Setting.CHANNEL, "use trades-all or trades");
    }
    return channel;
  }

  public Fsync fsync() throws UsageException {
    return switch (text(Setting.FSYNC)) {
      case "always" -> Fsync.ALWAYS;
      case "interval" -> Fsync.INTERVAL;
      case "never" -> Fsync.NEVER;
      default -> throw bad(Setting.FSYNC, "use always, interval or never");
    };
  }

  /** Where a channel is served. */
  public String socketUrl(String channel) {
    String own = isOn(Setting.DEMO) ? region().demoWsUrl : region().wsUrl;
    String said = text(Setting.WS_URL);
    int end = said.indexOf('?') < 0 ? said.length() : said.indexOf('?');
    // As tutorials give it.
    String base =
        said.substring(0, end).replaceAll("/+$", "").replaceAll("/(public|business)$", "");
    String place = channel.equals(MessageDecoder.TRADES_ALL) ? "/business" : "/public";
    return (said.isEmpty() ? own : base) + place + said.substring(end);
  }

  public String restUrl() {
    String said = text(Setting.REST_URL).replaceAll("/+$", "");
    return said.isEmpty() ? region().restUrl : said;
  }

  /** Where official files are; below it lies {@code /cdn/okex/traderecords}. */
  public String archiveUrl() {
    return text(Setting.ARCHIVE_URL).replaceAll("/+$", "");
  }

  public boolean isOn(Setting setting) {
    return text(setting).equals("true");
  }

  /** Whose exchange it is. */
  public Region region() {
    return Region.valueOf(text(Setting.REGION).toUpperCase(Locale.ROOT));
  }

  private void checkRegion() throws UsageException {
    try {
      region();
    } catch (IllegalArgumentException e) {
      throw bad(Setting.REGION, "use global, eea or us");
    }
  }

  /** What a person says of contract terms. */
  public List<SaidTerms> terms() throws UsageException {
    List<SaidTerms> terms = new ArrayList<>();
    for (String one : text(Setting.TERMS).split(";", -1)) {
      if (!one.isBlank()) {
        try {
          terms.add(SaidTerms.parse(one.strip()));
        } catch (IllegalArgumentException e) {
          throw new UsageException(e.getMessage());
        }
      }
    }
    return terms;
  }

  /** How the network is reached. */
  public OkHttpClient client() throws UsageException {
    String trust = text(Setting.TRUST_STORE);
    try {
      return HttpClients.make(
          Proxies.ofThisProcess(),
          trust.isEmpty() ? null : Path.of(trust),
          text(Setting.TRUST_STORE_PASSWORD),
          isOn(Setting.DEMO));
    } catch (IOException e) {
      throw bad(Setting.TRUST_STORE, VaultFiles.reason(e));
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private void url(Setting setting, String secure, String plain) throws UsageException {
    if (text(setting).isEmpty()) {
      return;
    }
    URI url;
    try {
      url = new URI(text(setting));
    } catch (URISyntaxException e) {
      throw bad(setting, "it is no URL");
    }
    if (url.getHost() == null) {
      throw bad(setting, "it names no host");
    }
    if (url.getPort() == 0 || url.getPort() > MOST_PORT) {
      throw bad(setting, "there is no port " + url.getPort());
    }
    if (url.getRawQuery() != null && setting != Setting.WS_URL) {
      throw bad(setting, "leave out what follows the question mark");
    }
    if (secure.equals(url.getScheme())) {
      return;
    }
    if (!plain.equals(url.getScheme())) {
      throw bad(setting, "it has to begin with " + secure + "://");
    }
    boolean allowed = isOn(Setting.ALLOW_PLAINTEXT);
    if (!allowed && !LOOPBACK.contains(url.getHost())) {
      throw bad(
          setting,
          plain
              + ":// is taken for this machine only; use "
              + secure
              + ":// or give --allow-plaintext");
    }
  }

  public Duration duration(Setting setting) throws UsageException {
    try {
      return DurationText.parse(text(setting));
    } catch (IllegalArgumentException e) {
      throw bad(setting, "use a number with ms, s, m, h or d, such as " + setting.defaultText);
    }
  }

  public int number(Setting setting) throws UsageException {
    String text = text(setting);
    int number = text.matches("-?\\d{1,7}") ? Integer.parseInt(text) : Integer.MIN_VALUE;
    if (number < setting.least() || number > setting.most()) {
      throw bad(
          setting,
          "use a whole number from %d to %d, such as %s"
              .formatted(setting.least(), setting.most(), setting.defaultText));
    }
    return number;
  }

  public LinkTimes linkTimes() throws UsageException {
    return new LinkTimes(
        duration(Setting.OPEN_WITHIN),
        duration(Setting.PING_AFTER),
        duration(Setting.PONG_WITHIN),
        duration(Setting.ACK_WITHIN),
        duration(Setting.BACKOFF_FIRST),
        duration(Setting.BACKOFF_MOST));
  }

  public FillPolicy fillPolicy() throws UsageException {
    return new FillPolicy(
        duration(Setting.GAP_SETTLE),
        duration(Setting.GAP_RETRY),
        number(Setting.GAP_PASSES),
        duration(Setting.GAP_MISSING_RETRY));
  }

  private UsageException bad(Setting setting, String advice) {
    String origin = origins.getOrDefault(setting, "the default of " + setting.key);
    return new UsageException(
        "Cannot use '" + text(setting) + "' of " + origin + ": " + advice + ".");
  }
}
