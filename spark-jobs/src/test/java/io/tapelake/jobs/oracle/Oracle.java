package io.tapelake.jobs.oracle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Computes what a vault's outputs have to be, from its raw files, a configuration and an as-of
 * instant, in plain {@link java.math.BigDecimal} and without any care for time. Serves vaults of
 * some thousand trades.
 */
final class Oracle {

  private static final String RAW = "raw/okx/trades_perps";
  private static final String DAY_FILE =
      "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\\.jsonl";
  private static final String INSTRUMENT = "[A-Za-z0-9][A-Za-z0-9_-]{0,63}";

  private Oracle() {}

  static Expected compute(Path vault, OracleConfig config, Instant asOf) throws IOException {
    SortedMap<String, byte[]> exports = new TreeMap<>();
    SortedMap<String, byte[]> cvdExports = new TreeMap<>();
    SortedMap<String, byte[]> signalExports = new TreeMap<>();
    Map<String, List<TableRow>> analytics = new TreeMap<>();
    List<TableRow> signalRows = new ArrayList<>();
    SortedMap<String, byte[]> quarantines = new TreeMap<>();
    SortedMap<String, Expected.CursorHead> cursors = new TreeMap<>();
    List<TableRow> bars = new ArrayList<>();
    List<TableRow> vwaps = new ArrayList<>();
    List<String> trades = new ArrayList<>();
    List<String> broken = new ArrayList<>();
    for (Path folder : children(vault.resolve(RAW), INSTRUMENT)) {
      String instrument = folder.getFileName().toString();
      if (!config.instruments().isEmpty() && !config.instruments().contains(instrument)) {
        continue;
      }
      List<OracleTrade> found = new ArrayList<>();
      files(folder, config)
          .forEach(
              (day, file) -> {
                String name = instrument + "/" + day;
                found.addAll(file.trades());
                if (file.broken()) {
                  broken.add(name);
                }
                if (file.quarantine().length > 0) {
                  quarantines.put(name, file.quarantine());
                }
              });
      OracleTape tape = new OracleTape(instrument, found, config, asOf);
      OracleInstrument outputs = new OracleInstrument(tape);
      exports.put(instrument, outputs.export());
      outputs.cursor().ifPresent(cursor -> cursors.put(instrument, cursor));
      bars.addAll(outputs.bars());
      vwaps.addAll(outputs.vwaps());
      trades.addAll(outputs.trades());
      if (config.analytics()) {
        OracleFlow flow = new OracleFlow(tape);
        OracleDays days = new OracleDays(tape);
        OracleSignals signals = new OracleSignals(tape);
        cvdExports.put(instrument, flow.export());
        signalExports.put(instrument, signals.export());
        add(analytics, "bands_1m", new OracleBands(tape).rows());
        add(analytics, "flow_1m", flow.rows());
        add(analytics, "volume_profile", days.profiles());
        add(analytics, "sessions_1d", days.sessions());
        signalRows.addAll(signals.rows());
      }
    }
    return new Expected(
        exports,
        cvdExports,
        signalExports,
        quarantines,
        cursors,
        bars,
        vwaps,
        trades,
        analytics,
        signalRows,
        broken);
  }

  private static void add(Map<String, List<TableRow>> tables, String table, List<TableRow> rows) {
    tables.computeIfAbsent(table, name -> new ArrayList<>()).addAll(rows);
  }

  /** What each day file of an instrument's folder comes to. */
  static SortedMap<LocalDate, OracleFile> files(Path folder, OracleConfig config)
      throws IOException {
    SortedMap<LocalDate, OracleFile> files = new TreeMap<>();
    for (Path path : children(folder, DAY_FILE)) {
      LocalDate day = LocalDate.parse(path.getFileName().toString().replace(".jsonl", ""));
      String instrument = folder.getFileName().toString();
      files.put(
          day,
          OracleFile.read(Files.readAllBytes(path), instrument, day, config.maxRefusedRatio()));
    }
    return files;
  }

  private static List<Path> children(Path folder, String pattern) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.filter(path -> path.getFileName().toString().matches(pattern)).sorted().toList();
    }
  }
}
