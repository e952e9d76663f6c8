package io.tapelake.jobs.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tapelake.analytics.bar.DayBars;
import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.jobs.plan.Slice;
import io.tapelake.tape.JsonLineParser;
import io.tapelake.tape.LineEnds;
import io.tapelake.tape.LineParser;
import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.Trade;
import io.tapelake.vault.TradeLine;
import io.tapelake.vault.TradeLineScanner;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/**
 * How many lines of a day file one core reads in a second: 250,000 lines, 60 MB, more than the
 * caches hold. From the project's root:
 *
 * <pre>{@code
 * mvn -q -pl spark-jobs -am test-compile dependency:build-classpath \
 *     -Dmdep.includeScope=test -Dmdep.outputFile=target/classpath &&
 * java -cp "spark-jobs/target/test-classes:spark-jobs/target/classes:$(cat spark-jobs/target/classpath)" \
 *     io.tapelake.jobs.read.BenchmarkLineReading BenchmarkLineReading
 * }</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class BenchmarkLineReading {

  private static final int LINES = 250_000;

  /** Collected lines are compact, with milliseconds; the others are as Python writes them. */
  @Param({"collector", "python"})
  String writer;

  /** What the prices look like: 101250.5, 3456.78 or 0.00001234. */
  @Param({"BTC-USDT-SWAP", "PEPE-USDT-SWAP"})
  String instrument;

  private byte[] buffer;
  private DayFile file;
  private final ParsedTrade trade = new ParsedTrade();
  private TradeLineScanner scanner;
  private LineParser json;

  public static void main(String[] args) throws RunnerException, CommandLineOptionException {
    new Runner(new CommandLineOptions(args)).run();
  }

  @Setup
  public void writeLines() {
    file = new DayFile(instrument, LocalDate.of(2025, 12, 14));
    buffer = lines(file, writer.equals("python"));
    scanner = new TradeLineScanner(file);
    json = new JsonLineParser(file);
    System.out.printf("%d bytes a line%n", buffer.length / LINES);
  }

  @Benchmark
  @OperationsPerInvocation(LINES)
  public long scanToLineFeed() {
    long sum = 0;
    for (int from = 0; from < buffer.length; ) {
      int end = scanner.scanToLineFeed(buffer, from, buffer.length, trade);
      sum += trade.unscaledPrice() * trade.unscaledContracts() + trade.epochSecond() + trade.id();
      from = end + 1;
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(LINES)
  public List<MinuteBar> scanToLineFeedAndSum() {
    DayBars bars = new DayBars(file.day().toEpochDay(), true);
    for (int from = 0; from < buffer.length; ) {
      from = scanner.scanToLineFeed(buffer, from, buffer.length, trade) + 1;
      bars.add(trade);
    }
    return bars.toBars();
  }

  /** All that a task does with a slice of a file, from memory. */
  @Benchmark
  @OperationsPerInvocation(LINES)
  public SliceResult scanSlice() throws IOException {
    Slice slice =
        new Slice(
            instrument,
            file.day().toEpochDay(),
            file.rawPath(),
            0,
            buffer.length,
            buffer.length,
            0,
            0,
            0,
            Long.MAX_VALUE,
            true);
    SliceResult result =
        SliceScan.scan(
            slice,
            offset -> new ByteArrayInputStream(buffer, (int) offset, buffer.length - (int) offset));
    if (result.newLines() != LINES) {
      throw new IllegalStateException("not every line was read");
    }
    return result;
  }

  @Benchmark
  @OperationsPerInvocation(LINES)
  public long findEndAndScan() {
    long sum = 0;
    for (int from = 0; from < buffer.length; ) {
      int end = LineEnds.next(buffer, from, buffer.length);
      if (!scanner.scan(buffer, from, end, trade)) {
        throw new IllegalStateException("a line was not scanned");
      }
      sum += trade.unscaledPrice() * trade.unscaledContracts() + trade.epochSecond() + trade.id();
      from = end + 1;
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(LINES)
  public long parseJson() {
    long sum = 0;
    for (int from = 0; from < buffer.length; ) {
      int end = LineEnds.next(buffer, from, buffer.length);
      json.parse(buffer, from, end, trade);
      sum += trade.unscaledPrice() * trade.unscaledContracts() + trade.epochSecond() + trade.id();
      from = end + 1;
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(LINES)
  public int findEnds() {
    int lines = 0;
    for (int from = 0; from < buffer.length; lines++) {
      from = LineEnds.next(buffer, from, buffer.length) + 1;
    }
    return lines;
  }

  @Benchmark
  @OperationsPerInvocation(LINES)
  public int findEndsByteByByte() {
    int lines = 0;
    for (int from = 0; from < buffer.length; lines++) {
      int at = from;
      while (at < buffer.length && buffer[at] != '\n') {
        at++;
      }
      from = at + 1;
    }
    return lines;
  }

  private static byte[] lines(DayFile file, boolean python) {
    Random random = new Random(20251214);
    boolean cheap = file.instrument().startsWith("PEPE");
    Contract contract =
        new Contract(
            new BigDecimal(cheap ? "10000000" : "0.01"), BigDecimal.ONE, ContractType.LINEAR);
    ByteArrayOutputStream out = new ByteArrayOutputStream(LINES * 280);
    Instant midnight = file.day().atStartOfDay(ZoneOffset.UTC).toInstant();
    long price = cheap ? 1234 : 1_012_505;
    for (int i = 0; i < LINES; i++) {
      price += random.nextInt(5) - 2;
      long micros = 86_400_000_000L / LINES * i + random.nextInt(1000);
      Trade trade =
          new Trade(
              midnight.plusNanos((python ? micros : micros / 1000 * 1000) * 1000),
              file.instrument(),
              1_234_567_890L + i,
              random.nextBoolean() ? TakerSide.BUY : TakerSide.SELL,
              plain(price, cheap ? 8 : 1),
              plain(quantity(random), random.nextInt(3) == 0 ? 2 : 0),
              contract);
      String line = TradeLine.format(trade);
      out.writeBytes((python ? spaced(line) : line).concat("\n").getBytes(UTF_8));
    }
    return out.toByteArray();
  }

  /** 1 to 99,999, small ones as likely as large ones. */
  private static int quantity(Random random) {
    int limit = 10;
    for (int more = random.nextInt(5); more > 0; more--) {
      limit *= 10;
    }
    return 1 + random.nextInt(limit - 1);
  }

  private static BigDecimal plain(long unscaled, int scale) {
    BigDecimal number = BigDecimal.valueOf(unscaled, scale).stripTrailingZeros();
    return number.scale() < 0 ? number.setScale(0) : number;
  }

  private static String spaced(String line) {
    return line.replace("\",\"", "\", \"").replace("\":\"", "\": \"");
  }
}
