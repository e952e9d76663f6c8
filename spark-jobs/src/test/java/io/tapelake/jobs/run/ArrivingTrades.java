package io.tapelake.jobs.run;

import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.Trade;
import io.tapelake.vault.TradeLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Raw files that go on growing around a midnight: new trades, late ones, repeated and refused
 * lines, in pieces that end anywhere, also inside of a line.
 */
public final class ArrivingTrades {

  private static final Instant FIRST = Instant.parse("2026-01-02T22:30:00Z");
  private static final int LINES_A_PIECE = 40;

  private static final Map<String, Contract> CONTRACTS =
      Map.of(
          "BTC-USDT-SWAP", contract("0.01", ContractType.LINEAR),
          "BTC-USD-SWAP", contract("100", ContractType.INVERSE));

  private final Path vault;
  private final Random random;
  private final Map<String, List<Trade>> trades = new TreeMap<>();
  private final Map<DayFile, ByteArrayOutputStream> pending = new TreeMap<>();
  private Instant now = FIRST;
  private long lines;

  public ArrivingTrades(Path vault, long seed) {
    this.vault = vault;
    random = new Random(seed);
    CONTRACTS.keySet().forEach(instrument -> trades.put(instrument, new ArrayList<>()));
  }

  /** The clock of those who run the job; never goes back. */
  public Instant now() {
    return now;
  }

  /** Lets another piece arrive, which may end inside of a line. */
  void arrive() throws IOException {
    makeLines();
    write(false);
  }

  /** Lets another piece arrive with all that was kept back. */
  public void arriveWhole() throws IOException {
    makeLines();
    write(true);
  }

  private void makeLines() {
    for (int i = 0; i < LINES_A_PIECE; i++) {
      now = now.plusMillis(random.nextInt(20_000));
      trades.forEach(this::makeLine);
    }
  }

  private void makeLine(String instrument, List<Trade> earlier) {
    lines++;
    boolean isFirst = earlier.isEmpty();
    if (!isFirst && random.nextInt(20) == 0) {
      Trade again = earlier.get(random.nextInt(earlier.size()));
      add(again, TradeLine.format(again));
      return;
    }
    // Seldom enough that no file is called broken.
    if (!isFirst && lines % 300 == 0) {
      Trade spoilt = earlier.get(earlier.size() - 1);
      add(spoilt, TradeLine.format(spoilt).replace("\"side\":\"", "\"side\":\"\u00fc\u20ac"));
      return;
    }
    boolean isLate = !isFirst && random.nextInt(30) == 0;
    Trade trade = trade(instrument, earlier.size() + 1, isLate ? past() : now);
    earlier.add(trade);
    add(trade, TradeLine.format(trade));
  }

  private Instant past() {
    Instant past = now.minusSeconds(random.nextInt(5_400));
    return past.isBefore(FIRST) ? FIRST : past;
  }

  private Trade trade(String instrument, long id, Instant time) {
    return new Trade(
        time,
        instrument,
        id,
        random.nextBoolean() ? TakerSide.BUY : TakerSide.SELL,
        BigDecimal.valueOf(1_000_000 + random.nextInt(9_999), 1),
        BigDecimal.valueOf(1 + random.nextInt(999), 2),
        CONTRACTS.get(instrument));
  }

  private void add(Trade trade, String line) {
    pending
        .computeIfAbsent(
            new DayFile(trade.instrument(), trade.day()), key -> new ByteArrayOutputStream())
        .writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private void write(boolean whole) throws IOException {
    for (Map.Entry<DayFile, ByteArrayOutputStream> each : pending.entrySet()) {
      byte[] bytes = each.getValue().toByteArray();
      int written = whole ? bytes.length : random.nextInt(bytes.length + 1);
      Path file = vault.resolve(each.getKey().rawPath());
      Files.createDirectories(file.getParent());
      Files.write(
          file,
          Arrays.copyOf(bytes, written),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      each.getValue().reset();
      each.getValue().writeBytes(Arrays.copyOfRange(bytes, written, bytes.length));
    }
  }

  private static Contract contract(String value, ContractType type) {
    return new Contract(new BigDecimal(value), BigDecimal.ONE, type);
  }
}
