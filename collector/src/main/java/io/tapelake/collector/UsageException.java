package io.tapelake.collector;

/** Wrong usage or configuration: the message says what, where, and what to do. Exit code 2. */
final class UsageException extends Exception {

  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
