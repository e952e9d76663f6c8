package io.tapelake.collector.connect;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import javax.net.SocketFactory;

/**
 * Makes sockets that count what they read and break off when too much arrives without making up a
 * message: a frame that says it is gigabytes long must not fill the memory.
 */
final class MeteredSockets extends SocketFactory {

  private final long maxBytes;
  private final LongConsumer meter;
  private final AtomicLong sinceMessage = new AtomicLong();

  /**
   * @param maxBytes most bytes between two messages
   * @param meter told of the bytes read
   */
  MeteredSockets(long maxBytes, LongConsumer meter) {
    this.maxBytes = maxBytes;
    this.meter = meter;
  }

  /** A message is complete: the count starts over. */
  void messageRead() {
    sinceMessage.set(0);
  }

  @Override
  public Socket createSocket() {
    return new Socket() {
      @Override
      public InputStream getInputStream() throws IOException {
        return new MeteredStream(super.getInputStream());
      }
    };
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException("only unconnected sockets are made here");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException("only unconnected sockets are made here");
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException("only unconnected sockets are made here");
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException("only unconnected sockets are made here");
  }

  private final class MeteredStream extends FilterInputStream {

    MeteredStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      if (value >= 0) {
        count(1);
      }
      return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      if (read > 0) {
        count(read);
      }
      return read;
    }

    private void count(int bytes) throws IOException {
      meter.accept(bytes);
      if (sinceMessage.addAndGet(bytes) > maxBytes) {
        throw new IOException("a message is longer than " + maxBytes + " bytes");
      }
    }
  }
}
