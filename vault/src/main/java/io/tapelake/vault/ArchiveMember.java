package io.tapelake.vault;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;

/**
 * Compresses a piece of a day as one gzip member. Members behind each other are a gzip file like
 * any other; an extra field of each (RFC 1952, named {@code TL}) says how long it is, how long its
 * content is, and the content's CRC-32C, which is the checksum that the job's cursor keeps.
 */
public final class ArchiveMember {

  /**
   * Plain bytes a member: enough that nothing is lost by compressing pieces, few enough that the
   * pieces of a day can be read by several tasks.
   */
  public static final int PLAIN_BYTES = 8 << 20;

  static final int HEADER_BYTES = 28;

  private static final int FIXED_BYTES = 10;
  private static final int EXTRA_BYTES = 16;
  private static final int TRAILER_BYTES = 8;

  /** ID1, ID2, CM 8 for deflate, FLG 4 for an extra field. */
  private static final int MAGIC = 0x04_08_8b_1f;

  /** {@code TL} and the length of what follows. */
  private static final int FIELD = ('T') | ('L' << 8) | ((EXTRA_BYTES - 4) << 16);

  private static final byte UNKNOWN_SYSTEM = (byte) 255;

  private final Deflater deflater;
  private final CRC32 crc32 = new CRC32();
  private final CRC32C crc32c = new CRC32C();
  private byte[] compressed = new byte[1 << 16];

  /**
   * What a member says of itself.
   *
   * @param length of the whole member in bytes
   * @param plainLength of its content
   * @param crc32c checksum of its content
   */
  public record Header(long length, long plainLength, int crc32c) {}

  /**
   * @param level of compression, 1 to 9
   */
  public ArchiveMember(int level) {
    deflater = new Deflater(level, true);
  }

  /** Writes the member that holds {@code plain[from, to)}; returns its length. */
  public int write(byte[] plain, int from, int to, OutputStream out) throws IOException {
    crc32.reset();
    crc32.update(plain, from, to - from);
    crc32c.reset();
    crc32c.update(plain, from, to - from);
    int length = deflate(plain, from, to) + TRAILER_BYTES;
    ByteBuffer bytes = ByteBuffer.wrap(compressed).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(MAGIC).putInt(0).put((byte) 0).put(UNKNOWN_SYSTEM);
    bytes.putShort((short) EXTRA_BYTES).putInt(FIELD);
    bytes.putInt(length).putInt(to - from).putInt((int) crc32c.getValue());
    bytes.position(length - TRAILER_BYTES);
    bytes.putInt((int) crc32.getValue()).putInt(to - from);
    out.write(compressed, 0, length);
    return length;
  }

  /**
   * Leaves room for the header in front and the trailer behind; returns where the latter begins.
   */
  private int deflate(byte[] plain, int from, int to) {
    deflater.reset();
    deflater.setInput(plain, from, to - from);
    deflater.finish();
    int end = HEADER_BYTES;
    while (!deflater.finished()) {
      if (compressed.length - end <= TRAILER_BYTES) {
        compressed = java.util.Arrays.copyOf(compressed, compressed.length * 2);
      }
      end += deflater.deflate(compressed, end, compressed.length - TRAILER_BYTES - end);
    }
    return end;
  }

  /** Frees what the compressor holds. */
  public void close() {
    deflater.end();
  }

  /** What the first bytes of a member say of it, or null when they say nothing. */
  static Header readHeader(byte[] bytes) {
    if (bytes.length < HEADER_BYTES) {
      return null;
    }
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (header.getInt(0) != MAGIC
        || header.getShort(FIXED_BYTES) != EXTRA_BYTES
        || header.getInt(FIXED_BYTES + 2) != FIELD) {
      return null;
    }
    long length = Integer.toUnsignedLong(header.getInt(FIXED_BYTES + 6));
    long plain = Integer.toUnsignedLong(header.getInt(FIXED_BYTES + 10));
    return length <= HEADER_BYTES + TRAILER_BYTES
        ? null
        : new Header(length, plain, header.getInt(FIXED_BYTES + 14));
  }
}
