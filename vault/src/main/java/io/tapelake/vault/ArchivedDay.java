package io.tapelake.vault;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads an archived day: a {@code .jsonl.gz} file, whose plain bytes are the day's lines.
 *
 * <p>Any gzip file will do. One that was written by {@link ArchiveMember} consists of members that
 * say how long they are, so that a reader finds the middle of a day, and its length and checksum,
 * without inflating what comes before.
 */
public final class ArchivedDay {

  private static final int BUFFER = 1 << 16;

  /** A compressed file, which can be opened at any offset, more than once. */
  @FunctionalInterface
  public interface Source {

    /** The file's bytes from {@code offset} on. */
    InputStream open(long offset) throws IOException;
  }

  /**
   * One member of an archive.
   *
   * @param offset where it begins in the compressed file
   * @param plainFrom where its content begins in the plain day
   * @param header what it says of itself
   */
  public record Member(long offset, long plainFrom, ArchiveMember.Header header) {

    /** Where its content ends in the plain day. */
    public long plainTo() {
      return plainFrom + header.plainLength();
    }
  }

  private ArchivedDay() {}

  /**
   * The members of a compressed file, or null when they do not say how long they are: then another
   * program made it, and only inflating it tells. Reads some bytes a member.
   *
   * @throws EOFException when the file ends inside of a member
   */
  public static List<Member> members(Source source) throws IOException {
    List<Member> members = new ArrayList<>();
    long offset = 0;
    long plain = 0;
    while (true) {
      byte[] bytes = header(source, offset);
      if (bytes.length == 0 && !members.isEmpty()) {
        return members;
      }
      ArchiveMember.Header header = ArchiveMember.readHeader(bytes);
      if (header == null) {
        return null;
      }
      members.add(new Member(offset, plain, header));
      offset += header.length();
      plain += header.plainLength();
    }
  }

  /**
   * What may be a header, opened where it is: to skip to it in a stream of an object store is to
   * fetch all before it. The byte before it tells that the last member is whole.
   */
  private static byte[] header(Source source, long offset) throws IOException {
    try (InputStream in = source.open(Math.max(0, offset - 1))) {
      if (offset > 0 && in.read() < 0) {
        throw new EOFException("the archive ends inside of a member");
      }
      return in.readNBytes(ArchiveMember.HEADER_BYTES);
    }
  }

  /** The length of the day's plain bytes, or -1 when only inflating the file tells. */
  public static long plainLength(Source source) throws IOException {
    List<Member> members = members(source);
    return members == null ? -1 : members.get(members.size() - 1).plainTo();
  }

  /**
   * The day's plain bytes from {@code offset} on; none when it lies at or behind the end.
   *
   * @throws java.util.zip.ZipException while reading, when the content is not what was compressed
   */
  public static InputStream open(Source source, long offset) throws IOException {
    List<Member> members = members(source);
    if (members == null) {
      InputStream plain = new GzipMembers(source.open(0), BUFFER);
      plain.skipNBytes(offset);
      return plain;
    }
    int first = 0;
    while (first < members.size() && members.get(first).plainTo() <= offset) {
      first++;
    }
    if (first == members.size()) {
      return InputStream.nullInputStream();
    }
    Member member = members.get(first);
    InputStream plain = new GzipMembers(source.open(member.offset()), BUFFER);
    plain.skipNBytes(offset - member.plainFrom());
    return plain;
  }
}
