package io.tapelake.jobs.table;

import io.tapelake.analytics.window.CarriedSums;
import io.tapelake.analytics.window.DayStart;
import io.tapelake.analytics.window.SessionDay;
import io.tapelake.analytics.window.SpanSums;
import java.math.BigDecimal;
import org.apache.spark.sql.Row;

/**
 * The columns of {@code sessions_1d}, one row a UTC day that has rows: what the day starts from,
 * and what its own closed minutes add up to. The texts at its end are what the job itself goes on
 * from.
 */
public final class SessionsTable {

  private SessionsTable() {}

  /**
   * A row.
   *
   * @param instrument the instrument
   * @param day one of its days
   */
  public record Session(String instrument, SessionDay day) {}

  static Columns<Session> columns() {
    Columns<Session> columns =
        new Columns<Session>()
            .text("inst_id", Session::instrument)
            .minute("session", row -> row.day().day())
            .date(row -> row.day().day());
    return columns
        .decimal("start_delta_base", row -> start(row).total().base())
        .decimal("start_delta_notional", row -> start(row).total().notional())
        .decimal("start_delta_contracts", row -> start(row).total().contracts())
        .decimal("close_before", row -> row.day().start().close())
        .decimal("close", row -> row.day().close())
        .count("trade_count", row -> own(row).vwap().tradeCount())
        .count("buy_count", row -> own(row).flow().buyCount())
        .decimal("contracts", row -> own(row).flow().contracts())
        .decimal("base_volume", row -> own(row).vwap().baseVolume())
        .decimal("notional", row -> own(row).vwap().notional())
        .decimal("buy_contracts", row -> own(row).flow().buyContracts())
        .decimal("buy_base_volume", row -> own(row).flow().buyBaseVolume())
        .decimal("buy_notional", row -> own(row).flow().buyNotional())
        .text("own_sums", row -> own(row).text())
        .text("start_sums", row -> start(row).text())
        .text("added_sums", row -> row.day().adds().text())
        .text("start_signal_state", row -> row.day().start().signalState())
        .text("signal_state", row -> row.day().signalState());
  }

  private static CarriedSums start(Session row) {
    return row.day().start().sums();
  }

  private static SpanSums own(Session row) {
    return row.day().own();
  }

  /** A day as its row tells it. */
  public static SessionDay day(Row row) {
    DayStart start =
        new DayStart(
            CarriedSums.parse(row.getAs("start_sums")),
            plain(row.getAs("close_before")),
            row.getAs("start_signal_state"));
    return new SessionDay(
        LakeSchema.minute(row),
        start,
        SpanSums.parse(row.getAs("own_sums")),
        CarriedSums.parse(row.getAs("added_sums")),
        plain(row.getAs("close")),
        row.getAs("signal_state"));
  }

  private static BigDecimal plain(BigDecimal price) {
    return price == null ? null : price.stripTrailingZeros();
  }
}
