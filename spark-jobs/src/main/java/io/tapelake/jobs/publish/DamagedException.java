package io.tapelake.jobs.publish;

import java.io.IOException;

/** Outputs that are not what was published, and cannot be brought back to it. */
public final class DamagedException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * For a person.
   *
   * @param what what is damaged, and how
   */
  public DamagedException(String what, Throwable cause) {
    super(what, cause);
  }
}
