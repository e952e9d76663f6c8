package io.tapelake.simulator.exchange;

/** What becomes of someone who connects a WebSocket. */
public enum Admission {
  /** Let in. */
  WELCOME,
  /** Answered with HTTP 429: too many connections in a second. */
  TOO_MANY,
  /** Answered with HTTP 503. */
  UNAVAILABLE,
  /** The TCP connection is reset. */
  RESET
}
