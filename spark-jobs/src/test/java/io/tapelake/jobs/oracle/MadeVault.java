package io.tapelake.jobs.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A random vault as the job leaves it that ran after each piece that came, with certificates of
 * some days beside it; and its trades, for tests of what people look at.
 */
public final class MadeVault {

  /** What a certificate says of a day; the number of missing ids is null where it says none. */
  record Certified(boolean isComplete, long trades, long firstId, long lastId, Long missing) {}

  private final Path root;
  private final OracleConfig config;
  private final List<OracleTape> tapes = new ArrayList<>();

  /** The lines that a quarantine holds, by {@code INSTID/YYYY-MM-DD}, as all that follow. */
  private final Map<String, Long> refused = new HashMap<>();

  private final SortedMap<String, Certified> certificates = new TreeMap<>();

  private MadeVault(Path root, OracleConfig config) {
    this.root = root;
    this.config = config;
  }

  /** Makes one in a folder that is not there yet. */
  public static MadeVault of(Path root, long seed) throws IOException {
    Files.createDirectory(root);
    Dice dice = new Dice(seed + 8_000_000);
    GrowingVault growing = GrowingVault.of(seed, 2);
    Instant some = dice.pick(growing.steps()).asOf().truncatedTo(ChronoUnit.MINUTES);
    OracleConfig config =
        growing
            .config()
            .withAnalytics(new OracleConfig.Anchor("amid", some))
            .withCvdOrigin(
                dice.chance(0.3) ? null : some.minusSeconds(60L * dice.between(-100, 400)));
    MadeVault made = new MadeVault(root, config);
    for (GrowingVault.Step step : growing.steps()) {
      step.writeTo(root);
      int code = made.read(step.asOf());
      assertThat(Job.execute("run", root, config, step.asOf()))
          .as("seed %d as of %s", seed, step.asOf())
          .isEqualTo(code);
    }
    made.certify(dice);
    return made;
  }

  /** The exit code of the job, which depends on whether it finds broken files. */
  private int read(Instant asOf) throws IOException {
    tapes.clear();
    refused.clear();
    boolean isBroken = false;
    try (Stream<Path> folders = Files.list(root.resolve(RandomVault.RAW))) {
      for (Path folder : folders.filter(MadeVault::isInstrument).sorted().toList()) {
        String instrument = folder.getFileName().toString();
        List<OracleTrade> trades = new ArrayList<>();
        for (Map.Entry<LocalDate, OracleFile> day : Oracle.files(folder, config).entrySet()) {
          OracleFile file = day.getValue();
          isBroken |= file.broken();
          trades.addAll(file.trades());
          refused.put(
              instrument + "/" + day.getKey(),
              new String(file.quarantine(), StandardCharsets.UTF_8).lines().count());
        }
        tapes.add(new OracleTape(instrument, trades, config, asOf));
      }
    }
    return isBroken ? 4 : 0;
  }

  private static boolean isInstrument(Path folder) {
    return Files.isDirectory(folder)
        && folder.getFileName().toString().matches("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
  }

  /** As the collector writes them, some copied to where they prove nothing. */
  private void certify(Dice dice) throws IOException {
    for (OracleReport report : reports()) {
      if (dice.chance(0.5)) {
        continue;
      }
      String name = report.instrument() + "/" + report.day();
      long trades = report.figures().get("trades").longValueExact();
      Long missing = dice.chance(0.8) ? (Long) dice.between(0L, 99L) : null;
      Certified each =
          new Certified(
              dice.chance(0.5),
              trades,
              dice.between(0L, 99L),
              dice.between(99L, 1L << 60),
              missing);
      certificates.put(name, each);
      Path file = root.resolve("certificates/okx/trades_perps/" + name + ".json");
      Files.createDirectories(file.getParent());
      Files.writeString(
          file,
          "{\"instId\":\"%s\",\"day\":\"%s\",\"complete\":%s,%n\"trades\":%d,\"first_id\":%d,\"last_id\":%d%s}%n"
              .formatted(
                  report.instrument(),
                  report.day(),
                  each.isComplete,
                  trades,
                  each.firstId,
                  each.lastId,
                  missing == null ? "" : ",\"missing_ids\":" + missing));
      if (dice.chance(0.3)) {
        Path other = file.resolveSibling(report.day().minusDays(9_999) + ".json");
        Files.copy(file, other, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  public Path root() {
    return root;
  }

  OracleConfig config() {
    return config;
  }

  List<OracleTape> tapes() {
    return tapes;
  }

  SortedMap<String, Certified> certificates() {
    return certificates;
  }

  /** What a report has to tell of each day with trades, by instrument, then day. */
  public List<OracleReport> reports() {
    List<OracleReport> reports = new ArrayList<>();
    for (OracleTape tape : tapes) {
      tape.byDay()
          .forEach(
              (minute, trades) -> {
                String name = tape.instrument() + "/" + OracleTape.day(minute);
                reports.add(
                    OracleReport.of(
                        tape, minute, refused.getOrDefault(name, 0L), certificates.get(name)));
              });
    }
    return reports;
  }
}
