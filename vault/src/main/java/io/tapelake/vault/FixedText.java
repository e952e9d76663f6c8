package io.tapelake.vault;

import java.nio.charset.StandardCharsets;

/** Text that stands the same in line after line, compared eight bytes at a time. */
final class FixedText {

  private final long[] words;
  private final int length;

  private FixedText(long[] words, int length) {
    this.words = words;
    this.length = length;
  }

  /**
   * @param text ASCII, at least eight characters
   */
  static FixedText of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return copyOf(bytes, 0, bytes.length);
  }

  /** The bytes at {@code [from, to)}, at least eight of them. */
  static FixedText copyOf(byte[] buffer, int from, int to) {
    int length = to - from;
    long[] words = new long[(length + Long.BYTES - 1) / Long.BYTES];
    for (int i = 0; i < words.length; i++) {
      // The last word overlaps the one before it.
      words[i] = EightBytes.raw(buffer, Math.min(from + i * Long.BYTES, to - Long.BYTES));
    }
    return new FixedText(words, length);
  }

  int length() {
    return length;
  }

  /** Whether this text stands at that place, before {@code limit}. */
  boolean isAt(byte[] buffer, int at, int limit) {
    if (limit - at < length) {
      return false;
    }
    int last = words.length - 1;
    for (int i = 0; i < last; i++) {
      if (EightBytes.raw(buffer, at + i * Long.BYTES) != words[i]) {
        return false;
      }
    }
    return EightBytes.raw(buffer, at + length - Long.BYTES) == words[last];
  }
}
