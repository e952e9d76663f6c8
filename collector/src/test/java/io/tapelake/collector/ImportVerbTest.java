package io.tapelake.collector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code import} with all of its files: what happens to the others when one is bad. */
class ImportVerbTest {

  private static final String ROWS =
      """
      instrument_name,trade_id,side,price,size,created_time
      BTC-USDT-SWAP,101,buy,42219.9,1E+2,1704729600011
      BTC-USDT-SWAP,102,sell,42219.8,0.05,1704729600011
      """;

  @TempDir private Path folder;

  @Test
  void aBadFileIsLeftAloneAndTheOthersAreImported() throws Exception {
    Path good = zip("BTC-USDT-SWAP-trades-2024-01-09.zip", ROWS);
    byte[] whole = Files.readAllBytes(good);
    Path torn = folder.resolve("BTC-USDT-SWAP-trades-2024-01-10.zip");
    Files.write(torn, Arrays.copyOf(whole, whole.length - 30));
    assertThat(imported(torn, good)).isEqualTo(HistoryVerbs.NEEDS_PERSON);
    assertThat(lines()).hasSize(2);
    assertThat(imported(good)).isEqualTo(Collector.DONE);
    assertThat(lines()).hasSize(2);
  }

  @Test
  void aRawDayThatIsCutKeepsNoOtherFileFromBeingImported() throws Exception {
    Path archive = vault().resolve("raw/okx/trades_perps/BTC-USDT-SWAP/2024-01-08.jsonl.gz");
    Files.createDirectories(archive.getParent());
    Files.write(archive, new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2});
    Path bad = zip("BTC-USDT-SWAP-trades-2024-01-09.zip", ROWS);
    Path good = zip("ETH-USDT-SWAP-trades-2024-01-09.zip", ROWS.replace("BTC", "ETH"));
    assertThat(imported(List.of("--terms=ETH-USDT-SWAP=0.1,1,linear"), bad, good))
        .isEqualTo(HistoryVerbs.NEEDS_PERSON);
    Path raw = vault().resolve("raw/okx/trades_perps/ETH-USDT-SWAP/2024-01-08.jsonl");
    assertThat(Files.readAllLines(raw)).hasSize(2);
  }

  @Test
  void monthlyFilesAndPlainCsvAreTaken() throws Exception {
    Path monthly = zip("BTC-USDT-SWAP-trades-2024-01.zip", ROWS);
    Path csv =
        Files.writeString(
            folder.resolve("BTC-USDT-SWAP-trades-2024-01-09 (1).csv"),
            ROWS.replace(",101,", ",103,"));
    assertThat(imported(monthly, csv)).isEqualTo(Collector.DONE);
    assertThat(lines()).hasSize(3);
  }

  @Test
  void nothingOfAnyFileIsImportedWhenTheTermsOfOneAreUnknown() throws Exception {
    Path known = zip("BTC-USDT-SWAP-trades-2024-01-09.zip", ROWS);
    Path unknown = zip("ETH-USDT-SWAP-trades-2024-01-09.zip", ROWS.replace("BTC", "ETH"));
    assertThat(imported(known, unknown)).isEqualTo(Collector.USAGE);
    assertThat(vault().resolve("raw")).doesNotExist();
  }

  @Test
  void aZipThatLiesAboutItsLengthIsLeftAlone() throws Exception {
    Path file = zip("BTC-USDT-SWAP-trades-2024-01-09.zip", ROWS);
    byte[] bytes = Files.readAllBytes(file);
    int directory = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("PK\1\2");
    bytes[directory + 24]++;
    Files.write(file, bytes);
    assertThat(imported(file)).isEqualTo(HistoryVerbs.NEEDS_PERSON);
    assertThat(vault().resolve("raw")).doesNotExist();
  }

  @Test
  void aFileOfNoSwapAndASlipInAnOptionAreTold() throws Exception {
    Path spot = zip("BTC-USDT-trades-2024-01-09.zip", ROWS.replace("-SWAP", ""));
    assertThat(imported(spot)).isEqualTo(HistoryVerbs.NEEDS_PERSON);
    Path swap = zip("BTC-USDT-SWAP-trades-2024-01-09.zip", ROWS);
    assertThat(imported(List.of("--instruments=BTC-USDT-SWPA"), swap)).isEqualTo(Collector.USAGE);
    assertThat(vault().resolve("raw")).doesNotExist();
    assertThat(imported(List.of("--instruments=ETH-USDT-SWAP,btc-usdt-swap"), swap))
        .isEqualTo(HistoryVerbs.NEEDS_PERSON);
    assertThat(lines()).hasSize(2);
    assertThat(imported(List.of("--instruments=btc-usdt-swap"), swap)).isEqualTo(Collector.DONE);
  }

  @Test
  void aFileWhoseNameSaysAnotherInstrumentThanThePersonIsLeftAlone() throws Exception {
    String legacy =
        """
        trade_id/x,side/x,size/x,price/x,created_time/x
        1,buy,2,3000.5,1633017600000
        """;
    Path other = zip("ETH-USDT-SWAP-trades-2021-10-01.zip", legacy);
    Path spot = zip("BTC-USDT-trades-2021-10-01.zip", legacy);
    Path same = zip("BTC-USDT-SWAP-trades-2021-10-01.zip", legacy);
    Path nobody = zip("renamed.zip", legacy.replace("1,buy", "2,buy"));
    assertThat(imported(List.of("--instrument=BTC-USDT-SWAP"), other, spot))
        .isEqualTo(HistoryVerbs.NEEDS_PERSON);
    assertThat(vault().resolve("raw")).doesNotExist();
    assertThat(imported(List.of("--instrument=btc-usdt-swap"), other, spot, same, nobody))
        .isEqualTo(HistoryVerbs.NEEDS_PERSON);
    Path raw = vault().resolve("raw/okx/trades_perps/BTC-USDT-SWAP/2021-09-30.jsonl");
    assertThat(Files.readAllLines(raw)).hasSize(2);
  }

  private int imported(Path... files) {
    return imported(List.of(), files);
  }

  private int imported(List<String> options, Path... files) {
    List<String> arguments = new ArrayList<>(List.of("--vault=" + vault()));
    arguments.add("--terms=btc-usdt-swap=0.01,1,linear");
    arguments.addAll(options);
    Arrays.stream(files).map(Path::toString).forEach(arguments::add);
    return HistoryVerbs.run("import", arguments);
  }

  private Path zip(String name, String csv) throws IOException {
    Path file = folder.resolve(name);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry(name.replace(".zip", ".csv")));
      zip.write(csv.getBytes(StandardCharsets.US_ASCII));
    }
    return file;
  }

  private Path vault() {
    return folder.resolve("vault");
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(
        vault().resolve("raw/okx/trades_perps/BTC-USDT-SWAP/2024-01-08.jsonl"));
  }
}
