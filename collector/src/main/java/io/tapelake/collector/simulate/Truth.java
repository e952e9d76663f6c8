package io.tapelake.collector.simulate;

import io.tapelake.collector.simulate.tape.Tape;
import io.tapelake.collector.simulate.tape.TradeSeries;
import io.tapelake.vault.TradeLine;
import java.io.BufferedWriter;
import java.io.IOException;
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
    long lines = 0;
    try (BufferedWriter out = Files.newBufferedWriter(temporary, StandardCharsets.UTF_8)) {
      for (String instrument : tape.instruments()) {
        TradeSeries series = tape.open(instrument);
        long count = series.countAt(until);
        for (long place = 0; place < count; place++) {
          out.write(TradeLine.format(Tape.trade(series, series.at(place))));
          out.write('\n');
        }
        lines += count;
      }
    }
    Files.move(
        temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return lines;
  }
}
