package io.tapelake.jobs.benchmark;

import io.tapelake.vault.DayFile;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Raw files made from a seed: the same name, the same bytes.
 *
 * @param name of the folder that holds them
 * @param instruments how many
 * @param firstDay the first UTC day
 * @param days how many
 * @param tradesADay trades of an instrument on a day
 */
record DataSet(String name, int instruments, LocalDate firstDay, int days, int tradesADay) {

  private static final long SEED = 20_251_214L;
  private static final long FIRST_ID = 1_000_000_000L;
  private static final int MILLIS_A_MINUTE = 60_000;
  private static final int MILLIS_A_DAY = 24 * 60 * MILLIS_A_MINUTE;

  private static final String[] COINS = {"BTC", "ETH", "SOL", "XRP", "DOGE"};
  private static final long[] PRICES = {1_012_505, 345_678, 14_523, 21_874, 138_550};
  private static final int[] SCALES = {1, 2, 2, 4, 5};
  private static final String[] CONTRACT_VALUES = {"0.01", "0.1", "1", "100", "1000"};

  long trades() {
    return (long) instruments * days * tradesADay;
  }

  /** Writes the raw files below a folder unless they lie there from before; the bytes they have. */
  long writeTo(Path vault) throws IOException {
    Path done = vault.resolve(".written");
    if (!Files.exists(done)) {
      IntStream.range(0, instruments).parallel().forEach(i -> writeInstrument(vault, i));
      Files.createFile(done);
    }
    try (var files = Files.walk(vault.resolve(DayFile.RAW_ROOT))) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  /** Adds the trades of one minute of the day behind the last one to every instrument. */
  void appendMinute(Path vault, int minute, int trades) throws IOException {
    for (int i = 0; i < instruments; i++) {
      Path file = vault.resolve(new DayFile(instrument(i), firstDay.plusDays(days)).rawPath());
      try (OutputStream out =
          Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        writer(i)
            .write(
                out,
                firstDay.plusDays(days),
                minute * MILLIS_A_MINUTE,
                (minute + 1) * MILLIS_A_MINUTE,
                FIRST_ID + (long) days * tradesADay + (long) minute * trades,
                trades,
                new SplittableRandom(SEED + minute));
      }
    }
  }

  /** Adds trades to a day of the first instrument that it did not have. */
  void appendDay(Path vault, int day, int trades) throws IOException {
    DayFile file = new DayFile(instrument(0), firstDay.plusDays(day));
    try (OutputStream out =
        Files.newOutputStream(vault.resolve(file.rawPath()), StandardOpenOption.APPEND)) {
      long id = FIRST_ID * 2 + (long) day * trades;
      writer(0)
          .write(out, file.day(), 0, MILLIS_A_DAY, id, trades, new SplittableRandom(SEED + day));
    }
  }

  private void writeInstrument(Path vault, int index) {
    TapeWriter writer = writer(index);
    SplittableRandom random = new SplittableRandom(SEED + index);
    try {
      for (int day = 0; day < days; day++) {
        DayFile file = new DayFile(instrument(index), firstDay.plusDays(day));
        writer.writeDay(
            vault.resolve(file.rawPath()),
            file.day(),
            FIRST_ID + (long) day * tradesADay,
            tradesADay,
            random);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TapeWriter writer(int index) {
    int kind = index % COINS.length;
    return new TapeWriter(instrument(index), PRICES[kind], SCALES[kind], CONTRACT_VALUES[kind]);
  }

  private static String instrument(int index) {
    String coin = COINS[index % COINS.length];
    int series = index / COINS.length;
    return (series == 0 ? coin : coin + series) + "-USDT-SWAP";
  }
}
