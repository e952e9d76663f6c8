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
    int i = 0;
    // Four at a time: a branch for every eight bytes would cost more than comparing them.
    for (; i + 4 <= last; i += 4) {
      long difference =
          difference(buffer, at, i)
              | difference(buffer, at, i + 1)
              | difference(buffer, at, i + 2)
              | difference(buffer, at, i + 3);
      if (difference != 0) {
        return false;
      }
    }
    long difference = EightBytes.raw(buffer, at + length - Long.BYTES) ^ words[last];
    for (; i < last; i++) {
      difference |= difference(buffer, at, i);
    }
    return difference == 0;
  }

  private long difference(byte[] buffer, int at, int word) {
    return EightBytes.raw(buffer, at + word * Long.BYTES) ^ words[word];
  }
}
