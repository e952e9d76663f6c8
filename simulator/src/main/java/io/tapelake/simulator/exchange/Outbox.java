package io.tapelake.simulator.exchange;

/** The client's end of one WebSocket connection, as the exchange can treat it. */
public interface Outbox {

  /** Sends a text message; it may wait until {@link #flush}. */
  void send(String text);

  /** Sends a binary message. */
  void sendBinary(byte[] bytes);

  /** Sends bytes that need not be a WebSocket frame. */
  void sendRaw(byte[] bytes);

  /** Sends a protocol ping. */
  void ping();

  /** Sends everything that waits. */
  void flush();

  /** Whether more waits to be sent than the exchange is willing to keep. */
  boolean isFull();

  /** Says why, then closes. */
  void close(int code, String reason);

  /** Closes the TCP connection without a word. */
  void drop();

  /** Resets the TCP connection. */
  void reset();

  /** Neither reads nor writes any more, and leaves the connection open. */
  void freeze();
}
