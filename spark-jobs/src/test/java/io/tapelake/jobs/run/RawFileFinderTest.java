package io.tapelake.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.analytics.window.WindowSpec;
import io.tapelake.jobs.plan.ExportLengths;
import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.plan.FoundFile;
import io.tapelake.jobs.plan.FoundFile.ConsumedPart;
import io.tapelake.jobs.plan.InstrumentCursor;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.published.SeenFiles;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.store.VaultStores;
import io.tapelake.vault.ArchiveMember;
import io.tapelake.vault.DayFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the finder says of days that were consumed and then archived, edited or damaged. */
final class RawFileFinderTest {

  private static final DayFile DAY = new DayFile("BTC-USDT-SWAP", LocalDate.parse("2026-01-01"));
  private static final byte[] CONSUMED =
      "one line\nanother line\n".getBytes(StandardCharsets.UTF_8);
  private static final byte[] LATE = "a late line\n".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path vault;

  private Instant now = Instant.parse("2026-01-02T10:00:00Z");
  private String failure;

  @Test
  void archivingAConsumedDayChangesNothing() throws IOException {
    archive(member(CONSUMED));
    for (int i = 0; i < 2; i++) {
      FoundFile found = find();
      assertThat(found.consumedPart()).isEqualTo(ConsumedPart.SAME);
      assertThat(found.length()).isEqualTo(CONSUMED.length);
    }
  }

  @Test
  void aLateLineInTheArchiveIsSeen() throws IOException {
    archive(member(CONSUMED));
    find();
    archive(member(CONSUMED), member(LATE));
    for (int i = 0; i < 2; i++) {
      FoundFile found = find();
      assertThat(found.consumedPart()).isEqualTo(ConsumedPart.SAME);
      assertThat(found.length()).isEqualTo(CONSUMED.length + LATE.length);
    }
  }

  @Test
  void aDayThatWasConsumedHalfIsComparedByItsBytes() throws IOException {
    byte[] both = new byte[CONSUMED.length + LATE.length];
    System.arraycopy(CONSUMED, 0, both, 0, CONSUMED.length);
    System.arraycopy(LATE, 0, both, CONSUMED.length, LATE.length);
    archive(member(both));
    assertThat(find().consumedPart()).isEqualTo(ConsumedPart.SAME);
    assertThat(find().length()).isEqualTo(both.length);
  }

  @Test
  void anArchiveWithOtherContentIsNoticed() throws IOException {
    byte[] other = CONSUMED.clone();
    other[3] = 'X';
    archive(member(other));
    assertThat(find().consumedPart()).isEqualTo(ConsumedPart.CHANGED);
    archive(member(LATE));
    assertThat(find().consumedPart()).isEqualTo(ConsumedPart.SHRANK);
  }

  @Test
  void archivesOfOtherProgramsAreReadToTell() throws IOException {
    archive(gzip(CONSUMED));
    assertThat(find().consumedPart()).isEqualTo(ConsumedPart.SAME);
    assertThat(find().isDivisible()).isFalse();
    archive(gzip(CONSUMED), gzip(LATE));
    for (int i = 0; i < 2; i++) {
      assertThat(find().consumedPart()).isEqualTo(ConsumedPart.GREW);
    }
  }

  @Test
  void bothFormsWithDifferentContentAreNamed() throws IOException {
    archive(member(CONSUMED));
    Files.write(vault.resolve(DAY.rawPath()), CONSUMED);
    assertThat(find().consumedPart()).isEqualTo(ConsumedPart.SAME);
    Files.write(vault.resolve(DAY.rawPath()), LATE);
    assertThat(find().consumedPart()).isEqualTo(ConsumedPart.FAILED);
    assertThat(failure).contains("2026-01-01.jsonl and 2026-01-01.jsonl.gz");
  }

  @Test
  void anArchiveThatBrokeOffIsLeftAloneUntilItIsWhole() throws IOException {
    byte[] whole = member(CONSUMED);
    archive(Arrays.copyOf(whole, whole.length - 3));
    for (int i = 0; i < 2; i++) {
      assertThat(find().consumedPart()).isEqualTo(ConsumedPart.FAILED);
      assertThat(failure).contains(DAY.archivePath());
    }
    archive(whole);
    assertThat(find().consumedPart()).isEqualTo(ConsumedPart.SAME);
  }

  /** Of a day that is not settled only the edges are looked at when a file has grown. */
  @Test
  void anEditInTheMiddleIsSeenWhenTheDayIsClosedForADay() throws IOException {
    byte[] consumed = "a line of a trade\n".repeat(2_000).getBytes(StandardCharsets.UTF_8);
    Path file = vault.resolve(DAY.rawPath());
    Files.createDirectories(file.getParent());
    Files.write(file, consumed);
    now = Instant.parse("2026-01-02T23:59:59Z");
    assertThat(find(consumed).consumedPart()).isEqualTo(ConsumedPart.SAME);
    byte[] edited = consumed.clone();
    edited[edited.length / 2] ^= 1;
    Files.write(file, edited);
    Files.write(file, LATE, StandardOpenOption.APPEND);
    assertThat(find(consumed).consumedPart()).isEqualTo(ConsumedPart.SAME);
    now = Instant.parse("2026-01-03T00:00:00Z");
    assertThat(find(consumed).consumedPart()).isEqualTo(ConsumedPart.CHANGED);
  }

  @Test
  void aSettledDayIsComparedAgainWhenItIsTouched() throws IOException {
    byte[] consumed = "a line of a trade\n".repeat(2_000).getBytes(StandardCharsets.UTF_8);
    Path file = vault.resolve(DAY.rawPath());
    Files.createDirectories(file.getParent());
    Files.write(file, consumed);
    now = Instant.parse("2026-02-01T00:00:00Z");
    assertThat(find(consumed).consumedPart()).isEqualTo(ConsumedPart.SAME);
    consumed[consumed.length / 2] ^= 1;
    Files.write(file, consumed);
    Files.write(file, LATE, StandardOpenOption.APPEND);
    consumed[consumed.length / 2] ^= 1;
    assertThat(find(consumed).consumedPart()).isEqualTo(ConsumedPart.CHANGED);
  }

  private FoundFile find() throws IOException {
    return find(CONSUMED);
  }

  /** Looks at a day of which these bytes were consumed. */
  private FoundFile find(byte[] consumed) throws IOException {
    CRC32C crc = new CRC32C();
    crc.update(consumed);
    int sum = (int) crc.getValue();
    CRC32C edges = new CRC32C();
    int edge = Math.min(consumed.length, FileCursor.EDGE_BYTES);
    edges.update(consumed, 0, edge);
    edges.update(consumed, consumed.length - edge, edge);
    FileCursor file =
        new FileCursor(
            consumed.length,
            consumed.length,
            FileCursor.NONE_OPEN,
            sum,
            (int) edges.getValue(),
            2,
            0,
            2,
            0,
            null,
            null,
            -1,
            0,
            false);
    OutputSettings settings =
        new OutputSettings(
            WindowSpec.parseList("1h"), Duration.ofSeconds(10), new BigDecimal("0.01"), true);
    InstrumentCursor cursor =
        new InstrumentCursor(
            DAY.instrument(),
            Instant.EPOCH,
            settings,
            new TreeMap<>(Map.of(DAY.day(), file)),
            ExportLengths.NONE);
    VaultStore store = VaultStores.open(vault.toString(), new Configuration(false));
    SeenFiles seen = new SeenFiles(store);
    RawFileFinder finder = new RawFileFinder(store, seen, now);
    List<FoundFile> found =
        finder.find(List.of(DAY.instrument()), Map.of(DAY.instrument(), cursor));
    finder.remember(List.of());
    seen.save();
    failure = finder.failures().get(DAY);
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private void archive(byte[]... members) throws IOException {
    Path file = vault.resolve(DAY.archivePath());
    Files.createDirectories(file.getParent());
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] member : members) {
      all.write(member);
    }
    Files.write(file, all.toByteArray());
  }

  private static byte[] member(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ArchiveMember member = new ArchiveMember(6);
    member.write(plain, 0, plain.length, out);
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
}
