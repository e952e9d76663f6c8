package io.tapelake.jobs.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tapelake.analytics.bar.DayBars;
import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.window.WindowSpec;
import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.plan.FileWork;
import io.tapelake.jobs.plan.FileWork.Mode;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.plan.Slice;
import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.Trade;
import io.tapelake.vault.TradeLine;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class MinuteSortTest {

  private static final OutputSettings SETTINGS =
      new OutputSettings(
          WindowSpec.parseList("1h"), Duration.ofSeconds(10), new BigDecimal("0.5"), true);
  private static final int MINUTES = 4;
  private static final long ALL_CLOSED = RawText.FIRST_MINUTE + 1440;
  private static final Contract LINEAR =
      new Contract(new BigDecimal("0.01"), BigDecimal.ONE, ContractType.LINEAR);
  private static final Contract INVERSE =
      new Contract(new BigDecimal("100"), BigDecimal.ONE, ContractType.INVERSE);

  /**
   * In slices of any size, in any order, with repetitions: always what sorting everything gives.
   */
  @Test
  void everyReadingOfTheSameLinesGivesTheSameMinutes() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      List<Trade> lines = lines(random);
      byte[] content = bytes(lines, random);
      String label = "seed %d, round %d".formatted(seed, round);
      List<MinuteBar> expected = expected(lines);
      assertThat(read(content, Long.MAX_VALUE / 2, ALL_CLOSED).bars())
          .as(label)
          .isEqualTo(expected);
      for (int again = 0; again < 3; again++) {
        long sliceBytes = 100 + random.nextInt(content.length);
        assertThat(read(content, sliceBytes, ALL_CLOSED).bars())
            .as("%s, slices of %d", label, sliceBytes)
            .isEqualTo(expected);
      }
    }
  }

  /** Minutes that are open for a while, and trades that come late, in run after run. */
  @Test
  void everyGrowthOfAFileEndsWithTheSameMinutes() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      List<Trade> lines = lines(random);
      byte[] content = bytes(lines, random);
      Map<Long, MinuteBar> bars = new TreeMap<>();
      FileCursor cursor = FileCursor.START;
      int length = 0;
      while (length < content.length) {
        length += 1 + random.nextInt(content.length - length);
        long openFrom =
            length == content.length
                ? ALL_CLOSED
                : Math.max(cursor.lateBefore(), RawText.FIRST_MINUTE + random.nextInt(MINUTES + 1));
        Mode mode = cursor == FileCursor.START ? Mode.REBUILD : Mode.APPEND;
        byte[] soFar = Arrays.copyOf(content, length);
        FileOutcome outcome =
            read(work(mode, cursor, length, openFrom), soFar, 100 + random.nextInt(3000));
        if (outcome.work().replaces()) {
          bars.clear();
        }
        outcome.bars().forEach(bar -> bars.put(bar.minute(), bar));
        cursor = outcome.cursor();
      }
      assertThat(List.copyOf(bars.values()))
          .as("seed %d, round %d", seed, round)
          .isEqualTo(expected(lines));
    }
  }

  @Test
  void onlyTheMinutesThatNeedItAreReadAgain() throws IOException {
    RawText text = new RawText();
    for (int id = 1; id <= 1000; id++) {
      text.trade(id, id / 10);
    }
    text.trade(2000, 3);
    FileOutcome outcome = merged(text.bytes(), Long.MAX_VALUE / 2, ALL_CLOSED);
    List<UnsortedMinutes> portions = UnsortedMinutes.of(outcome);
    assertThat(portions).hasSize(1);
    assertThat(portions.get(0).trades()).isEqualTo(Map.of(RawText.FIRST_MINUTE + 3, 11L));
    assertThat(portions.get(0).spans()).hasSize(2);
    assertThat(portions.get(0).bytes()).isLessThan(3000);
    assertThat(UnsortedMinutes.of(RawText.sorted(outcome, text.bytes(), 100))).isEmpty();
  }

  @Test
  void aFileThatIsRewrittenMeanwhileIsNoticed() throws IOException {
    byte[] content = new RawText().trade(2, 0).trade(1, 0).bytes();
    FileOutcome outcome = merged(content, Long.MAX_VALUE / 2, ALL_CLOSED);
    byte[] other = new RawText().trade(2, 0).trade(2, 0).bytes();
    assertThatThrownBy(() -> RawText.sorted(outcome, other, 100))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("was rewritten while it was read");
  }

  private static FileOutcome read(byte[] content, long sliceBytes, long openFrom)
      throws IOException {
    return read(
        work(Mode.REBUILD, FileCursor.START, content.length, openFrom), content, sliceBytes);
  }

  private static FileOutcome merged(byte[] content, long sliceBytes, long openFrom)
      throws IOException {
    return merge(
        work(Mode.REBUILD, FileCursor.START, content.length, openFrom), content, sliceBytes);
  }

  private static FileOutcome read(FileWork work, byte[] content, long sliceBytes)
      throws IOException {
    return RawText.sorted(merge(work, content, sliceBytes), content, 1 + sliceBytes % 20);
  }

  private static FileOutcome merge(FileWork first, byte[] content, long sliceBytes)
      throws IOException {
    FileWork work = first;
    while (true) {
      List<SliceResult> results = new ArrayList<>();
      for (Slice slice : work.slices(sliceBytes, true)) {
        results.add(SliceScan.scan(slice, RawText.in(content)));
      }
      FileWork again = SliceMerge.moreThorough(work, results);
      if (again == null) {
        return SliceMerge.merge(work, results, SETTINGS);
      }
      work = again;
    }
  }

  private static FileWork work(Mode mode, FileCursor cursor, long length, long openFrom) {
    return new FileWork(
        RawText.FILE, RawText.FILE.rawPath(), length, 0, mode, cursor, openFrom, null);
  }

  /** The first line of an id counts; then everything is sorted. */
  private static List<MinuteBar> expected(List<Trade> lines) {
    Map<Long, Trade> first = new TreeMap<>();
    lines.forEach(trade -> first.putIfAbsent(trade.id(), trade));
    List<Trade> trades = new ArrayList<>(first.values());
    trades.sort(Comparator.comparing(Trade::time).thenComparing(Trade::id));
    DayBars bars = new DayBars(RawText.FILE.day().toEpochDay(), true);
    ParsedTrade holder = new ParsedTrade();
    for (Trade trade : trades) {
      holder.setTime(trade.time().getEpochSecond(), trade.time().getNano());
      holder.setId(trade.id());
      holder.setSide(trade.side());
      holder.setPrice(trade.price());
      holder.setContracts(trade.contracts());
      holder.setContract(trade.contract());
      bars.add(holder);
    }
    return bars.toBars();
  }

  private static List<Trade> lines(Random random) {
    List<Trade> lines = new ArrayList<>();
    Contract contract = random.nextInt(4) == 0 ? INVERSE : LINEAR;
    int count = 1 + random.nextInt(60);
    for (int i = 0; i < count; i++) {
      long millis = (long) MINUTES * 60_000 * i / count / 20 * 20;
      lines.add(trade(1000 + i, millis, random, contract));
    }
    int disorder = random.nextInt(4);
    if (disorder == 1) {
      Collections.shuffle(lines, random);
    } else if (disorder > 1) {
      for (int swaps = random.nextInt(4); swaps > 0; swaps--) {
        Collections.swap(lines, random.nextInt(count), random.nextInt(count));
      }
    }
    for (int repeated = random.nextInt(4) * random.nextInt(3); repeated > 0; repeated--) {
      Trade trade = lines.get(random.nextInt(lines.size()));
      lines.add(
          random.nextInt(lines.size() + 1),
          random.nextBoolean()
              ? trade
              : trade(trade.id(), random.nextInt(MINUTES * 60_000), random, contract));
    }
    return lines;
  }

  private static Trade trade(long id, long millisOfDay, Random random, Contract contract) {
    return new Trade(
        Instant.ofEpochMilli(RawText.FIRST_MINUTE * 60_000 + millisOfDay),
        RawText.FILE.instrument(),
        id,
        random.nextBoolean() ? TakerSide.BUY : TakerSide.SELL,
        BigDecimal.valueOf(1_000_000 + random.nextInt(2000), 1),
        BigDecimal.valueOf(1 + random.nextInt(500), random.nextInt(3)),
        contract);
  }

  private static byte[] bytes(List<Trade> lines, Random random) {
    RawText text = new RawText();
    for (Trade line : lines) {
      if (random.nextInt(20) == 0) {
        text.line(random.nextBoolean() ? "" : "refused");
      }
      text.line(TradeLine.format(line));
    }
    return text.bytes();
  }
}
