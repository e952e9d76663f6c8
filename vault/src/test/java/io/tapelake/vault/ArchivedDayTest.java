package io.tapelake.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

final class ArchivedDayTest {

  private static final byte[] DAY = day(300_000);

  @Test
  void membersTogetherAreAGzipFileLikeAnyOther() throws IOException {
    byte[] archive = archive(DAY, 100_000);
    try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(archive))) {
      assertThat(plain.readAllBytes()).isEqualTo(DAY);
    }
    assertThat(archive.length).isLessThan(DAY.length);
  }

  @Test
  void membersSayTheirLengthsAndChecksums() throws IOException {
    List<ArchivedDay.Member> members = ArchivedDay.members(source(archive(DAY, 100_001)));
    assertThat(members).hasSize(3);
    assertThat(members.get(2).plainFrom()).isEqualTo(200_002);
    assertThat(members.get(2).plainTo()).isEqualTo(DAY.length);
    CRC32C crc = new CRC32C();
    crc.update(DAY, 100_001, 100_001);
    assertThat(members.get(1).header().crc32c()).isEqualTo((int) crc.getValue());
    assertThat(ArchivedDay.plainLength(source(archive(DAY, 100_001)))).isEqualTo(DAY.length);
  }

  @Test
  void everyOffsetIsReadTheSameWhoeverMadeTheArchive() throws IOException {
    byte[] own = archive(DAY, 70_000);
    byte[] foreign = gzip(DAY);
    for (int offset : new int[] {0, 1, 69_999, 70_000, 70_001, 210_000, 299_999, 300_000}) {
      byte[] rest = Arrays.copyOfRange(DAY, offset, DAY.length);
      assertThat(read(own, offset)).as("own, from %d", offset).isEqualTo(rest);
      assertThat(read(foreign, offset)).as("foreign, from %d", offset).isEqualTo(rest);
    }
  }

  @Test
  void aSourceThatSaysNothingIsAvailableIsReadToItsEnd() throws IOException {
    byte[] archive = archive(DAY, 10_000);
    ArchivedDay.Source shy =
        offset ->
            new java.io.FilterInputStream(source(archive).open(offset)) {
              @Override
              public int available() {
                return 0;
              }
            };
    assertThat(ArchivedDay.open(shy, 0).readAllBytes()).isEqualTo(DAY);
  }

  /** In a stream of an object store what is skipped has been fetched. */
  @Test
  void headersAreReadWithoutWhatLiesBetween() throws IOException {
    byte[] archive = archive(DAY, 100_000);
    int[] read = {0};
    ArchivedDay.Source counted =
        offset ->
            new java.io.FilterInputStream(source(archive).open(offset)) {
              @Override
              public int read() throws IOException {
                read[0]++;
                return super.read();
              }

              @Override
              public int read(byte[] bytes, int from, int length) throws IOException {
                read[0] += length;
                return super.read(bytes, from, length);
              }

              @Override
              public long skip(long bytes) throws IOException {
                read[0] += (int) bytes;
                return super.skip(bytes);
              }
            };
    assertThat(ArchivedDay.members(counted)).hasSize(3);
    assertThat(read[0]).isLessThan(1000);
  }

  @Test
  void aForeignArchiveDoesNotSayItsLength() throws IOException {
    assertThat(ArchivedDay.members(source(gzip(DAY)))).isNull();
    assertThat(ArchivedDay.plainLength(source(gzip(DAY)))).isEqualTo(-1);
  }

  @Test
  void aTruncatedArchiveIsNoShorterDay() throws IOException {
    byte[] archive = archive(DAY, 100_000);
    byte[] cut = Arrays.copyOf(archive, archive.length - 1);
    assertThatThrownBy(() -> ArchivedDay.members(source(cut))).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> ArchivedDay.open(source(cut), 0).readAllBytes())
        .isInstanceOf(IOException.class);
  }

  /** Wherever it ends but behind a member, also in a later one's first bytes. */
  @Test
  void anArchiveThatEndsInALaterMembersHeaderIsNoShorterDay() throws IOException {
    for (byte[] first : new byte[][] {archive(DAY, DAY.length), gzip(DAY)}) {
      for (byte[] second : new byte[][] {archive(DAY, DAY.length), gzip(DAY)}) {
        byte[] both = join(first, second);
        assertThat(read(both, 0)).isEqualTo(join(DAY, DAY));
        for (int more = 1; more <= 40; more++) {
          byte[] cut = Arrays.copyOf(both, first.length + more);
          assertThatThrownBy(() -> read(cut, 0))
              .as("%d bytes more", more)
              .isInstanceOf(EOFException.class);
        }
      }
    }
  }

  @Test
  void whatFollowsAMemberAndIsNoneIsNamed() throws IOException {
    for (byte[] own : new byte[][] {archive(DAY, DAY.length), gzip(DAY)}) {
      for (int at = 0; at < 3; at++) {
        byte[] damaged = join(own, own);
        damaged[own.length + at] ^= 0x20;
        assertThatThrownBy(() -> read(damaged, 0))
            .isInstanceOf(ZipException.class)
            .hasMessageContaining("behind its member 1");
      }
      assertThat(read(join(own, new byte[512]), 0)).as("filled up, as on a tape").isEqualTo(DAY);
    }
  }

  /** RFC 1952 2.3: an extra field, a name, a comment and a checksum, in this order. */
  @Test
  void everyFieldOfAHeaderIsPassedOver() throws IOException {
    byte[] plain = gzip(DAY);
    for (int flags = 0; flags < 32; flags++) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(plain, 0, 3);
      out.write(flags);
      out.write(plain, 4, 6);
      out.writeBytes((flags & 4) != 0 ? new byte[] {3, 0, 'a', 0, 'c'} : new byte[0]);
      out.writeBytes((flags & 8) != 0 ? new byte[] {'n', 0} : new byte[0]);
      out.writeBytes((flags & 16) != 0 ? new byte[] {0} : new byte[0]);
      out.writeBytes((flags & 2) != 0 ? new byte[] {1, 2} : new byte[0]);
      out.write(plain, 10, plain.length - 10);
      assertThat(read(out.toByteArray(), 7))
          .as("flags %d", flags)
          .isEqualTo(Arrays.copyOfRange(DAY, 7, DAY.length));
    }
  }

  private static byte[] join(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  @Test
  void damageIsNoticedByWhoeverReads() throws IOException {
    byte[] archive = archive(DAY, 100_000);
    archive[archive.length / 2] ^= 0x10;
    assertThatThrownBy(() -> ArchivedDay.open(source(archive), 0).readAllBytes())
        .isInstanceOf(IOException.class);
  }

  private static byte[] read(byte[] archive, long offset) throws IOException {
    try (InputStream plain = ArchivedDay.open(source(archive), offset)) {
      return plain.readAllBytes();
    }
  }

  private static ArchivedDay.Source source(byte[] archive) {
    return offset -> new ByteArrayInputStream(archive, (int) offset, archive.length - (int) offset);
  }

  private static byte[] archive(byte[] plain, int memberBytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ArchiveMember member = new ArchiveMember(6);
    for (int from = 0; from < plain.length; from += memberBytes) {
      member.write(plain, from, Math.min(plain.length, from + memberBytes), out);
    }
    member.close();
    return out.toByteArray();
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }

  private static byte[] day(int bytes) {
    byte[] day = new byte[bytes];
    Random random = new Random(7);
    for (int i = 0; i < bytes; i++) {
      day[i] = (byte) (random.nextInt(5) == 0 ? random.nextInt(256) : 'x');
    }
    return day;
  }
}
