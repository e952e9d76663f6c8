package io.tapelake.collector.capture;

/**
 * The memory that trades of all instruments may take before they are written. Those of an
 * instrument whose files or terms fail have their share of it, so that the others have theirs.
 */
final class Room {

  /** However many instruments there are: some fifty trades. */
  private static final long LEAST_SHARE = 16 * 1024;

  private final long limit;
  private final long share;
  private long used;

  /**
   * @param limit bytes of all instruments together
   */
  Room(long limit, int instruments) {
    this.limit = limit;
    this.share = Math.min(limit, Math.max(LEAST_SHARE, limit / instruments));
  }

  /** Whether one more trade may be kept of an instrument that has so much pending. */
  boolean hasRoom(long pending, boolean isWell) {
    return used < limit && (isWell || pending < share);
  }

  void added(long bytes) {
    used += bytes;
  }

  /** Takes note of what is pending in all. */
  void used(long bytes) {
    used = bytes;
  }
}
