package io.tapelake.collector.settings;

/** Whose customers an exchange of OKX is for. Each host is declared: none follows from another. */
public enum Region {
  GLOBAL("https://www.okx.com", "wss://ws.okx.com:8443/ws/v5", "wss://wspap.okx.com:8443/ws/v5"),
  EEA("https://eea.okx.com", "wss://wseea.okx.com:8443/ws/v5", "wss://wseeapap.okx.com:8443/ws/v5"),
  US("https://us.okx.com", "wss://wsus.okx.com:8443/ws/v5", "wss://wsuspap.okx.com:8443/ws/v5");

  final String restUrl;
  final String wsUrl;

  /** Of demo trading; REST is the same, with a header. */
  final String demoWsUrl;

  Region(String restUrl, String wsUrl, String demoWsUrl) {
    this.restUrl = restUrl;
    this.wsUrl = wsUrl;
    this.demoWsUrl = demoWsUrl;
  }
}
