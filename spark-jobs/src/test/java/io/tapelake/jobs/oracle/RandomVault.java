package io.tapelake.jobs.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A vault of several instruments that a seed makes: its raw files, and how the job is run on it.
 * Whatever SPEC calls valid, refused, repeated, late or broken turns up within some seeds.
 */
final class RandomVault {

  static final String RAW = "raw/okx/trades_perps/";

  private static final List<String> INSTRUMENTS =
      List.of(
          "BTC-USDT-SWAP",
          "ETH-USDT-SWAP",
          "BTC-USD-SWAP",
          "1000PEPE-USDT-SWAP",
          "a",
          "Z_9-USD-SWAP");

  private static final List<String> WINDOWS =
      List.of(
          "1h,4h",
          "1h,4h",
          "1h,4h",
          "1h,4h",
          "1h,4h,15m",
          "4h,1h",
          "15m,4h",
          "1d,5m",
          "2m,3m",
          "1m,5m",
          "30m",
          "2h,1h,1d",
          "7d,1h");

  private static final List<Instant> STARTS =
      List.of(
          Instant.parse("2024-08-08T22:50:00Z"),
          Instant.parse("2024-02-28T21:00:00Z"),
          Instant.parse("2025-12-31T20:30:00Z"),
          Instant.parse("2025-12-14T00:00:00Z"),
          Instant.parse("1969-12-31T23:00:00Z"));

  private final Dice dice;
  private final OracleConfig config;
  private final SortedMap<String, byte[]> files = new TreeMap<>();
  private final TreeSet<Instant> times = new TreeSet<>();
  private int longLines;

  /** Whether things lie about in the raw folders that are no day files. */
  private final boolean litter;

  private RandomVault(long seed, String windows) {
    dice = new Dice(seed);
    String names = windows == null ? dice.pick(WINDOWS) : windows;
    longLines = dice.chance(0.3) ? 2 : 0;
    litter = dice.chance(0.3);
    List<String> chosen = new ArrayList<>(INSTRUMENTS);
    dice.shuffle(chosen);
    chosen = chosen.subList(0, dice.between(1, 4));
    OracleConfig all = OracleConfig.ofWindows(names);
    Instant start = dice.pick(STARTS);
    int crowd = dice.pick(30, 150, 400);
    chosen.forEach(name -> addInstrument(name, all, start, dice.between(1, crowd)));
    config = dice.chance(0.2) ? all.only(Set.of(dice.pick(chosen))) : all;
  }

  static RandomVault of(long seed) {
    return new RandomVault(seed, null);
  }

  /** One with given windows. */
  static RandomVault of(long seed, String windows) {
    return new RandomVault(seed, windows);
  }

  /** The raw files by {@code INSTID/YYYY-MM-DD}. */
  SortedMap<String, byte[]> files() {
    return files;
  }

  OracleConfig config() {
    return config;
  }

  static Path file(Path vault, String name) {
    return vault.resolve(RAW + name + ".jsonl");
  }

  void writeTo(Path vault) {
    files.forEach(
        (name, content) -> {
          try {
            Path file = file(vault, name);
            Files.createDirectories(file.getParent());
            Files.write(file, content);
            if (litter) {
              litter(file);
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** Copies of a day file under names that are nobody's. */
  private static void litter(Path file) throws IOException {
    Path instrument = file.getParent();
    for (String name :
        List.of("notes.txt", "2024-13-01.jsonl", "2024-08-08.jsonl.tmp", ".x.jsonl")) {
      Files.copy(file, instrument.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
    for (String name : List.of(".hidden", "-SWAP", "a b", "BTC.USDT", "x".repeat(65))) {
      Path folder = Files.createDirectories(instrument.resolveSibling(name));
      Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }
    Files.writeString(instrument.resolveSibling("2024-08-08.jsonl"), "{}\n");
  }

  /** After everything, or at some minute's very end, or anywhere in between. */
  Instant asOf(Dice asOfDice) {
    Instant newest = times.last();
    Instant closing = newest.truncatedTo(ChronoUnit.MINUTES).plusSeconds(70);
    Instant some = asOfDice.pick(new ArrayList<>(times)).truncatedTo(ChronoUnit.MINUTES);
    return switch (asOfDice.between(0, 6)) {
      case 0 -> closing;
      case 1 -> closing.minusNanos(asOfDice.pick(1L, 1_000L, 1_000_000_000L));
      case 2 -> some.plusSeconds(70).minusNanos(asOfDice.pick(0L, 1L, 60_000_000_000L));
      case 3 -> some.plusSeconds(asOfDice.between(0, 20_000));
      default -> newest.plusSeconds(asOfDice.pick(71L, 86_400L, 20L * 86_400));
    };
  }

  /** The event times that occur. */
  TreeSet<Instant> times() {
    return times;
  }

  private void addInstrument(String name, OracleConfig all, Instant start, int count) {
    RandomTrades trades = new RandomTrades(dice, name, all);
    LineStyles styles = new LineStyles(dice);
    SortedMap<LocalDate, List<Draft>> days = new TreeMap<>();
    for (Draft draft : trades.list(start.plusSeconds(dice.between(0, 3_600)), count)) {
      times.add(draft.time());
      LocalDate day = draft.time().atOffset(ZoneOffset.UTC).toLocalDate();
      days.computeIfAbsent(day, d -> new ArrayList<>()).add(draft);
    }
    days.forEach(
        (day, drafts) ->
            files.put(name + "/" + day, content(drafts, styles, new BadLines(dice, name, day))));
    if (dice.chance(0.1)) {
      files.put(
          name + "/" + days.lastKey().plusDays(1),
          dice.pick("", "\n", "{", "  \n\r\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private byte[] content(List<Draft> drafts, LineStyles styles, BadLines bad) {
    List<byte[]> lines = new ArrayList<>();
    for (Draft draft : disordered(drafts)) {
      lines.add(styles.spell(draft));
    }
    addRepeats(drafts, styles, lines);
    addRefused(drafts, bad, lines);
    if (longLines > 0) {
      longLines--;
      insert(lines, LineStyles.padded(dice.pick(drafts), RawLine.LONGEST - dice.few(1)));
      insert(lines, bad.make("line_too_long", dice.pick(drafts)));
      insert(lines, bad.malformedAndLong(dice.pick(drafts)));
    }
    if (dice.chance(0.15)) {
      addThousand(drafts, styles, bad, lines);
    }
    for (int i = dice.few(5); i > 0; i--) {
      insert(lines, dice.pick("", " ", "\t \r", "\r").getBytes(StandardCharsets.UTF_8));
    }
    return terminated(lines, styles.spell(dice.pick(drafts)));
  }

  private List<Draft> disordered(List<Draft> drafts) {
    List<Draft> order = new ArrayList<>(drafts);
    switch (dice.between(0, 3)) {
      case 0 -> dice.shuffle(order);
      case 1 -> {
        for (int i = 0; i + 1 < order.size(); i += dice.between(1, 8)) {
          int span = Math.min(order.size(), i + dice.between(2, 10));
          dice.shuffle(order.subList(i, span));
        }
      }
      default -> {}
    }
    return order;
  }

  /** Repeats of trades: the same line, the same said differently, and something else said. */
  private void addRepeats(List<Draft> drafts, LineStyles styles, List<byte[]> lines) {
    for (int i = dice.few(Math.min(20, drafts.size())); i > 0; i--) {
      Draft draft = dice.pick(drafts);
      Draft repeat =
          switch (dice.between(0, 3)) {
            case 0 -> draft;
            case 1 -> respelled(draft);
            default -> contradicted(draft);
          };
      insert(lines, styles.spell(repeat));
    }
  }

  private Draft respelled(Draft draft) {
    String key = dice.pick("price", "qty_contracts", "ctVal", "ctMult");
    return draft
        .withText(key, RandomTrades.respelled(draft.text(key), dice))
        .withText("trade_id", withoutLeadingZeros(draft.text("trade_id")));
  }

  private static String withoutLeadingZeros(String digits) {
    return Long.toString(Long.parseLong(digits));
  }

  private Draft contradicted(Draft draft) {
    return switch (dice.between(0, 6)) {
      case 0 -> draft.withText("side", draft.text("side").equals("buy") ? "sell" : "buy");
      case 1 -> draft.withText("price", "7.5");
      case 2 -> draft.withText("qty_contracts", "0.000000000001");
      case 3 ->
          draft.withText("ctVal", draft.text("ctMult")).withText("ctMult", draft.text("ctVal"));
      case 4 -> draft.withText("ctMult", "3");
      case 5 ->
          draft.withText("ctType", draft.text("ctType").equals("linear") ? "inverse" : "linear");
      default -> {
        Instant end = draft.time().truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
        Instant other = dice.pick(draft.time().truncatedTo(ChronoUnit.HOURS), end.minusNanos(1));
        String nanos = String.format(".%09dZ", other.getNano());
        yield draft.withText("timestamp_utc", RandomTrades.seconds(other) + nanos);
      }
    };
  }

  private void addRefused(List<Draft> drafts, BadLines bad, List<byte[]> lines) {
    for (int i = dice.few(25); i > 0; i--) {
      String reason = dice.pick(BadLines.REASONS);
      if (!reason.equals("line_too_long")) {
        insert(lines, bad.make(reason, dice.pick(drafts)));
      }
    }
  }

  /**
   * Fills the file up to about a thousand lines, which is where it can be broken: just above,
   * exactly at, and below the limits.
   */
  private void addThousand(
      List<Draft> drafts, LineStyles styles, BadLines bad, List<byte[]> lines) {
    int total = dice.pick(999, 1_000, 1_000, 1_001, 1_100);
    int refused = dice.pick(9, 10, 10, 11, 11, 12, 30);
    List<byte[]> valid = new ArrayList<>();
    drafts.forEach(draft -> valid.add(styles.spell(draft)));
    lines.clear();
    while (lines.size() < total - refused) {
      lines.add(lines.size() < valid.size() ? valid.get(lines.size()) : dice.pick(valid));
    }
    for (int i = 0; i < refused; i++) {
      insert(lines, bad.make(dice.pick("missing_field", "bad_side"), dice.pick(drafts)));
    }
  }

  private void insert(List<byte[]> lines, byte[] line) {
    lines.add(dice.between(0, lines.size()), line);
  }

  private byte[] terminated(List<byte[]> lines, byte[] tail) {
    double windowsEnds = dice.pick(0.0, 0.0, 0.02, 1.0);
    List<byte[]> parts = new ArrayList<>();
    for (byte[] line : lines) {
      parts.add(line);
      parts.add(dice.chance(windowsEnds) ? new byte[] {'\r', '\n'} : new byte[] {'\n'});
    }
    if (dice.chance(0.4)) {
      int kept = dice.chance(0.3) ? tail.length : dice.between(0, tail.length);
      parts.add(Arrays.copyOf(tail, kept));
    }
    return LineStyles.concat(parts.toArray(byte[][]::new));
  }
}
