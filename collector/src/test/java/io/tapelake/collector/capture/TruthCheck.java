package io.tapelake.collector.capture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.cover.IdRanges;
import io.tapelake.collector.meta.MetadataFiles;
import io.tapelake.collector.meta.TermsHistory;
import io.tapelake.collector.write.GapJournal;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.DecimalText;
import io.tapelake.vault.Trade;
import io.tapelake.vault.TradeLine;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Compares a vault's raw files with what really was traded. */
public final class TruthCheck {

  private static final ObjectMapper JSON = new ObjectMapper();

  private TruthCheck() {}

  /** What the files hold and what they lack. */
  public record Outcome(long trades, long missing) {}

  /**
   * Asserts that every line is a trade of the truth, none stands twice, and the missing ids are
   * exactly those that the gap journal leaves missing.
   *
   * @param exactTerms whether the contract's terms have to be those of the truth, too
   */
  public static Outcome check(Path vault, String instrument, List<Trade> truth, boolean exactTerms)
      throws IOException {
    Map<Long, String> lines = lines(vault, instrument);
    Path state = vault.resolve(VaultLayout.collectorState(instrument));
    if (lines.isEmpty() && !Files.exists(state)) {
      return new Outcome(0, 0);
    }
    JsonNode remembered = JSON.readTree(Files.readAllBytes(state));
    long from = remembered.path("watch_from").asLong();
    JsonNode before = remembered.path("ids_started_over").path("before");
    int oldest = firstOfThisLife(truth);
    IdRanges missing = new IdRanges();
    for (int i = truth.size() - 1; i >= 0; i--) {
      Trade trade = truth.get(i);
      String line = lines.remove(trade.id());
      if (line == null) {
        // Of a life that is over nobody knows what came after the newest trade that was seen.
        boolean wanted = i >= oldest ? trade.id() >= from : isWithin(before, trade.id());
        if (wanted) {
          missing.add(trade.id(), trade.id());
        }
        continue;
      }
      // An aggregate stands for the trades before it, too: as many as make up its quantity.
      BigDecimal quantity = quantity(line);
      Trade whole = plain(trade, trade.contracts());
      while (whole.contracts().compareTo(quantity) < 0 && i > 0 && together(truth, i)) {
        i--;
        assertThat(lines).doesNotContainKey(truth.get(i).id());
        whole = plain(trade, whole.contracts().add(truth.get(i).contracts()));
      }
      assertThat(terms(line, exactTerms)).isEqualTo(terms(TradeLine.format(whole), exactTerms));
    }
    assertThat(lines).as("trades of %s that never happened", instrument).isEmpty();
    List<IdRange> journaled = GapJournal.missing(vault, instrument);
    assertThat(missing.ranges()).as("missing trades of %s", instrument).isEqualTo(journaled);
    return new Outcome(truth.size() - missing.size(), missing.size());
  }

  /** Asserts that every line has the terms that were observed last before it. */
  static void termsAreThoseObserved(Path vault, String instrument) throws IOException {
    TermsHistory history = new MetadataFiles(vault, instrument).history();
    for (String line : lines(vault, instrument).values()) {
      JsonNode trade = JSON.readTree(line);
      Instant time = Instant.parse(trade.path(TradeLine.TIMESTAMP).asText());
      assertThat(new BigDecimal(trade.path(TradeLine.CT_VAL).asText()))
          .as(line)
          .isEqualByComparingTo(history.at(time).value());
    }
  }

  private static int firstOfThisLife(List<Trade> truth) {
    for (int i = truth.size() - 1; i > 0; i--) {
      if (truth.get(i - 1).id() > truth.get(i).id()) {
        return i;
      }
    }
    return 0;
  }

  private static boolean isWithin(JsonNode lives, long id) {
    for (JsonNode life : lives) {
      if (id >= life.path(0).asLong() && id <= life.path(1).asLong()) {
        return true;
      }
    }
    return false;
  }

  private static String terms(String line, boolean exact) {
    return exact ? line : line.substring(0, line.indexOf(",\"ctVal\""));
  }

  private static boolean together(List<Trade> truth, int last) {
    Trade one = truth.get(last - 1);
    Trade other = truth.get(last);
    return one.time().equals(other.time())
        && one.side() == other.side()
        && one.price().compareTo(other.price()) == 0;
  }

  private static BigDecimal quantity(String line) throws IOException {
    return new BigDecimal(JSON.readTree(line).path(TradeLine.QTY_CONTRACTS).asText());
  }

  private static Trade plain(Trade trade, BigDecimal contracts) {
    return new Trade(
        trade.time(),
        trade.instrument(),
        trade.id(),
        trade.side(),
        DecimalText.parse(trade.price().toPlainString()),
        DecimalText.parse(contracts.toPlainString()),
        trade.contract());
  }

  /** The lines by trade id; none may stand twice, be torn or lie in another day's file. */
  public static Map<Long, String> lines(Path vault, String instrument) throws IOException {
    Map<Long, String> lines = new TreeMap<>();
    Path folder = vault.resolve(DayFile.RAW_ROOT).resolve(instrument);
    if (!Files.isDirectory(folder)) {
      return lines;
    }
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(folder)) {
      all.forEach(files::add);
    }
    for (Path file : files) {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      assertThat(text).as("%s ends in LF", file).endsWith("\n");
      String day = file.getFileName().toString().substring(0, 10);
      for (String line : text.split("\n")) {
        JsonNode trade = JSON.readTree(line);
        assertThat(trade.path(TradeLine.TIMESTAMP).asText()).startsWith(day);
        String before = lines.put(trade.path(TradeLine.TRADE_ID).asLong(), line);
        assertThat(before).as("written before: %s", line).isNull();
      }
    }
    return lines;
  }
}
