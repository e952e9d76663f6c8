package io.tapelake.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.notebooks.DayReport.Figures;
import io.tapelake.notebooks.DayReport.Minutes;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReportPageTest {

  private static final LocalDate DAY = LocalDate.of(2026, 1, 2);
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
  private static final Instant OVER = Instant.parse("2026-01-03T00:01:00Z");

  /** The last minute can still get late trades. */
  private static final Instant JUST_OVER = Instant.parse("2026-01-03T00:00:05Z");

  @Test
  void anInstrumentThatIsBehindIsNotToldAsAWholeDay() {
    String page = page(report("BTC-USDT-SWAP", OVER), report("ETH-USDT-SWAP", NOON));
    assertThat(page)
        .contains("As of 2026-01-03 00:01:00 UTC")
        .contains("Partial day: minutes closed up to 2026-01-02 11:59:00 UTC</p>")
        .doesNotContain("Whole day");
    String bitcoin =
        page.substring(page.indexOf("data-inst=\"BTC"), page.indexOf("data-inst=\"ETH"));
    assertThat(bitcoin).doesNotContain("Partial");
    assertThat(page.substring(page.indexOf("data-inst=\"ETH")))
        .contains("Partial day: minutes closed up to 2026-01-02 11:59:00 UTC; Trades from");
  }

  @Test
  void aDayIsWholeOnceAllInstrumentsAreBehindItsEnd() {
    assertThat(page(report("BTC-USDT-SWAP", OVER), report("ETH-USDT-SWAP", OVER)))
        .contains("Whole day")
        .doesNotContain("Partial");
  }

  @Test
  void aDayWhoseLastMinuteIsOpenIsPartial() {
    assertThat(page(report("BTC-USDT-SWAP", JUST_OVER)))
        .contains("As of 2026-01-03 00:00:05 UTC")
        .contains("Partial day: minutes closed up to 2026-01-02 23:59:00 UTC</p>");
  }

  @Test
  void anAmountThatTheTablesCannotHoldIsADash() {
    assertThat(page(report("BTC-USDT-SWAP", OVER))).contains("buy – BTC at 101, 12:00:00");
  }

  @Test
  void whatCannotBeReadOfNotesIsADash() {
    assertThat(page(report("BTC-USDT-SWAP", OVER, null)))
        .contains("certificates: –; refused lines: –")
        .doesNotContain("no certificate");
  }

  private static String page(DayReport... reports) {
    return ReportPage.of(DAY, DAY, "/v/data", OVER, List.of(reports));
  }

  private static DayReport report(String instrument, Instant asOf) {
    return report(instrument, asOf, 0L);
  }

  private static DayReport report(String instrument, Instant asOf, Long refused) {
    double[] none = {};
    BigDecimal price = new BigDecimal("101");
    BigDecimal amount = new BigDecimal("5");
    Figures day =
        new Figures(
            DAY,
            NOON,
            NOON,
            price,
            price,
            price,
            price,
            1,
            amount,
            amount,
            amount,
            price,
            price,
            0.0,
            price,
            price,
            price,
            new DayReport.Trade("buy", price, null, amount, NOON),
            0L,
            refused,
            null);
    return new DayReport(
        instrument,
        asOf,
        asOf.minusSeconds(10).truncatedTo(ChronoUnit.MINUTES),
        List.of(day),
        new Minutes(none, none, none, none, none, none, none, none, none),
        List.of(),
        List.of(),
        DayReport.Gaps.NONE);
  }
}
