package io.tapelake.collector.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.collector.meta.ObservedTerms.Outcome;
import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TermsTest {

  private static final String BTC = "BTC-USDT-SWAP";
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir Path vault;

  @Test
  void senselessTermsAreRefusedByName() throws IOException {
    for (String key : List.of("ctVal", "ctMult", "ctType")) {
      for (String value : List.of("", "0", "-1", "abc")) {
        ObjectNode raw = raw();
        raw.put(key, value);
        refused(raw, key);
      }
      ObjectNode raw = raw();
      raw.remove(key);
      refused(raw, key);
      raw.put(key, true);
      refused(raw, key);
    }
    ObjectNode other = raw();
    other.put("instId", "ETH-USDT-SWAP");
    refused(other, "ETH-USDT-SWAP");
  }

  @Test
  void aNumberIsTakenByItsDigits() throws Exception {
    ObjectNode raw = raw();
    raw.put("ctVal", new BigDecimal("0.01"));
    raw.put("ctMult", 1);
    assertThat(Terms.of(BTC, raw).contract()).isEqualTo(contract("0.01"));
  }

  @Test
  void otherTermsHoldWhenTheyWereReadTwiceAndFromTheFirstTimeOn() throws Exception {
    ObservedTerms terms = new ObservedTerms(new TermsHistory());
    assertThat(terms.observed(served("0.01", "live"), NOON, Instant.EPOCH))
        .isEqualTo(Outcome.FIRST);
    assertThat(terms.observed(served("0.1", "live"), NOON.plusSeconds(60), Instant.EPOCH))
        .isEqualTo(Outcome.DIFFERENT);
    assertThat(terms.areSure()).isFalse();
    assertThat(terms.observed(served("0.1", "live"), NOON.plusSeconds(62), Instant.EPOCH))
        .isEqualTo(Outcome.CHANGED);
    assertThat(terms.at(NOON.plusSeconds(59))).isEqualTo(contract("0.01"));
    assertThat(terms.at(NOON.plusSeconds(60))).isEqualTo(contract("0.1"));
  }

  @Test
  void otherTermsThatAreServedOnceChangeNothing() throws Exception {
    ObservedTerms terms = new ObservedTerms(new TermsHistory());
    terms.observed(served("0.01", "live"), NOON, Instant.EPOCH);
    terms.observed(served("0.1", "live"), NOON.plusSeconds(60), Instant.EPOCH);
    assertThat(terms.observed(served("0.01", "live"), NOON.plusSeconds(62), Instant.EPOCH))
        .isEqualTo(Outcome.AS_BEFORE);
    assertThat(terms.areSure()).isTrue();
    assertThat(terms.at(NOON.plusSeconds(61))).isEqualTo(contract("0.01"));
  }

  @Test
  void termsThatChangeWhileTradingIsHaltedHoldFromTheHaltOn() throws Exception {
    ObservedTerms terms = new ObservedTerms(new TermsHistory());
    terms.observed(served("0.01", "live"), NOON, Instant.EPOCH);
    terms.observed(served("0.01", "suspend"), NOON.plusSeconds(60), Instant.EPOCH);
    terms.observed(served("0.1", "live"), NOON.plusSeconds(90), Instant.EPOCH);
    terms.observed(served("0.1", "live"), NOON.plusSeconds(91), Instant.EPOCH);
    assertThat(terms.at(NOON.plusSeconds(59))).isEqualTo(contract("0.01"));
    assertThat(terms.at(NOON.plusSeconds(89))).isEqualTo(contract("0.1"));
  }

  @Test
  void aTradeBehindAHaltWaitsUntilTermsAreReadBehindIt() throws Exception {
    ObservedTerms terms = new ObservedTerms(new TermsHistory());
    terms.observed(served("0.01", "live"), NOON, Instant.EPOCH);
    assertThat(terms.areSure(NOON.plusSeconds(59))).isTrue();
    terms.observed(served("0.01", "suspend"), NOON.plusSeconds(60), Instant.EPOCH);
    assertThat(terms.areSure(NOON.plusSeconds(60))).isTrue();
    assertThat(terms.areSure(NOON.plusSeconds(61))).isFalse();
    terms.observed(served("0.01", "suspend"), NOON.plusSeconds(70), Instant.EPOCH);
    assertThat(terms.areSure(NOON.plusSeconds(61))).as("whatever the state is called").isTrue();
    terms.observed(served("0.01", "live"), NOON.plusSeconds(80), Instant.EPOCH);
    assertThat(terms.areSure(NOON.plusSeconds(99))).isTrue();
  }

  @Test
  void tradesWaitForTheFirstReadingAfterTheirTermsMayHaveChangedUnseen() throws Exception {
    TermsHistory before = new TermsHistory();
    before.observed(NOON, contract("0.01"));
    ObservedTerms terms = new ObservedTerms(before);
    Instant later = NOON.plusSeconds(90);
    terms.mayHaveChanged(NOON.plusSeconds(60));
    assertThat(terms.areSure(later)).isFalse();
    assertThat(terms.unseenSince()).isEqualTo(NOON.plusSeconds(60));
    terms.cannotBeRead();
    assertThat(terms.areSure(later)).as("those that are known go on to hold").isTrue();
    terms.observed(served("0.01", "live"), later, Instant.EPOCH);
    assertThat(terms.unseenSince()).isNull();
    terms.mayHaveChanged(NOON.plusSeconds(99));
    assertThat(terms.unseenSince()).as("when they were read last").isEqualTo(later);
    terms.observed(served("0.01", "live"), later.plusSeconds(1), Instant.EPOCH);
    assertThat(terms.areSure(later.plusSeconds(2))).isTrue();
  }

  @Test
  void otherTermsNeverHoldForATradeThatHasItsTermsAlready() throws Exception {
    ObservedTerms terms = new ObservedTerms(new TermsHistory());
    terms.observed(served("0.01", "live"), NOON, Instant.EPOCH);
    Instant ahead = NOON.plusSeconds(65);
    terms.observed(served("0.1", "live"), NOON.plusSeconds(60), ahead);
    terms.observed(served("0.1", "live"), NOON.plusSeconds(61), ahead);
    assertThat(terms.at(ahead)).isEqualTo(contract("0.01"));
    assertThat(terms.at(ahead.plusMillis(1))).isEqualTo(contract("0.1"));
  }

  private static Terms served(String ctVal, String state) throws Exception {
    ObjectNode raw = raw();
    raw.put("ctVal", ctVal);
    raw.put("state", state);
    return Terms.of(BTC, raw);
  }

  private static void refused(ObjectNode raw, String what) {
    assertThatThrownBy(() -> Terms.of(BTC, raw))
        .isInstanceOf(BadMetadataException.class)
        .hasMessageContaining(what);
  }

  @Test
  void aTradeGetsTheTermsObservedLastBeforeIt() {
    TermsHistory history = new TermsHistory();
    assertThat(history.at(NOON)).isNull();
    history.observed(NOON, contract("0.01"));
    history.observed(NOON.plusSeconds(60), contract("0.001"));
    assertThat(history.observed(NOON.plusSeconds(90), contract("0.001"))).isFalse();
    assertThat(history.at(NOON.minusSeconds(9))).isEqualTo(contract("0.01"));
    assertThat(history.at(NOON.plusSeconds(59))).isEqualTo(contract("0.01"));
    assertThat(history.at(NOON.plusSeconds(60))).isEqualTo(contract("0.001"));
  }

  @Test
  void everyChangeIsKeptAndReadBack() throws Exception {
    MetadataFiles files = new MetadataFiles(vault, BTC);
    files.load();
    ObjectNode raw = raw();
    assertThat(files.keep(raw, Terms.of(BTC, raw), NOON)).isTrue();
    assertThat(files.keep(raw.deepCopy(), Terms.of(BTC, raw), NOON)).isFalse();
    ObjectNode changed = raw();
    changed.put("ctVal", "0.001");
    assertThat(files.keep(changed, Terms.of(BTC, changed), NOON.plusSeconds(5))).isTrue();
    Path history = vault.resolve(VaultLayout.metadataHistory(BTC));
    assertThat(Files.readAllLines(history)).hasSize(2);
    Files.writeString(history, "{\"torn", java.nio.file.StandardOpenOption.APPEND);
    TermsHistory terms = new MetadataFiles(vault, BTC).load();
    assertThat(terms.at(NOON)).isEqualTo(contract("0.01"));
    assertThat(terms.latest()).isEqualTo(contract("0.001"));
    assertThat(Files.readString(vault.resolve(VaultLayout.metadata(BTC))))
        .contains("\"raw\"", "\"normalized\"", "\"tickSz\":\"0.1\"");
  }

  private static Contract contract(String value) {
    return new Contract(new BigDecimal(value), BigDecimal.ONE, ContractType.LINEAR);
  }

  private static ObjectNode raw() {
    ObjectNode raw = new ObjectMapper().createObjectNode();
    raw.put("instId", BTC).put("ctVal", "0.01").put("ctMult", "1").put("ctType", "linear");
    return raw.put("tickSz", "0.1").put("lotSz", "0.01").put("state", "live");
  }
}
