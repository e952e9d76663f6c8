package io.tapelake.collector.decode;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What one message of the socket says. Texts are null where the exchange left them out. */
public sealed interface Message {

  /**
   * A push of trades.
   *
   * @param instrument the instrument of the subscription it belongs to
   * @param refused its rows that are no trades of the instrument
   */
  record Trades(String channel, String instrument, List<TradeRow> rows, List<RefusedRow> refused)
      implements Message {}

  /** A push of instruments: all of a type to begin with, then those that changed. */
  record Listings(List<JsonNode> rows) implements Message {}

  /** A push of another channel. */
  record OtherPush(String channel, String instrument) implements Message {}

  /** A subscription was accepted. */
  record Subscribed(String requestId, String channel, String instrument) implements Message {}

  /** A subscription was ended. */
  record Unsubscribed(String channel, String instrument) implements Message {}

  /** A request was refused; the instrument is null where it was not said. */
  record Refused(String requestId, String code, String text, String channel, String instrument)
      implements Message {}

  /** Something the exchange announces, such as 64008: it will soon close the connection. */
  record Notice(String code, String text) implements Message {}

  /** The answer to our ping. */
  record Pong() implements Message {}

  /** The exchange asks whether we are here. */
  record Ping() implements Message {}

  /** An event we do not know: to be counted, nothing else. */
  record UnknownEvent(String event) implements Message {}

  /** Not a message of the protocol. */
  record Unreadable(String reason) implements Message {}
}
