package io.tapelake.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.Trade;
import io.tapelake.vault.TradeLine;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trades on few of many days, with gaps that are longer than every window, and late ones on several
 * of them at once, some of which change what the signals of later days start from: runs give what a
 * backfill gives.
 *
 * <p>{@code -Dtapelake.scattered=FIRST} begins with another seed, {@code
 * -Dtapelake.scattered.vaults=N} takes more of them.
 */
final class ScatteredDaysIT {

  private static final long SEED = Long.getLong("tapelake.scattered", 20261131);
  private static final long VAULTS = Long.getLong("tapelake.scattered.vaults", 1);
  private static final LocalDate FIRST = LocalDate.of(2026, 1, 1);
  private static final Contract CONTRACT =
      new Contract(new BigDecimal("0.01"), BigDecimal.ONE, ContractType.LINEAR);

  @TempDir private Path folder;

  private Random random;
  private Path vault;
  private long id;

  @TestFactory
  Stream<DynamicTest> runsGiveWhatABackfillGives() {
    return LongStream.range(SEED, SEED + VAULTS)
        .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> check(seed)));
  }

  private void check(long seed) throws IOException {
    random = new Random(seed);
    vault = Files.createDirectory(folder.resolve("vault-" + seed));
    List<LocalDate> days = new ArrayList<>();
    LocalDate day = FIRST;
    Instant asOf = Instant.EPOCH;
    for (int step = 0; step < 6; step++) {
      List<LocalDate> late = new ArrayList<>(days);
      late.removeIf(each -> random.nextInt(3) > 0);
      for (LocalDate each : late) {
        write(each, random.nextInt(1_440), 1 + random.nextInt(4));
      }
      day = day.plusDays(random.nextInt(4) == 0 ? 16 : random.nextInt(3));
      days.add(day);
      write(day, 60 * step + random.nextInt(60), 5 + random.nextInt(40));
      if (random.nextBoolean()) {
        write(day, 600 + random.nextInt(600), 20);
      }
      Instant now =
          day.atTime(23, 59).toInstant(ZoneOffset.UTC).minusSeconds(random.nextInt(7_200));
      asOf = now.isAfter(asOf) ? now : asOf;
      assertThat(Outputs.execute("run", vault, asOf)).as("seed %d, step %d", seed, step).isZero();
    }
    Instant end = day.plusDays(1).atTime(1, 0).toInstant(ZoneOffset.UTC);
    assertThat(Outputs.execute("run", vault, end)).as("seed %d", seed).isZero();
    Outputs.assertSameAsBackfill(vault, end, "seed " + seed);
    assertThat(Outputs.listen("verify", vault).exit()).as("seed %d", seed).isZero();
  }

  /** Some minutes with a trade or more each, prices far enough apart to cross any VWAP. */
  private void write(LocalDate day, int minute, int minutes) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < minutes && minute + i < 1_440; i++) {
      for (int j = random.nextInt(3); j >= 0; j--) {
        Trade trade =
            new Trade(
                day.atStartOfDay().toInstant(ZoneOffset.UTC).plusSeconds((minute + i) * 60L + j),
                "BTC-USDT-SWAP",
                ++id,
                random.nextBoolean() ? TakerSide.BUY : TakerSide.SELL,
                BigDecimal.valueOf(900_000 + random.nextInt(200_000), 1),
                BigDecimal.valueOf(1 + random.nextInt(9_999), 2),
                CONTRACT);
        lines.append(TradeLine.format(trade)).append('\n');
      }
    }
    Path file = vault.resolve(new DayFile("BTC-USDT-SWAP", day).rawPath());
    Files.createDirectories(file.getParent());
    Files.writeString(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
