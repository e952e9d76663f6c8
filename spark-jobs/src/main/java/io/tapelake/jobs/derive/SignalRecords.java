package io.tapelake.jobs.derive;

import io.tapelake.analytics.number.Quotient;
import io.tapelake.analytics.signal.SignalInput;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Writes and reads what the signals look at of a minute, in some two hundred bytes. */
final class SignalRecords {

  private SignalRecords() {}

  /** Writes a minute's figures of the windows that signals are about. */
  static void write(SignalInput input, Set<String> windows, DataOutput out) throws IOException {
    out.writeLong(input.minute());
    write(input.high(), out);
    write(input.low(), out);
    write(input.close(), out);
    List<SignalInput.Figures> kept =
        input.windows().stream().filter(each -> windows.contains(each.window())).toList();
    out.writeByte(kept.size());
    for (SignalInput.Figures each : kept) {
      out.writeUTF(each.window());
      out.writeLong(each.since());
      write(each.vwap(), out);
      out.writeDouble(each.deviationBps());
      out.writeDouble(each.z());
      write(each.cvd(), out);
      out.writeDouble(each.imbalance());
    }
  }

  static SignalInput read(DataInput in) throws IOException {
    long minute = in.readLong();
    BigDecimal high = number(in);
    BigDecimal low = number(in);
    BigDecimal close = number(in);
    List<SignalInput.Figures> windows = new ArrayList<>();
    for (int left = in.readByte(); left > 0; left--) {
      windows.add(
          new SignalInput.Figures(
              in.readUTF(),
              in.readLong(),
              quotient(in),
              in.readDouble(),
              in.readDouble(),
              number(in),
              in.readDouble()));
    }
    return new SignalInput(minute, high, low, close, windows);
  }

  private static void write(Quotient quotient, DataOutput out) throws IOException {
    out.writeBoolean(quotient != null);
    if (quotient != null) {
      out.writeLong(quotient.number(0, Quotient.LONG_DIGITS));
      out.writeLong(quotient.number(Quotient.LONG_DIGITS, 2 * Quotient.LONG_DIGITS));
      out.writeLong(quotient.number(2 * Quotient.LONG_DIGITS, Quotient.DIGITS));
      out.writeShort(quotient.decimals());
    }
  }

  private static Quotient quotient(DataInput in) throws IOException {
    return in.readBoolean()
        ? Quotient.of(in.readLong(), in.readLong(), in.readLong(), in.readShort())
        : null;
  }

  private static void write(BigDecimal number, DataOutput out) throws IOException {
    if (number == null) {
      out.writeByte(0);
      return;
    }
    byte[] digits = number.unscaledValue().toByteArray();
    out.writeByte(digits.length);
    out.write(digits);
    out.writeShort(number.scale());
  }

  private static BigDecimal number(DataInput in) throws IOException {
    byte[] digits = new byte[in.readUnsignedByte()];
    if (digits.length == 0) {
      return null;
    }
    in.readFully(digits);
    return new BigDecimal(new BigInteger(digits), in.readShort());
  }
}
