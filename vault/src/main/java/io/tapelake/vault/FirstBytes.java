package io.tapelake.vault;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The first bytes of a stream, and nothing behind them. Closing it closes the stream. */
public final class FirstBytes extends FilterInputStream {

  private static final int CHUNK = 1 << 16;

  private long left;

  /** At most so many bytes of a stream. */
  public FirstBytes(InputStream in, long bytes) {
    super(in);
    left = bytes;
  }

  @Override
  public int read() throws IOException {
    int value = left > 0 ? in.read() : -1;
    left -= value >= 0 ? 1 : 0;
    return value;
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    if (left <= 0) {
      return -1;
    }
    int read = in.read(target, offset, (int) Math.min(count, left));
    left -= Math.max(0, read);
    return read;
  }

  /** In larger pieces than those of the JDK: what is copied may be an export, or a whole day. */
  @Override
  public long transferTo(OutputStream out) throws IOException {
    byte[] chunk = new byte[CHUNK];
    long copied = 0;
    for (int count = read(chunk); count >= 0; count = read(chunk)) {
      out.write(chunk, 0, count);
      copied += count;
    }
    return copied;
  }
}
