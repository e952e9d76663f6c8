package io.tapelake.jobs.sql;

import io.tapelake.jobs.outcome.JobException;
import io.tapelake.jobs.store.VaultStores;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A file of a result's rows, which takes its name when it is whole. */
public final class ResultFile {

  private static final String PARQUET_TIMES = "spark.sql.parquet.outputTimestampType";

  private final Path file;
  private final Path fresh;

  /**
   * A file that is to be made or replaced.
   *
   * @throws JobException usage when there is no folder for it
   */
  public ResultFile(Path file) {
    this.file = resolved(file.toAbsolutePath().normalize());
    this.fresh = this.file.resolveSibling("." + this.file.getFileName() + ".new");
    boolean isOther = Files.exists(this.file) && !Files.isRegularFile(this.file);
    if (!Files.isDirectory(this.file.getParent()) || isOther) {
      throw JobException.usage(
          isOther
              ? "%s is a folder or a device: give a file's name".formatted(file)
              : "%s: there is no folder %s".formatted(file, this.file.getParent()));
    }
  }

  /** Replaces what a link names, not the link. */
  private static Path resolved(Path file) {
    try {
      return Files.exists(file) ? file.toRealPath() : file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a text. */
  public void write(String text) throws IOException {
    try {
      writeText(out -> out.print(text));
    } finally {
      clear();
    }
  }

  /** Writes at most {@code limit} rows, or all for 0; always true. */
  public boolean write(Dataset<Row> result, ResultFormat format, int limit) {
    Dataset<Row> rows = limit == 0 ? result : result.limit(limit);
    try {
      write(rows, format);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
    return true;
  }

  private void write(Dataset<Row> rows, ResultFormat format) throws IOException {
    try {
      if (format == ResultFormat.PARQUET) {
        writeParquet(rows);
      } else {
        writeText(out -> format.print(rows, 0, out));
      }
    } finally {
      clear();
    }
  }

  private void clear() throws IOException {
    if (Files.exists(fresh)) {
      VaultStores.deleteAll(fresh);
    }
  }

  private void writeText(Consumer<PrintStream> content) throws IOException {
    try (PrintStream out =
        new PrintStream(
            new BufferedOutputStream(Files.newOutputStream(fresh), 1 << 16),
            false,
            StandardCharsets.UTF_8)) {
      content.accept(out);
      if (out.checkError()) {
        throw new IOException("the disk is full, or the file cannot be written");
      }
    }
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Spark writes a folder, of which one task makes one file. */
  private void writeParquet(Dataset<Row> rows) throws IOException {
    rows.sparkSession().conf().set(PARQUET_TIMES, "TIMESTAMP_MICROS"); // what other engines read
    rows.coalesce(1).write().mode("overwrite").parquet(VaultStores.uri(fresh));
    try (Stream<Path> parts = Files.list(fresh)) {
      Path part =
          parts
              .filter(each -> each.getFileName().toString().startsWith("part-"))
              .findFirst()
              .orElseThrow(() -> new IOException("Spark left no file in " + fresh));
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
