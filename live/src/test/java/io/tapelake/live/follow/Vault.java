package io.tapelake.live.follow;

import io.tapelake.live.market.Tape;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.Trade;
import io.tapelake.vault.TradeLine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.zip.GZIPOutputStream;

/** A vault that tests write as a collector does. */
public final class Vault {

  private final Path root;

  public Vault(Path root) {
    this.root = root;
  }

  public Path root() {
    return root;
  }

  /** The file of a day. */
  public Path file(String instrument, String day) throws IOException {
    Path file = root.resolve(new DayFile(instrument, LocalDate.parse(day)).rawPath());
    Files.createDirectories(file.getParent());
    return file;
  }

  /** Appends trades to the files of their days. */
  public void append(Trade... trades) throws IOException {
    for (Trade trade : trades) {
      append(file(trade.instrument(), trade.day().toString()), TradeLine.format(trade) + "\n");
    }
  }

  /** Appends a text to a file. */
  public static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** A line of a trade of the day 2026-03-01. */
  public static String line(int second, long id, String price) {
    return TradeLine.format(
            Tape.trade(
                "2026-03-01T10:%02d:%02dZ".formatted(second / 60, second % 60),
                id,
                "buy",
                price,
                "1"))
        + "\n";
  }

  /** Compresses a day's file, as archiving does. */
  public static void archive(Path file) throws IOException {
    Path archive = file.resolveSibling(file.getFileName() + ".gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(archive))) {
      out.write(Files.readString(file).getBytes(StandardCharsets.UTF_8));
    }
    Files.delete(file);
  }
}
