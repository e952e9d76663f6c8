package io.tapelake.collector.official;

/** A file that cannot be imported; the message says what was found, where, and what to do. */
public final class BadFileException extends Exception {

  private static final long serialVersionUID = 1L;

  public BadFileException(String message) {
    super(message);
  }

  BadFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
