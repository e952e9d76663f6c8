package io.tapelake.jobs.published;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tapelake.jobs.outcome.JobException;
import io.tapelake.vault.VaultLayout;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.ChecksumException;

/** Outputs that are not what was published, and cannot be brought back to it. */
public final class DamagedException extends IOException {

  private static final long serialVersionUID = 1L;

  /** What storage says of files that are damaged; else it says that it does not work itself. */
  private static final List<Class<? extends IOException>> OF_CONTENT =
      List.of(
          FileNotFoundException.class,
          NoSuchFileException.class,
          EOFException.class,
          ChecksumException.class,
          JsonProcessingException.class);

  /** What mends any damage of outputs. */
  public static final String WAY_OUT = "'./tapelake backfill' makes everything anew";

  /** A table's file in what Spark and Parquet say of it. */
  private static final Pattern TABLE_FILE =
      Pattern.compile("\\b" + VaultLayout.LAKE + "/\\w+/([^/\\s]+/)?[^/\\s]+\\.(parquet|json)\\b");

  /**
   * For a person.
   *
   * @param what what is damaged, and how
   */
  public DamagedException(String what, Throwable cause) {
    super(what, cause);
  }

  /**
   * What it means that something of a table could not be read: damage, or a failure of the storage,
   * after which nobody knows.
   *
   * @param what a file, or a table's folder
   */
  public static IOException whileReading(String what, Exception failure) {
    Throwable cause = cause(failure);
    boolean isOfStorage = cause instanceof IOException && !isOfContent(cause);
    if (failure instanceof DamagedException || isOfStorage) {
      return failure instanceof IOException known ? known : new IOException(what, failure);
    }
    return new DamagedException(
        "%s cannot be read (%s)".formatted(what, firstLine(cause)), failure);
  }

  /**
   * The damage that a failure to read something tells of.
   *
   * @throws IOException when it tells of something else
   */
  public static DamagedException damage(String what, Exception failure) throws IOException {
    IOException found = whileReading(what, failure);
    if (found instanceof DamagedException damage) {
      return damage;
    }
    throw found;
  }

  /** Whether a failure tells of a file that is gone or damaged. */
  public static boolean isOfContent(Throwable cause) {
    return OF_CONTENT.stream().anyMatch(each -> each.isInstance(cause));
  }

  /** The damage that led to a failure, or null. */
  public static DamagedException in(Throwable failure) {
    Throwable each = failure;
    while (each != null && !(each instanceof DamagedException)) {
      each = each.getCause();
    }
    return (DamagedException) each;
  }

  /** The damage of a table's file that a failure of Spark's to read it tells of, or null. */
  public static DamagedException ofTable(Throwable failure) {
    Throwable cause = cause(failure);
    boolean isOfStorage = cause instanceof IOException && !isOfContent(cause);
    DamagedException found = null;
    for (Throwable each = failure; each != null; each = each.getCause()) {
      String message = String.valueOf(each.getMessage());
      Matcher file = TABLE_FILE.matcher(message);
      if (found == null && file.find()) {
        found = new DamagedException(file.group() + " is damaged or gone", failure);
      }
      isOfStorage |= each instanceof AccessDeniedException || message.contains("Permission denied");
    }
    return isOfStorage || JobException.isOutOfMemory(failure) ? null : found;
  }

  /** What is damaged, with the way out. */
  public String withWayOut() {
    return getMessage() + "; " + WAY_OUT;
  }

  /** Ends the command with the way out where damage led to a failure; does nothing otherwise. */
  public static void tell(Exception failure) {
    DamagedException damage = in(failure);
    if (damage != null) {
      throw JobException.needsPerson(damage.withWayOut(), failure);
    }
  }

  /** A failure's first cause on one line. */
  public static String reason(Throwable failure) {
    return firstLine(cause(failure));
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static String firstLine(Throwable failure) {
    return "%s: %s"
        .formatted(
            failure.getClass().getSimpleName(),
            String.valueOf(failure.getMessage()).lines().findFirst().orElse(""));
  }
}
