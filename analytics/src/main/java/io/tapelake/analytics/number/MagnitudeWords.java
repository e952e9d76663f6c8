package io.tapelake.analytics.number;

import java.math.BigInteger;

/**
 * A whole number that is not negative, in words of 32 bits, divided in place: what it takes to get
 * at decimal digits without making a number of every step. Not thread-safe.
 */
public final class MagnitudeWords {

  private static final long WORD_MASK = 0xFFFF_FFFFL;
  private static final int USUAL_WORDS = 8;

  /** The most significant first; those before {@link #first} are zero. */
  private int[] words = new int[USUAL_WORDS];

  private int first = USUAL_WORDS;

  /** Takes the magnitude of a number. */
  public void set(BigInteger number) {
    BigInteger left = number.signum() < 0 ? number.negate() : number;
    int count = (left.bitLength() + Integer.SIZE - 1) / Integer.SIZE;
    if (count > words.length) {
      words = new int[count];
    }
    int at = words.length;
    first = at - count;
    while (at > first) {
      long two = left.longValue();
      words[--at] = (int) two;
      if (at > first) {
        words[--at] = (int) (two >>> Integer.SIZE);
      }
      if (at > first) {
        left = left.shiftRight(Long.SIZE);
      }
    }
  }

  /** Takes a number of 128 bits that is not negative. */
  void set(long high, long low) {
    first = words.length;
    words[--first] = (int) low;
    words[--first] = (int) (low >>> Integer.SIZE);
    words[--first] = (int) high;
    words[--first] = (int) (high >>> Integer.SIZE);
    skipZeros();
  }

  public boolean isZero() {
    return first == words.length;
  }

  /** Divides by a number greater than zero; what is left over. */
  public int divide(int divisor) {
    long rest = 0;
    for (int i = first; i < words.length; i++) {
      long dividend = rest << Integer.SIZE | words[i] & WORD_MASK;
      words[i] = (int) (dividend / divisor);
      rest = dividend % divisor;
    }
    skipZeros();
    return (int) rest;
  }

  /** Divides by 10^9, which is done without a division. */
  public int divideByBillion() {
    long rest = 0;
    for (int i = first; i < words.length; i++) {
      long dividend = rest << Integer.SIZE | words[i] & WORD_MASK;
      long quotient = dividend / 1_000_000_000;
      words[i] = (int) quotient;
      rest = dividend - quotient * 1_000_000_000;
    }
    skipZeros();
    return (int) rest;
  }

  /** Whether it is below 2^127. */
  public boolean fits127() {
    int count = words.length - first;
    return count < 4 || (count == 4 && words[first] >= 0);
  }

  /** The 64 bits above the lowest 64. */
  public long high() {
    return word(3) << Integer.SIZE | word(2);
  }

  /** The lowest 64 bits. */
  public long low() {
    return word(1) << Integer.SIZE | word(0);
  }

  private long word(int fromEnd) {
    int at = words.length - 1 - fromEnd;
    return at < first ? 0 : words[at] & WORD_MASK;
  }

  private void skipZeros() {
    while (first < words.length && words[first] == 0) {
      first++;
    }
  }
}
