package io.tapelake.collector.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.collector.settings.Setting;
import io.tapelake.collector.settings.Settings;
import io.tapelake.collector.settings.UsageException;
import io.tapelake.simulator.exchange.Exchange;
import io.tapelake.simulator.exchange.Limits;
import io.tapelake.simulator.fault.FaultScript;
import io.tapelake.simulator.tape.Tape;
import io.tapelake.vault.Trade;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whatever goes wrong, the files hold every trade once, or the gap journal names exactly what they
 * lack. Simulated time, real files. {@code -Dtruth.scripts=N -Dtruth.seed=S} run more of them.
 */
class TruthTest {

  private static final List<String> INSTRUMENTS = List.of("BTC-USDT-SWAP", "ETH-USDT-SWAP");
  private static final int SCRIPTS = Integer.getInteger("truth.scripts", 60);
  private static final long FIRST_SEED = Long.getLong("truth.seed", 1);

  @Test
  void filesEqualTheTruthUnderSeededFaultScripts() throws Exception {
    long trades = 0;
    long missing = 0;
    // In memory where that is possible: thousands of small files are forced to the disk here.
    Path memory = Path.of("/dev/shm");
    Path folder =
        Files.isWritable(memory)
            ? Files.createTempDirectory(memory, "truth")
            : Files.createTempDirectory("truth");
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SCRIPTS; seed++) {
      Path vault = Files.createDirectories(folder.resolve("vault-" + seed));
      StringBuilder what = new StringBuilder();
      try {
        for (TruthCheck.Outcome outcome : play(seed, vault, what)) {
          trades += outcome.trades();
          missing += outcome.missing();
        }
      } catch (Exception | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage() + "\n" + what, e);
      }
      delete(vault);
    }
    delete(folder);
    System.out.printf(
        "truth: %d scripts from seed %d, %d trades equal, %d missing and journaled%n",
        SCRIPTS, FIRST_SEED, trades, missing);
  }

  private static List<TruthCheck.Outcome> play(long seed, Path vault, StringBuilder what)
      throws Exception {
    Random random = new Random(seed);
    Duration trouble = Duration.ofSeconds(20 + random.nextInt(20));
    String script = FaultScripts.of(random, trouble);
    String channel = random.nextInt(4) == 0 ? "trades" : "trades-all";
    boolean forgetful = random.nextInt(10) == 0;
    what.append(channel).append(forgetful ? ", REST forgets\n" : "\n").append(script);
    Instant start = Instant.parse("2026-01-01T23:59:30Z").plusMillis(random.nextInt(60_000));
    World.MovingClock clock = new World.MovingClock(start);
    Tape tape =
        Tape.of(seed, start.minusSeconds(30), 20 + random.nextInt(100), INSTRUMENTS)
            .until(start.plus(trouble).plusSeconds(30));
    Limits limits = Limits.okx();
    if (forgetful) {
      limits = limits.retaining(Duration.ofSeconds(2));
    }
    FaultScript faults = FaultScript.parse(script, start);
    World world = new World(new Exchange(tape, faults, limits, clock), clock, seed);
    Settings settings = settings(vault, channel);
    if (random.nextInt(5) == 0) {
      String failing = INSTRUMENTS.get(random.nextInt(2));
      Instant from = start.plusMillis(random.nextInt(20_000));
      Instant to = from.plusMillis(500 + random.nextInt(15_000));
      FailingDisk.between(world, vault, failing, from, to);
      what.append("disk of ").append(failing).append(" fails from ").append(from).append('\n');
    }
    world.start(settings);
    int kills = random.nextInt(4);
    for (int i = 0; i < kills; i++) {
      world.run(Duration.ofMillis(random.nextInt(10_000)));
      Map<Path, Long> before = sizes(vault);
      world.run(Duration.ofMillis(10));
      world.kill();
      tear(before, random);
      what.append("killed at ").append(Duration.between(start, clock.instant())).append('\n');
      world.run(Duration.ofMillis(random.nextInt(4_000)));
      world.start(settings);
    }
    Duration left = Duration.between(clock.instant(), start.plus(trouble).plusSeconds(30));
    world.run(left.isNegative() ? Duration.ofSeconds(1) : left);
    world.run(Duration.ofSeconds(200), Duration.ofMillis(100));
    assertThat(world.capture.buildFailure()).isNull();
    world.capture.finish();
    boolean sameTerms = !script.contains("ctval");
    List<TruthCheck.Outcome> outcomes = new ArrayList<>();
    for (String instrument : INSTRUMENTS) {
      List<Trade> truth = world.exchange.truth(instrument);
      outcomes.add(TruthCheck.check(vault, instrument, truth, sameTerms));
      TruthCheck.termsAreThoseObserved(vault, instrument);
    }
    return outcomes;
  }

  static Settings settings(Path vault, String channel) throws UsageException {
    Map<Setting, String> texts = new EnumMap<>(Setting.class);
    texts.put(Setting.VAULT, vault.toString());
    texts.put(Setting.CHANNEL, channel);
    texts.put(Setting.WS_URL, "ws://localhost/ws/v5");
    texts.put(Setting.REST_URL, "http://localhost");
    texts.put(Setting.FSYNC, "never");
    texts.put(Setting.METADATA_CHANNEL_AFTER, "2s");
    return new Settings(texts, Map.of());
  }

  private static Map<Path, Long> sizes(Path vault) throws IOException {
    Map<Path, Long> sizes = new HashMap<>();
    try (Stream<Path> files = Files.walk(vault.resolve("raw"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sizes.put(file, Files.size(file));
      }
    } catch (java.nio.file.NoSuchFileException e) {
      return sizes;
    }
    return sizes;
  }

  /** Whatever was written last may have been cut short anywhere. */
  private static void tear(Map<Path, Long> before, Random random) throws IOException {
    for (Map.Entry<Path, Long> file : before.entrySet()) {
      long grown = Files.size(file.getKey()) - file.getValue();
      if (grown > 0 && random.nextBoolean()) {
        try (RandomAccessFile raw = new RandomAccessFile(file.getKey().toFile(), "rw")) {
          raw.setLength(file.getValue() + random.nextLong(grown));
        }
      }
    }
  }

  private static void delete(Path vault) throws IOException {
    try (Stream<Path> files = Files.walk(vault)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
