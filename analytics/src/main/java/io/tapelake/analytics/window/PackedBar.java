package io.tapelake.analytics.window;

import io.tapelake.analytics.bar.BucketVolume;
import io.tapelake.analytics.bar.Extremes;
import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.bar.MinuteFlow;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/**
 * A minute in a few hundred bytes, where its objects take a few thousand. The bytes are for one
 * run's own use: they are not a format that anything is kept in.
 */
public final class PackedBar {

  private static final int USUAL_BYTES = 512;
  private static final int COUNT_BITS = 7;
  private static final int MORE = 1 << COUNT_BITS;

  private byte[] bytes;
  private int at;

  private PackedBar(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The bytes that tell a minute. */
  public static byte[] pack(MinuteBar bar) {
    PackedBar out = new PackedBar(new byte[USUAL_BYTES]);
    out.putLong(bar.minute());
    out.putCount(bar.tradeCount());
    out.put(bar.priceNotional());
    out.put(bar.notional());
    out.put(bar.baseVolume());
    out.put(bar.first());
    out.put(bar.last());
    out.put(bar.high());
    out.put(bar.low());
    out.putCount(bar.buyCount());
    out.put(bar.contracts());
    out.put(bar.buyBaseVolume());
    out.put(bar.buyNotional());
    out.put(bar.buyContracts());
    out.put(bar.squaredPriceNotional());
    out.putCount(bar.flow() == null ? 0 : 1);
    if (bar.flow() != null) {
      out.put(bar.flow());
    }
    return Arrays.copyOf(out.bytes, out.at);
  }

  /** The minute that bytes tell, equal to the one that was packed. */
  public static MinuteBar unpack(byte[] packed) {
    PackedBar in = new PackedBar(packed);
    long minute = in.getLong();
    VwapSums sums = in.sums();
    MinuteBar.Print first = in.print();
    MinuteBar.Print last = in.print();
    BigDecimal high = in.number();
    BigDecimal low = in.number();
    long buyCount = in.count();
    BigDecimal contracts = in.number();
    return new MinuteBar(
        minute,
        first,
        last,
        high,
        low,
        sums.tradeCount(),
        buyCount,
        contracts,
        sums.baseVolume(),
        sums.notional(),
        in.number(),
        in.number(),
        sums.priceNotional(),
        in.number(),
        in.number(),
        in.count() == 0 ? null : in.flow());
  }

  /** Which minute bytes tell. */
  public static long minute(byte[] packed) {
    return new PackedBar(packed).getLong();
  }

  /** The sums of VWAP of the minute that bytes tell, without the rest of it. */
  public static VwapSums vwap(byte[] packed) {
    PackedBar in = new PackedBar(packed);
    in.at = Long.BYTES;
    return in.sums();
  }

  private VwapSums sums() {
    return new VwapSums(count(), number(), number(), number());
  }

  private void put(MinuteFlow flow) {
    put(flow.base());
    put(flow.notional());
    put(flow.contracts());
    putCount(flow.sweeps());
    putCount(flow.mostLevels());
    put(flow.sweepNotional());
    putLong(Double.doubleToRawLongBits(flow.widestSweepBps()));
    put(flow.largestNotional());
    putCount(flow.activeSeconds());
    put(flow.rootFlow());
    put(flow.priceStep());
    putCount(flow.profile().size());
    for (BucketVolume volume : flow.profile()) {
      putLong(volume.bucket());
      putCount(volume.tradeCount());
      put(volume.baseVolume());
      put(volume.buyBaseVolume());
    }
  }

  private MinuteFlow flow() {
    return new MinuteFlow(
        extremes(),
        extremes(),
        extremes(),
        count(),
        count(),
        number(),
        Double.longBitsToDouble(getLong()),
        number(),
        count(),
        number(),
        number(),
        profile());
  }

  private List<BucketVolume> profile() {
    BucketVolume[] profile = new BucketVolume[(int) count()];
    for (int i = 0; i < profile.length; i++) {
      profile[i] = new BucketVolume(getLong(), count(), number(), number());
    }
    return List.of(profile);
  }

  private void put(Extremes extremes) {
    put(extremes.high());
    put(extremes.low());
  }

  private Extremes extremes() {
    return new Extremes(number(), number());
  }

  private void put(MinuteBar.Print print) {
    putLong(print.nanoOfMinute());
    putLong(print.id());
    put(print.price());
  }

  private MinuteBar.Print print() {
    return new MinuteBar.Print(getLong(), getLong(), number());
  }

  private void put(BigDecimal number) {
    BigInteger unscaled = number.unscaledValue();
    putCount(number.scale());
    byte[] digits = unscaled.toByteArray();
    putCount(digits.length);
    makeRoom(digits.length);
    System.arraycopy(digits, 0, bytes, at, digits.length);
    at += digits.length;
  }

  private BigDecimal number() {
    int scale = (int) count();
    int length = (int) count();
    BigDecimal number;
    if (length <= Long.BYTES) {
      long unscaled = bytes[at];
      for (int i = 1; i < length; i++) {
        unscaled = unscaled << Byte.SIZE | bytes[at + i] & 0xFF;
      }
      number = BigDecimal.valueOf(unscaled, scale);
    } else {
      number = new BigDecimal(new BigInteger(bytes, at, length), scale);
    }
    at += length;
    return number;
  }

  private void putLong(long number) {
    makeRoom(Long.BYTES);
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      bytes[at++] = (byte) (number >>> shift);
    }
  }

  private long getLong() {
    long number = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      number = number << Byte.SIZE | bytes[at++] & 0xFF;
    }
    return number;
  }

  /** A number from 0 on, seven bits a byte, the lowest first. */
  private void putCount(long count) {
    makeRoom(Long.SIZE / COUNT_BITS + 1);
    long left = count;
    while (left >= MORE) {
      bytes[at++] = (byte) (left & MORE - 1 | MORE);
      left >>>= COUNT_BITS;
    }
    bytes[at++] = (byte) left;
  }

  private long count() {
    long count = 0;
    for (int shift = 0; ; shift += COUNT_BITS) {
      int next = bytes[at++];
      count |= (long) (next & MORE - 1) << shift;
      if (next >= 0) {
        return count;
      }
    }
  }

  private void makeRoom(int more) {
    if (at + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * (at + more));
    }
  }
}
