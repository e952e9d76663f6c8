package io.tapelake.live.market;

import io.tapelake.analytics.bar.BucketVolume;
import io.tapelake.analytics.bar.Extremes;
import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.bar.MinuteFlow;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** A minute in a few hundred bytes, where its objects take a few thousand. */
final class PackedBar {

  private PackedBar() {}

  static byte[] pack(MinuteBar bar) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(bar.minute());
      put(out, bar.first());
      put(out, bar.last());
      putCount(out, bar.tradeCount());
      putCount(out, bar.buyCount());
      put(out, bar.high());
      put(out, bar.low());
      put(out, bar.contracts());
      put(out, bar.baseVolume());
      put(out, bar.notional());
      put(out, bar.buyBaseVolume());
      put(out, bar.buyNotional());
      put(out, bar.priceNotional());
      put(out, bar.buyContracts());
      put(out, bar.squaredPriceNotional());
      out.writeBoolean(bar.flow() != null);
      if (bar.flow() != null) {
        put(out, bar.flow());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  static MinuteBar unpack(byte[] packed) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(packed))) {
      long minute = in.readLong();
      MinuteBar.Print first = print(in);
      MinuteBar.Print last = print(in);
      long tradeCount = count(in);
      long buyCount = count(in);
      return new MinuteBar(
          minute,
          first,
          last,
          number(in),
          number(in),
          tradeCount,
          buyCount,
          number(in),
          number(in),
          number(in),
          number(in),
          number(in),
          number(in),
          number(in),
          number(in),
          in.readBoolean() ? flow(in) : null);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  private static void put(DataOutputStream out, MinuteFlow flow) throws IOException {
    put(out, flow.base());
    put(out, flow.notional());
    put(out, flow.contracts());
    putCount(out, flow.sweeps());
    putCount(out, flow.mostLevels());
    put(out, flow.sweepNotional());
    out.writeDouble(flow.widestSweepBps());
    put(out, flow.largestNotional());
    putCount(out, flow.activeSeconds());
    put(out, flow.rootFlow());
    put(out, flow.priceStep());
    putCount(out, flow.profile().size());
    for (BucketVolume volume : flow.profile()) {
      out.writeLong(volume.bucket());
      putCount(out, volume.tradeCount());
      put(out, volume.baseVolume());
      put(out, volume.buyBaseVolume());
    }
  }

  private static MinuteFlow flow(DataInputStream in) throws IOException {
    return new MinuteFlow(
        extremes(in),
        extremes(in),
        extremes(in),
        count(in),
        count(in),
        number(in),
        in.readDouble(),
        number(in),
        count(in),
        number(in),
        number(in),
        profile(in));
  }

  private static List<BucketVolume> profile(DataInputStream in) throws IOException {
    long size = count(in);
    List<BucketVolume> profile = new ArrayList<>((int) size);
    for (int i = 0; i < size; i++) {
      profile.add(new BucketVolume(in.readLong(), count(in), number(in), number(in)));
    }
    return profile;
  }

  private static void put(DataOutputStream out, Extremes extremes) throws IOException {
    put(out, extremes.high());
    put(out, extremes.low());
  }

  private static Extremes extremes(DataInputStream in) throws IOException {
    return new Extremes(number(in), number(in));
  }

  private static void put(DataOutputStream out, MinuteBar.Print print) throws IOException {
    out.writeLong(print.nanoOfMinute());
    out.writeLong(print.id());
    put(out, print.price());
  }

  private static MinuteBar.Print print(DataInputStream in) throws IOException {
    return new MinuteBar.Print(in.readLong(), in.readLong(), number(in));
  }

  private static void put(DataOutputStream out, BigDecimal number) throws IOException {
    byte[] unscaled = number.unscaledValue().toByteArray();
    putCount(out, number.scale());
    putCount(out, unscaled.length);
    out.write(unscaled);
  }

  private static BigDecimal number(DataInputStream in) throws IOException {
    int scale = (int) count(in);
    return new BigDecimal(new BigInteger(in.readNBytes((int) count(in))), scale);
  }

  /** A number from 0 on, seven bits a byte, the lowest first. */
  private static void putCount(DataOutputStream out, long count) throws IOException {
    long left = count;
    while (left > 0x7F) {
      out.writeByte((int) (left & 0x7F) | 0x80);
      left >>>= 7;
    }
    out.writeByte((int) left);
  }

  private static long count(DataInputStream in) throws IOException {
    long count = 0;
    for (int shift = 0; ; shift += 7) {
      int next = in.readUnsignedByte();
      count |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return count;
      }
    }
  }
}
