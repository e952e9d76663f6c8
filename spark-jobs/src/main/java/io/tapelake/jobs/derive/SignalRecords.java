package io.tapelake.jobs.derive;

import io.tapelake.analytics.number.Quotient;
import io.tapelake.analytics.signal.SignalInput;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Writes and reads what the signals look at of a minute, in some two hundred bytes. Not
 * thread-safe.
 */
final class SignalRecords {

  private static final int MOST_BYTES_OF_A_NUMBER = 1 + 255 + Short.BYTES;
  private static final int MOST_BYTES_OF_A_WINDOW = 2 * MOST_BYTES_OF_A_NUMBER;

  /** The windows that signals are about; in a record stands which one of these it is. */
  private final List<String> windows;

  private final ByteBuffer record;

  SignalRecords(Collection<String> windows) {
    this.windows = List.copyOf(windows);
    record =
        ByteBuffer.allocate(4 * MOST_BYTES_OF_A_NUMBER + windows.size() * MOST_BYTES_OF_A_WINDOW);
  }

  /** Writes a minute's figures of the windows that signals are about. */
  void write(SignalInput input, OutputStream out) throws IOException {
    record.clear().position(Integer.BYTES);
    record.putLong(input.minute());
    put(input.high());
    put(input.low());
    put(input.close());
    for (SignalInput.Figures each : input.windows()) {
      int window = windows.indexOf(each.window());
      if (window >= 0) {
        record.put((byte) window).putLong(each.since());
        put(each.vwap());
        record.putDouble(each.deviationBps()).putDouble(each.z());
        put(each.cvd());
        record.putDouble(each.imbalance());
      }
    }
    record.putInt(0, record.position() - Integer.BYTES);
    out.write(record.array(), 0, record.position());
  }

  SignalInput read(DataInputStream in) throws IOException {
    record.clear().limit(in.readInt());
    in.readFully(record.array(), 0, record.limit());
    long minute = record.getLong();
    BigDecimal high = number();
    BigDecimal low = number();
    BigDecimal close = number();
    List<SignalInput.Figures> figures = new ArrayList<>();
    while (record.hasRemaining()) {
      figures.add(
          new SignalInput.Figures(
              windows.get(record.get()),
              record.getLong(),
              quotient(),
              record.getDouble(),
              record.getDouble(),
              number(),
              record.getDouble()));
    }
    return new SignalInput(minute, high, low, close, figures);
  }

  private void put(Quotient quotient) {
    if (quotient == null) {
      record.putLong(-1);
      return;
    }
    record
        .putLong(quotient.number(0, Quotient.LONG_DIGITS))
        .putLong(quotient.number(Quotient.LONG_DIGITS, 2 * Quotient.LONG_DIGITS))
        .putLong(quotient.number(2 * Quotient.LONG_DIGITS, Quotient.DIGITS))
        .putShort((short) quotient.decimals());
  }

  private Quotient quotient() {
    long first = record.getLong();
    return first < 0
        ? null
        : Quotient.of(first, record.getLong(), record.getLong(), record.getShort());
  }

  private void put(BigDecimal number) {
    if (number == null) {
      record.put((byte) 0);
      return;
    }
    byte[] digits = number.unscaledValue().toByteArray();
    record.put((byte) digits.length).put(digits).putShort((short) number.scale());
  }

  private BigDecimal number() {
    byte[] digits = new byte[Byte.toUnsignedInt(record.get())];
    if (digits.length == 0) {
      return null;
    }
    record.get(digits);
    return new BigDecimal(new BigInteger(digits), record.getShort());
  }
}
