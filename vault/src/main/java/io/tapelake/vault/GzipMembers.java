package io.tapelake.vault;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * The plain bytes of a gzip file, which consists of any number of members (RFC 1952): all of them,
 * or an error. The JDK's own stream takes a member whose header is damaged or cut off for the
 * file's end, and loses what comes after it without a word.
 */
public final class GzipMembers extends InputStream {

  private static final int DEFLATE = 8;
  private static final int HEADER_CHECKSUM = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;

  private final InputStream in;
  private final byte[] compressed;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();

  /** What was read of the file, and how much of that was used. */
  private int end;

  private int used;

  /** Plain bytes of the member at hand, modulo 2^32. */
  private int length;

  private int members;
  private boolean isInside;

  /**
   * The plain bytes of a compressed stream. Reading throws a {@link ZipException} where something
   * is no gzip member, and an {@link EOFException} where one is cut off.
   *
   * @param buffer how many compressed bytes are read at a time
   */
  public GzipMembers(InputStream in, int buffer) {
    this.in = in;
    compressed = new byte[buffer];
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] plain, int from, int count) throws IOException {
    int read = 0;
    while (read == 0 && count > 0) {
      if (!isInside && !begin()) {
        return -1;
      }
      read = inflate(plain, from, count);
    }
    crc.update(plain, from, read);
    length += read;
    return read;
  }

  private int inflate(byte[] plain, int from, int count) throws IOException {
    try {
      int read = inflater.inflate(plain, from, count);
      if (read > 0) {
        return read;
      }
    } catch (DataFormatException e) {
      throw new ZipException(e.getMessage());
    }
    if (inflater.finished()) {
      used = end - inflater.getRemaining();
      finish();
    } else if (inflater.needsDictionary()) {
      throw new ZipException("a member asks for a dictionary, which gzip does not have");
    } else {
      fillOrFail();
      inflater.setInput(compressed, 0, end);
      used = end;
    }
    return 0;
  }

  /** Reads a member's header; false at the file's end. */
  private boolean begin() throws IOException {
    int first = members == 0 ? next() : nextOrEnd();
    if (first < 0) {
      return false;
    }
    if (first != 0x1f || next() != 0x8b || next() != DEFLATE) {
      throw new ZipException(
          members == 0
              ? "it is not in gzip format"
              : "behind its member %d comes something else".formatted(members));
    }
    int flags = next();
    if ((flags & RESERVED) != 0) {
      throw new ZipException("a member has unknown flags, " + flags);
    }
    skip(6);
    if ((flags & EXTRA) != 0) {
      skip(next() | next() << 8);
    }
    for (int text = flags & (NAME | COMMENT); text != 0; text &= text - 1) {
      while (next() != 0) {
        // To the end of the file's name, or of the comment.
      }
    }
    skip((flags & HEADER_CHECKSUM) != 0 ? 2 : 0);
    inflater.reset();
    inflater.setInput(compressed, used, end - used);
    crc.reset();
    length = 0;
    members++;
    isInside = true;
    return true;
  }

  /** Compares a member with its trailer. */
  private void finish() throws IOException {
    if (nextInt() != (int) crc.getValue() || nextInt() != length) {
      throw new ZipException("member %d is not what was compressed".formatted(members));
    }
    isInside = false;
  }

  private int nextInt() throws IOException {
    return next() | next() << 8 | next() << 16 | next() << 24;
  }

  /** The next byte behind a member that is not the filling of a tape, or -1. */
  private int nextOrEnd() throws IOException {
    while (used < end || fill()) {
      int next = compressed[used++] & 0xff;
      if (next != 0) {
        return next;
      }
    }
    return -1;
  }

  private int next() throws IOException {
    if (used == end) {
      fillOrFail();
    }
    return compressed[used++] & 0xff;
  }

  private void skip(int bytes) throws IOException {
    for (int i = 0; i < bytes; i++) {
      next();
    }
  }

  /** Reads on; false at the file's end. */
  private boolean fill() throws IOException {
    used = 0;
    end = Math.max(0, in.read(compressed));
    return end > 0;
  }

  private void fillOrFail() throws IOException {
    if (!fill()) {
      throw new EOFException("the archive ends inside of a member");
    }
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
