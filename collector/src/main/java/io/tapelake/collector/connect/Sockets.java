package io.tapelake.collector.connect;

import java.time.Duration;

/** Opens sockets to the exchange. What happens on one is told on the capture's own thread. */
public interface Sockets {

  /** Starts to open a socket; never fails here: a failure is told to the listener. */
  Socket open(String url, Listener listener);

  /** An open or opening socket. */
  interface Socket {
    /** Sends a text; a failure is told to the listener. */
    void send(String text);

    /** Says goodbye and closes. Messages that are on their way still arrive. */
    void close();

    /** Drops the connection at once. */
    void cancel();
  }

  /** What happens on a socket, in order. After {@link #closed} nothing more does. */
  interface Listener {
    /** The exchange accepted the connection. */
    void opened();

    /** A message arrived. */
    void text(String text);

    /**
     * The connection is gone, or was never there.
     *
     * @param retryAfter how long the server asked us to wait; null when it did not
     */
    void closed(String reason, Duration retryAfter);
  }
}
