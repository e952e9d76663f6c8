package io.tapelake.jobs.outcome;

/**
 * Ends a command with an exit code and one line for a person: what was wrong with which value,
 * where, and what to do about it.
 */
public final class JobException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  private JobException(ExitCode exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  public static JobException usage(String message) {
    return new JobException(ExitCode.USAGE, message, null);
  }

  public static JobException usage(String message, Throwable cause) {
    return new JobException(ExitCode.USAGE, message, cause);
  }

  public static JobException needsPerson(String message) {
    return needsPerson(message, null);
  }

  public static JobException needsPerson(String message, Throwable cause) {
    return new JobException(ExitCode.NEEDS_PERSON, message, cause);
  }

  public static JobException failed(String message) {
    return failed(message, null);
  }

  public static JobException failed(String message, Throwable cause) {
    return new JobException(ExitCode.FAILED, message, cause);
  }

  public static JobException busy(String message) {
    return new JobException(ExitCode.BUSY, message, null);
  }

  /** Whether there was no memory left: nothing that this process does next would go well. */
  public static boolean isOutOfMemory(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof OutOfMemoryError) {
        return true;
      }
    }
    return false;
  }

  public ExitCode exitCode() {
    return exitCode;
  }
}
