package io.tapelake.jobs.read;

import io.tapelake.vault.RefusalReason;
import java.io.Serializable;

/**
 * A line that goes to the quarantine.
 *
 * @param offset of the line's first byte
 * @param reason why
 * @param text the line, at most its first MiB; bytes that are not UTF-8 stand as U+FFFD
 */
public record RefusedLine(long offset, RefusalReason reason, String text) implements Serializable {}
