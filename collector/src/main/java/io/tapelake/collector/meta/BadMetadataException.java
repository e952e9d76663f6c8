package io.tapelake.collector.meta;

/** Contract metadata that breaks the contract: no trade may be written with it. */
public final class BadMetadataException extends Exception {

  private static final long serialVersionUID = 1L;

  public BadMetadataException(String message) {
    super(message);
  }
}
