package io.tapelake.collector.official;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes files as the exchange offers them, and such as it does not. */
public final class Zips {

  private Zips() {}

  public static Path zip(Path file, String entry, byte[] content) throws IOException {
    Files.write(file, bytes(entry, content));
    return file;
  }

  public static Path zip(Path file, String csv) throws IOException {
    String entry = file.getFileName().toString().replace(".zip", ".csv");
    return zip(file, entry, csv.getBytes(StandardCharsets.UTF_8));
  }

  public static byte[] bytes(String entry, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(entry));
      zip.write(content);
    }
    return bytes.toByteArray();
  }
}
