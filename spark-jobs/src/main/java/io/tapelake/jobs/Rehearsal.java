package io.tapelake.jobs;

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
import java.time.Instant;

/**
 * Goes through the verbs once in one process, for the archive of class data that the launcher
 * makes: what is loaded here starts faster later. Its argument is a folder that it makes, with a
 * few minutes of two instruments.
 */
final class Rehearsal {

  private static final Instant FIRST = Instant.parse("2026-01-02T10:00:00Z");
  private static final String AMID = "2026-01-02T10:05:00Z";
  private static final String BEHIND = "2026-01-02T12:00:00Z";
  private static final int SECONDS = 600;
  private static final int STEP = 7;

  private Rehearsal() {}

  public static void main(String[] args) throws IOException {
    String vault = args[0];
    write(Path.of(vault), "BTC-USDT-SWAP");
    write(Path.of(vault), "ETH-USDT-SWAP");
    Tapelake.execute("run", "--vault", vault, "--as-of", AMID);
    Tapelake.execute("run", "--vault", vault, "--as-of", BEHIND);
    Tapelake.execute("verify", "--vault", vault);
    Tapelake.execute(
        "sql",
        "--vault",
        vault,
        """
        select * from vwap_1m limit 5;
        select minute, vwap_1h from vwap_1m where inst_id = 'BTC-USDT-SWAP' order by minute desc limit 5;
        select side, vwap(price, notional), count(*) from trades group by side;""");
    Tapelake.main(new String[] {"backfill", "--vault", vault, "--as-of", BEHIND});
  }

  private static void write(Path vault, String instrument) throws IOException {
    Contract contract = new Contract(new BigDecimal("0.01"), BigDecimal.ONE, ContractType.LINEAR);
    StringBuilder lines = new StringBuilder();
    Path file = null;
    for (int second = 0; second < SECONDS; second += STEP) {
      Trade trade =
          new Trade(
              FIRST.plusSeconds(second),
              instrument,
              1 + second / STEP,
              second % 2 == 0 ? TakerSide.BUY : TakerSide.SELL,
              BigDecimal.valueOf(30_000 + second % 130, 1),
              BigDecimal.valueOf(second % 9 + 1L),
              contract);
      lines.append(TradeLine.format(trade)).append('\n');
      file = vault.resolve(new DayFile(instrument, trade.day()).rawPath());
    }
    Files.createDirectories(file.getParent());
    Files.writeString(file, lines);
  }
}
