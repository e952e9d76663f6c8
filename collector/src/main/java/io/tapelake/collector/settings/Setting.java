package io.tapelake.collector.settings;

import java.util.stream.Stream;

/** Everything that can be configured: the key in collector.properties, its default, its option. */
public enum Setting {
  VAULT("vault.root", "vault-data", "--vault", "DIR", "the vault's folder"),
  INSTRUMENTS(
      "instruments",
      "BTC-USDT-SWAP,ETH-USDT-SWAP",
      "--instruments",
      "A,B",
      "the perpetual swaps to capture"),
  REGION(
      "region",
      "global",
      "--region",
      "NAME",
      "whose OKX: global, eea (accounts of my.okx.com) or us (app.okx.com)"),
  DEMO("demo", "false", "--demo", null, "the exchange's demo trading"),
  WS_URL(
      "ws.url",
      "",
      "--ws-url",
      "URL",
      "the socket, to which /public or /business is added; empty for the region's"),
  REST_URL("rest.url", "", "--rest-url", "URL", "the REST interface; empty for the region's"),
  ARCHIVE_URL(
      "archive.url",
      "https://static.okx.com",
      "--archive-url",
      "URL",
      "the official trade files, for fetch"),
  CHANNEL(
      "channel",
      "trades-all",
      "--channel",
      "NAME",
      "trades-all, or trades: aggregated, on /public"),
  CHANNEL_FALLBACK(
      "channel.fallback",
      "false",
      "--channel-fallback",
      null,
      "record the other channel while the one asked for is refused"),
  TERMS(
      "terms",
      "",
      "--terms",
      "INSTID=ctVal,ctMult,ctType",
      "contract terms of instruments that the vault has none of, while REST does not tell"),
  TRUST_STORE(
      "trust.store",
      "",
      "--trust-store",
      "FILE",
      "further certificates to trust: PEM, PKCS12 or JKS"),
  TRUST_STORE_PASSWORD("trust.store.password", "changeit", "of that file, unless it is PEM"),
  ALLOW_PLAINTEXT(
      "allow.plaintext",
      "false",
      "--allow-plaintext",
      null,
      "take ws:// and http:// for other hosts than this one"),
  OBSERVE_PORT(
      "observe.port",
      "9464",
      "--observe-port",
      "PORT",
      "loopback port of /metrics, /livez, /readyz and /healthz; 0 picks one, -1 means none"),
  FLUSH("write.flush", "500ms", "lines reach the file after at most this; up to 1s"),
  FSYNC("write.fsync", "interval", "--fsync", "POLICY", "always, interval or never"),
  FSYNC_INTERVAL("write.fsync.interval", "5s", "how often, with the policy interval"),
  PENDING_LIMIT("write.pending.limit.kb", "4096", "lines kept in memory while the disk fails"),
  MIN_FREE("write.min.free.mb", "256", "less free space than this is unhealthy"),
  QUEUE_LIMIT("queue.limit.kb", "4096", "messages that wait for the writer, before overflow"),
  QUEUE_PATIENCE("queue.patience", "1s", "how long a full queue is waited for before overflow"),
  STATE_INTERVAL("state.interval", "10s", "how often the collector's memory is kept"),
  PING_AFTER("connect.ping.after", "15s", "silence after which a ping is sent"),
  PONG_WITHIN("connect.pong.within", "10s", "how long its answer may take"),
  OPEN_WITHIN("connect.open.within", "15s", "how long opening a connection may take"),
  ACK_WITHIN("connect.ack.within", "10s", "how long the answer to a subscription may take"),
  BACKOFF_FIRST("connect.backoff.first", "500ms", "bound of the first pause before reconnecting"),
  BACKOFF_MOST("connect.backoff.most", "30s", "bound of all later pauses"),
  CONNECT_SPACING("connect.spacing", "400ms", "least time between two connection attempts"),
  PER_CONNECTION("connect.instruments", "100", "instruments that share one connection"),
  SILENCE("silence.instrument", "30s", "an instrument's silence after which REST is asked"),
  SILENCE_GRACE("silence.grace", "5s", "how long pushes may lag behind REST before it is a stall"),
  GAP_SETTLE("gap.settle", "500ms", "how long late pushes have before REST is asked for them"),
  GAP_RETRY("gap.retry", "2s", "pause after a fill that left ids missing; doubles each time"),
  GAP_PASSES("gap.passes", "5", "fills before ids are recorded as missing"),
  GAP_MISSING_RETRY("gap.missing.retry", "1h", "how long until missing ids are asked for again"),
  REST_HISTORY_SPACING("rest.history.spacing", "110ms", "least time between two history requests"),
  REST_SPACING("rest.spacing", "150ms", "least time between two other requests"),
  FETCH_SPACING("fetch.spacing", "500ms", "least time between two official files"),
  FETCH_THROTTLED("fetch.throttled", "60s", "pause when the exchange throttles files; doubles"),
  FETCH_RETRY("fetch.retry", "1s", "pause after another failure of a fetch; doubles"),
  METADATA_REFRESH("metadata.refresh", "1h", "how often contract metadata is fetched again"),
  METADATA_CHANNEL_AFTER(
      "metadata.channel.after",
      "15s",
      "how long after the first subscription changes of metadata are listened for"),
  LOG_FILE(
      "log.file",
      "",
      "--log-file",
      "FILE",
      "the log's file, in place of standard error; begun anew at 10 MB, five are kept"),
  REPORT_INTERVAL("observe.report", "1m", "how often the log sums up");

  final String key;
  final String defaultText;

  /** Null where only the file can say it. */
  final String option;

  /** Null for an option that takes no value: it means true. */
  final String placeholder;

  final String help;

  Setting(String key, String defaultText, String option, String placeholder, String help) {
    this.key = key;
    this.defaultText = defaultText;
    this.option = option;
    this.placeholder = placeholder;
    this.help = help;
  }

  /** One that only the file can say. */
  Setting(String key, String defaultText, String help) {
    this(key, defaultText, null, null, help);
  }

  /** The least number it may be. */
  int least() {
    return switch (this) {
      case OBSERVE_PORT -> -1;
      case MIN_FREE -> 0;
      default -> 1;
    };
  }

  /** The most; of memory a gigabyte. */
  int most() {
    return switch (this) {
      case OBSERVE_PORT -> Settings.MOST_PORT;
      case PENDING_LIMIT, QUEUE_LIMIT -> 1 << 20;
      case PER_CONNECTION, GAP_PASSES -> 1_000;
      default -> 9_999_999;
    };
  }

  /** Whether a time may be none at all. */
  boolean mayBeZero() {
    return switch (this) {
      case FLUSH,
          QUEUE_PATIENCE,
          BACKOFF_FIRST,
          CONNECT_SPACING,
          SILENCE_GRACE,
          GAP_SETTLE,
          GAP_RETRY,
          REST_HISTORY_SPACING,
          REST_SPACING,
          FETCH_SPACING,
          FETCH_THROTTLED,
          FETCH_RETRY,
          METADATA_CHANNEL_AFTER ->
          true;
      default -> false;
    };
  }

  static Setting ofKey(String key) {
    return Stream.of(values()).filter(one -> one.key.equals(key)).findFirst().orElse(null);
  }

  static Setting ofOption(String option) {
    return Stream.of(values()).filter(one -> option.equals(one.option)).findFirst().orElse(null);
  }
}
