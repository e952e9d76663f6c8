package io.tapelake.collector.write;

import io.tapelake.vault.DayFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Which instruments and days the raw files have. */
public final class RawFolder {

  private RawFolder() {}

  /** Instruments that have a folder, by name. */
  public static SortedSet<String> instruments(Path vault) throws IOException {
    SortedSet<String> names = new TreeSet<>();
    Path root = vault.resolve(DayFile.RAW_ROOT);
    if (Files.isDirectory(root)) {
      try (Stream<Path> folders = Files.list(root)) {
        folders
            .filter(Files::isDirectory)
            .map(folder -> folder.getFileName().toString())
            .filter(DayFile::isInstrument)
            .forEach(names::add);
      }
    }
    return names;
  }

  /** Days of an instrument that have a file, plain or archived. */
  public static NavigableSet<LocalDate> days(Path vault, String instrument) throws IOException {
    NavigableSet<LocalDate> days = new TreeSet<>();
    Path folder = vault.resolve(DayFile.RAW_ROOT).resolve(instrument);
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        files
            .map(file -> DayFile.dayOf(file.getFileName().toString()))
            .filter(day -> day != null)
            .forEach(days::add);
      }
    }
    return days;
  }
}
