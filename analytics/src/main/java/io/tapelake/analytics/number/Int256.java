package io.tapelake.analytics.number;

import java.math.BigInteger;

/**
 * A whole number of 256 bits with a sign, in machine words: what exact sums and their products are
 * made with where a {@link BigInteger} of every step would cost more than the step. What does not
 * fit wraps around, as with a {@code long}; who adds up knows how much comes together. Not
 * thread-safe.
 */
public final class Int256 {

  /** Bits of the factors of a product, sign included. */
  public static final int FACTOR_BITS = 128;

  private static final int DOUBLE_BITS = 53;

  // The lowest first; the highest has the sign.
  private long w0;
  private long w1;
  private long w2;
  private long w3;

  /** Zero. */
  public Int256() {}

  private Int256(long high, long low) {
    w0 = low;
    w1 = high;
    w2 = high >> Long.SIZE - 1;
    w3 = w2;
  }

  /** A number of at most 128 bits. */
  public static Int256 of(BigInteger number) {
    if (number.bitLength() < Long.SIZE) {
      long low = number.longValue();
      return new Int256(low >> Long.SIZE - 1, low);
    }
    if (number.bitLength() >= FACTOR_BITS) {
      throw new ArithmeticException(number + " has more than 128 bits");
    }
    return new Int256(number.shiftRight(Long.SIZE).longValue(), number.longValue());
  }

  /** A number that is not negative times 2^shift. */
  public static Int256 of(long number, int shift) {
    Int256 shifted = new Int256();
    for (int i = 0; i < 4; i++) {
      int left = shift - i * Long.SIZE;
      long word =
          left <= -Long.SIZE || left >= Long.SIZE
              ? 0
              : left < 0 ? number >>> -left : number << left;
      shifted.setWord(i, word);
    }
    return shifted;
  }

  /** The product of two numbers of at most 128 bits. */
  public static Int256 product(Int256 one, Int256 other) {
    Int256 left = one.w3 < 0 ? one.negated() : one;
    Int256 right = other.w3 < 0 ? other.negated() : other;
    Int256 product = new Int256();
    product.w0 = left.w0 * right.w0;
    product.w1 = unsignedHigh(left.w0, right.w0);
    product.w2 = left.w1 * right.w1;
    product.w3 = unsignedHigh(left.w1, right.w1);
    product.addMiddle(left.w0 * right.w1, unsignedHigh(left.w0, right.w1));
    product.addMiddle(left.w1 * right.w0, unsignedHigh(left.w1, right.w0));
    return (one.w3 ^ other.w3) < 0 ? product.negated() : product;
  }

  private void addMiddle(long low, long high) {
    long sum1 = w1 + low;
    long carry = carry(w1, low, sum1);
    long sum2 = w2 + high + carry;
    w3 += carry(w2, high, sum2);
    w1 = sum1;
    w2 = sum2;
  }

  public void add(Int256 other) {
    long sum0 = w0 + other.w0;
    long sum1 = w1 + other.w1 + carry(w0, other.w0, sum0);
    long sum2 = w2 + other.w2 + carry(w1, other.w1, sum1);
    w3 += other.w3 + carry(w2, other.w2, sum2);
    w0 = sum0;
    w1 = sum1;
    w2 = sum2;
  }

  public void subtract(Int256 other) {
    long rest0 = w0 - other.w0;
    long rest1 = w1 - other.w1 - borrow(w0, other.w0, rest0);
    long rest2 = w2 - other.w2 - borrow(w1, other.w1, rest1);
    w3 -= other.w3 + borrow(w2, other.w2, rest2);
    w0 = rest0;
    w1 = rest1;
    w2 = rest2;
  }

  public Int256 plus(Int256 other) {
    Int256 sum = copy();
    sum.add(other);
    return sum;
  }

  public Int256 minus(Int256 other) {
    Int256 rest = copy();
    rest.subtract(other);
    return rest;
  }

  /** This number times another, which is not negative. */
  public Int256 times(long factor) {
    Int256 product = new Int256();
    product.w0 = w0 * factor;
    long high = unsignedHigh(w0, factor);
    product.w1 = w1 * factor + high;
    high = unsignedHigh(w1, factor) + carry(w1 * factor, high, product.w1);
    product.w2 = w2 * factor + high;
    high = unsignedHigh(w2, factor) + carry(w2 * factor, high, product.w2);
    product.w3 = w3 * factor + high;
    return product;
  }

  /** A number of its own that is as large as this one is now. */
  public Int256 copy() {
    Int256 copy = new Int256(w1, w0);
    copy.w2 = w2;
    copy.w3 = w3;
    return copy;
  }

  public Int256 negated() {
    return new Int256().minus(this);
  }

  /** −1, 0 or 1. */
  public int signum() {
    return w3 < 0 ? -1 : (w0 | w1 | w2 | w3) == 0 ? 0 : 1;
  }

  /** The nearest double. */
  public double doubleValue() {
    if (w3 < 0) {
      return -negated().doubleValue();
    }
    int shift = Math.max(0, bitLength() - (Long.SIZE - 1));
    long top = word(shift);
    // A trace of what is cut off decides a tie.
    boolean hasMore = !isZeroBelow(shift);
    return Math.scalb((double) (hasMore ? top | 1 : top), shift);
  }

  /** How many bits it has without the sign, of a number that is not negative. */
  int bitLength() {
    return w3 != 0
        ? 4 * Long.SIZE - Long.numberOfLeadingZeros(w3)
        : w2 != 0
            ? 3 * Long.SIZE - Long.numberOfLeadingZeros(w2)
            : w1 != 0
                ? 2 * Long.SIZE - Long.numberOfLeadingZeros(w1)
                : Long.SIZE - Long.numberOfLeadingZeros(w0);
  }

  /** The 53 bits from a place on, which may lie below the last bit, as a double. */
  double bits(int from) {
    long bits = from >= 0 ? word(from) : from > -Long.SIZE ? w0 << -from : 0;
    return bits & (1L << DOUBLE_BITS) - 1;
  }

  BigInteger toBigInteger() {
    BigInteger number = BigInteger.valueOf(w3);
    for (long word : new long[] {w2, w1, w0}) {
      BigInteger unsigned = BigInteger.valueOf(word >>> 1).shiftLeft(1);
      number = number.shiftLeft(Long.SIZE).add(word % 2 == 0 ? unsigned : unsigned.setBit(0));
    }
    return number;
  }

  /** The 64 bits from a place on. */
  private long word(int from) {
    int shift = from % Long.SIZE;
    long low = wordAt(from / Long.SIZE) >>> shift;
    return shift == 0 ? low : low | wordAt(from / Long.SIZE + 1) << Long.SIZE - shift;
  }

  private long wordAt(int index) {
    return switch (index) {
      case 0 -> w0;
      case 1 -> w1;
      case 2 -> w2;
      case 3 -> w3;
      default -> 0;
    };
  }

  private void setWord(int index, long word) {
    switch (index) {
      case 0 -> w0 = word;
      case 1 -> w1 = word;
      case 2 -> w2 = word;
      default -> w3 = word;
    }
  }

  private boolean isZeroBelow(int place) {
    long zeros = w0;
    for (int i = 1; i <= place / Long.SIZE; i++) {
      if (zeros != 0) {
        return false;
      }
      zeros = wordAt(i);
    }
    int shift = place % Long.SIZE;
    return shift == 0 || zeros << Long.SIZE - shift == 0;
  }

  /** The upper half of the product of two numbers without a sign. */
  public static long unsignedHigh(long one, long other) {
    return Math.multiplyHigh(one, other)
        + (one >> Long.SIZE - 1 & other)
        + (other >> Long.SIZE - 1 & one);
  }

  private static long carry(long one, long other, long sum) {
    return (one & other | (one | other) & ~sum) >>> Long.SIZE - 1;
  }

  /** What a difference of words without a sign takes from the next word: 0 or 1. */
  static long borrow(long from, long other, long rest) {
    return (~from & other | (~from | other) & rest) >>> Long.SIZE - 1;
  }
}
