package io.tapelake.collector.official;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Reads a stream ahead of its consumer, on a thread of its own: inflating a file takes about as
 * long as parsing it. What the stream throws is thrown where the consumer gets there.
 */
final class ReadAhead extends InputStream {

  private static final int BLOCKS = 4;
  private static final int BLOCK_BYTES = 1 << 18;

  /** What was read at once; a length below 0 is the end. */
  private static final class Block {
    final byte[] bytes = new byte[BLOCK_BYTES];
    int length;
    IOException failure;
  }

  private final InputStream in;
  private final BlockingQueue<Block> free = new ArrayBlockingQueue<>(BLOCKS);
  private final BlockingQueue<Block> full = new ArrayBlockingQueue<>(BLOCKS);
  private final Thread reader = new Thread(this::readAll, "read-ahead");
  private Block block;
  private int at;
  private byte last = '\n';

  private ReadAhead(InputStream in) {
    this.in = in;
    for (int i = 0; i < BLOCKS; i++) {
      free.add(new Block());
    }
  }

  /** Starts reading; closing what is returned closes the stream. */
  static ReadAhead of(InputStream in) {
    ReadAhead ahead = new ReadAhead(in);
    ahead.reader.setDaemon(true);
    ahead.reader.start();
    return ahead;
  }

  private void readAll() {
    try {
      Block next;
      do {
        next = free.take();
        fill(next);
        full.put(next);
      } while (next.length >= 0);
    } catch (InterruptedException e) {
      // The consumer wants no more.
      Thread.currentThread().interrupt();
    }
  }

  private void fill(Block next) {
    try {
      next.length = in.readNBytes(next.bytes, 0, BLOCK_BYTES);
      next.length = next.length == 0 ? -1 : next.length;
    } catch (IOException e) {
      next.length = -1;
      next.failure = e;
    } catch (RuntimeException e) {
      next.length = -1;
      next.failure = new IOException(e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    if (!advance()) {
      return -1;
    }
    int copied = Math.min(count, block.length - at);
    System.arraycopy(block.bytes, at, target, offset, copied);
    at += copied;
    last = block.bytes[at - 1];
    return copied;
  }

  /** Whether what was read so far ends with a line, or is nothing. */
  boolean endsWithLineEnd() {
    return last == '\n' || last == '\r';
  }

  /** Sees to it that there is a byte at hand; false at the end. */
  private boolean advance() throws IOException {
    while (block == null || at == block.length) {
      try {
        if (block != null) {
          free.put(block);
        }
        block = full.take();
        at = 0;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while reading a file of trades");
      }
    }
    if (block.failure != null) {
      throw block.failure;
    }
    return block.length >= 0;
  }

  @Override
  public void close() throws IOException {
    reader.interrupt();
    boolean interrupted = false;
    while (reader.isAlive()) {
      try {
        reader.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    in.close();
  }
}
