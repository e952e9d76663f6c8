package io.tapelake.collector.certify;

import io.tapelake.collector.write.RawDay;
import java.io.FilterInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Hashes the bytes of a day file that is read, up to its last LF: what stands behind it is no line
 * yet. Tells the hashes of some beginnings as well.
 */
final class LineHash extends FilterInputStream {

  private final MessageDigest running = sha256();
  private final NavigableMap<Long, String> beginnings = new TreeMap<>();
  private MessageDigest lines = sha256();
  private long lineBytes;
  private long bytes;

  /**
   * @param wanted lengths of the beginnings that are asked for
   */
  LineHash(RawDay raw, Iterable<Long> wanted) throws IOException {
    super(raw.open(0));
    wanted.forEach(length -> beginnings.put(length, ""));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    int read = in.read(target, offset, count);
    if (read > 0) {
      int end = read;
      while (end > 0 && target[offset + end - 1] != '\n') {
        end--;
      }
      hash(target, offset, end);
      if (end > 0) {
        lines = copy(running);
        lineBytes = bytes;
      }
      hash(target, offset + end, read - end);
    }
    return read;
  }

  private void hash(byte[] source, int offset, int count) {
    int at = offset;
    Map.Entry<Long, String> next = beginnings.higherEntry(bytes);
    while (next != null && next.getKey() <= bytes + (offset + count - at)) {
      int piece = (int) (next.getKey() - bytes);
      running.update(source, at, piece);
      at += piece;
      bytes += piece;
      beginnings.put(bytes, hex(copy(running)));
      next = beginnings.higherEntry(bytes);
    }
    running.update(source, at, offset + count - at);
    bytes += offset + count - at;
  }

  private static MessageDigest copy(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The hash of all complete lines, once the end is reached. */
  String hash() {
    return hex(copy(lines));
  }

  /** How many bytes these are. */
  long lineBytes() {
    return lineBytes;
  }

  /** The hashes of the beginnings that were asked for, by length; empty for longer ones. */
  Map<Long, String> beginnings() {
    return beginnings;
  }
}
