package io.tapelake.jobs.commit;

import io.tapelake.jobs.outcome.JobException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Clock;
import java.util.regex.Pattern;
import org.apache.hadoop.security.AccessControlException;

/** The vault, held by this process: nobody else changes it. */
public interface VaultHold extends AutoCloseable {

  /** What a person has to change, in the words of the operating system. */
  Pattern STAYS = Pattern.compile("(?i)read-only file system|not a directory|is a directory");

  /** A number that is higher than those of all holders before. */
  long fence();

  /**
   * Makes sure that it is held still: a process that was stopped may have been taken for dead.
   *
   * @throws JobException when another one has the vault
   */
  void check() throws IOException;

  @Override
  void close() throws IOException;

  /** The number after another, which also rises when that is lost: it follows the clock. */
  static long fenceAfter(long before, Clock clock) {
    return Math.max(before + 1, clock.millis());
  }

  static JobException lost(String why) {
    return JobException.failed(
        "another run has taken the vault from this one (%s); this run ends, nothing is lost"
            .formatted(why));
  }

  /**
   * Why the vault cannot be taken: wrong usage where a person has to change something, and a
   * failure where the storage is away or full, which a later run may find otherwise.
   */
  static JobException cannotWrite(Object to, IOException e) {
    boolean stays =
        e instanceof AccessDeniedException
            || e instanceof AccessControlException
            || e instanceof FileAlreadyExistsException
            || STAYS.matcher(String.valueOf(e.getMessage())).find();
    String message = "cannot write to " + to + " (" + e + ")";
    return stays
        ? JobException.usage(message + "; make the vault writable", e)
        : JobException.failed(message + "; try again");
  }
}
