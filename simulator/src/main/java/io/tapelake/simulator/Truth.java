package io.tapelake.simulator;

import io.tapelake.simulator.tape.Tape;
import io.tapelake.simulator.tape.TradeSeries;
import io.tapelake.vault.TradeLine;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;

/** What a collector that misses nothing would have written. */
public final class Truth {

  private Truth() {}

  /**
   * Writes every trade that has happened by that time as a raw trade line, instrument by instrument
   * and by ascending id. Replaces the file at once, so that a reader never sees half of it.
   *
   * @return the number of lines
   */
  public static long write(Tape tape, Instant until, Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    Files.createDirectories(absolute.getParent());
    Path temporary = absolute.resolveSibling(absolute.getFileName() + ".tmp");
    long lines;
    try (OutputStream out = Files.newOutputStream(temporary)) {
      lines = write(tape, until, out);
    }
    Files.move(
        temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return lines;
  }

  /** Writes the same to a stream, which is left open. */
  static long write(Tape tape, Instant until, OutputStream stream) throws IOException {
    Writer out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
    long lines = 0;
    for (String instrument : tape.instruments()) {
      TradeSeries series = tape.open(instrument);
      long count = series.countAt(until);
      for (long place = 0; place < count; place++) {
        out.write(TradeLine.format(Tape.trade(series, series.at(place))));
        out.write('\n');
      }
      lines += count;
    }
    out.flush();
    return lines;
  }
}
