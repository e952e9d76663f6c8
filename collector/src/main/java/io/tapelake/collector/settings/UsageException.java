package io.tapelake.collector.settings;

/** Wrong usage or configuration: the message says what, where, and what to do. Exit code 2. */
public final class UsageException extends Exception {

  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }
}
