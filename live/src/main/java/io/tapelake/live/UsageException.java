package io.tapelake.live;

/** Something that was asked for wrongly; its message says what, and what to do. */
final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
