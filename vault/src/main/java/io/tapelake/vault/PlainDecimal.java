package io.tapelake.vault;

/**
 * Reads decimal numbers as exchanges write them: digits, at most one point, no sign, no exponent,
 * at most 16 characters. Holds the number that was read last, with the scale that {@link
 * DecimalText} gives it. Anything else is left to {@link DecimalText}. Not thread-safe.
 */
final class PlainDecimal {

  private static final int MAX_CHARACTERS = 16;

  private long unscaled;
  private int scale;

  long unscaled() {
    return unscaled;
  }

  int scale() {
    return scale;
  }

  /**
   * Reads the number that stands at {@code at} before a quote, when it is greater than zero.
   *
   * @param limit end of what may be looked at, more than 16 bytes behind a number's beginning
   * @return where the quote stands, or -1 when this is anything else
   */
  int read(byte[] buffer, int at, int limit) {
    if (at < 0 || limit - at <= MAX_CHARACTERS) {
      return -1;
    }
    long head = EightBytes.digits(buffer, at);
    int end = at + EightBytes.countToQuote(head);
    boolean read;
    if (buffer[end] == '"') {
      read = end > at && readShort(head, end - at);
    } else {
      long tail = EightBytes.digits(buffer, at + Long.BYTES);
      int more = EightBytes.countToQuote(tail);
      end = at + Long.BYTES + more;
      read = buffer[end] == '"' && readLong(head, EightBytes.first(tail, more), more);
    }
    if (!read || unscaled == 0) {
      return -1;
    }
    // One branch, hardly ever taken: whether there is a point is anyone's guess.
    if (scale > 0 & buffer[end - 1] == '0') {
      stripTrailingZeros();
    }
    return scale <= DecimalText.MAX_SCALE ? end : -1;
  }

  /** A number of 1 to 8 characters. No branch hangs on where its point is. */
  private boolean readShort(long bytes, int characters) {
    long text = EightBytes.first(bytes, characters);
    long point = EightBytes.firstPoint(text);
    long digits = EightBytes.without(point, text);
    int points = (int) (-point >>> 63);
    int count = characters - points;
    unscaled = EightBytes.number(digits << (64 - 8 * count));
    scale = (count - EightBytes.index(point)) & -points;
    return EightBytes.areDigits(digits);
  }

  /** A number of 9 to 16 characters, {@code more} of them behind the first eight. */
  private boolean readLong(long head, long tail, int more) {
    long point = EightBytes.firstPoint(head);
    int integers = EightBytes.index(point);
    long first = head;
    long second = tail;
    int count = more;
    if (point != 0) {
      first = EightBytes.without(point, head) | tail << 56;
      second = tail >>> 8;
      count--;
    } else {
      point = EightBytes.firstPoint(tail);
      integers = Math.min(Long.BYTES + EightBytes.index(point), Long.BYTES + more);
      second = EightBytes.without(point, tail);
      count -= point == 0 ? 0 : 1;
    }
    if (integers > DecimalText.MAX_INTEGER_DIGITS
        || !EightBytes.areDigits(first)
        || !EightBytes.areDigits(second)) {
      return false;
    }
    unscaled =
        EightBytes.number(first) * EightBytes.powerOfTen(count) + EightBytes.number(second, count);
    scale = Long.BYTES + count - integers;
    return true;
  }

  private void stripTrailingZeros() {
    while (scale > 0 && unscaled % 10 == 0) {
      unscaled /= 10;
      scale--;
    }
  }
}
