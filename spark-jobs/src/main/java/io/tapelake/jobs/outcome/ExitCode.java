package io.tapelake.jobs.outcome;

/** How a command ends. */
public enum ExitCode {
  /** Done, also when there was nothing to do. */
  DONE(0),
  /** An unexpected failure; nothing is lost, running again is safe. */
  FAILED(1),
  /** Wrong usage or configuration; nothing was touched. */
  USAGE(2),
  /** Finished what it could, but some input needs a person; or verify found a difference. */
  NEEDS_PERSON(4),
  /** Another run holds the vault; nothing was touched. */
  BUSY(75);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
