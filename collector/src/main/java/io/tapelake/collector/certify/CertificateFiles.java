package io.tapelake.collector.certify;

import io.tapelake.collector.write.RawDay;
import io.tapelake.collector.write.VaultFiles;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The certificates of a vault as they stand there. */
public final class CertificateFiles {

  private final Path vault;

  public CertificateFiles(Path vault) {
    this.vault = vault;
  }

  Path file(DayFile day) {
    return vault.resolve(VaultLayout.certificate(day));
  }

  /** The days of an instrument that have a certificate. */
  public NavigableSet<LocalDate> days(String instrument) throws IOException {
    NavigableSet<LocalDate> days = new TreeSet<>();
    Path folder = vault.resolve(VaultLayout.CERTIFICATES).resolve(instrument);
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.endsWith(".json"))
            .map(name -> DayFile.dayOf(name + "l"))
            .filter(day -> day != null)
            .forEach(days::add);
      }
    }
    return days;
  }

  /** A day's certificate; null when there is none that can be read. */
  Certificate read(DayFile day) throws IOException {
    Path file = file(day);
    if (!Files.exists(file)) {
      return null;
    }
    byte[] content = Files.readAllBytes(file);
    try {
      return CertificateJson.read(content, day);
    } catch (IOException e) {
      // Whoever certifies the day writes it anew, and certify --check tells what is wrong.
      return null;
    }
  }

  /** Writes a certificate, unless it stands there already. */
  void write(Certificate certificate) throws IOException {
    Path file = file(certificate.day());
    String content = CertificateJson.write(certificate);
    byte[] before = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    if (!Arrays.equals(before, content.getBytes(StandardCharsets.UTF_8))) {
      VaultFiles.replace(file, content);
    }
  }

  /**
   * Whether a certificate is of the raw file as it is now, as far as its length tells. A torn tail
   * is no part of what is certified.
   */
  boolean isCurrent(Certificate certificate) throws IOException {
    RawDay raw = new RawDay(vault, certificate.day());
    if (raw.form() == RawDay.Form.NONE) {
      return false;
    }
    long bytes = certificate.facts().bytes();
    long length = raw.length();
    return length == bytes || (length > bytes && !raw.hasLineEnd(bytes));
  }

  /**
   * What a day's certificate says: {@code complete}, {@code not complete}, {@code out of date} when
   * the raw file changed since, or {@code -} without one.
   */
  public String state(DayFile day) throws IOException {
    Certificate certificate = read(day);
    if (certificate == null) {
      return "-";
    }
    if (!isCurrent(certificate)) {
      return "out of date";
    }
    return certificate.isComplete() ? "complete" : "not complete";
  }
}
