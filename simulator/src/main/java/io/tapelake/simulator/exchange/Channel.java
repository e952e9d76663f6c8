package io.tapelake.simulator.exchange;

/** What can be subscribed. */
enum Channel {
  /** Trades, those of one taker order at one price as one message. */
  TRADES("trades", Endpoint.PUBLIC),
  /** Trades, each by itself. */
  TRADES_ALL("trades-all", Endpoint.BUSINESS),
  /** All instruments of a type, then those that change. */
  INSTRUMENTS("instruments", Endpoint.PUBLIC),
  /** Announced maintenance. */
  STATUS("status", Endpoint.PUBLIC);

  private final String text;
  private final Endpoint endpoint;

  Channel(String text, Endpoint endpoint) {
    this.text = text;
    this.endpoint = endpoint;
  }

  String text() {
    return text;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** The channel of that name, or null when there is none. */
  static Channel parse(String text) {
    for (Channel channel : values()) {
      if (channel.text.equals(text)) {
        return channel;
      }
    }
    return null;
  }
}
