package io.tapelake.analytics.signal;

import io.tapelake.analytics.number.Ratio;
import io.tapelake.analytics.number.SqlDecimal;
import io.tapelake.vault.TradeLine;
import java.math.BigDecimal;

/** A signal as one line of compact JSON, without its LF; numbers are strings, as in all exports. */
public final class SignalLine {

  private SignalLine() {}

  /** The line, whose first key is the minute and whose last is what decided. */
  public static String of(Signal signal) {
    StringBuilder line = new StringBuilder(512).append('{');
    field(line, "window_start_utc", signal.time().toString());
    field(line, "instId", signal.instrument());
    field(line, "exchange", TradeLine.EXCHANGE_NAME);
    field(line, "market", TradeLine.MARKET_NAME);
    field(line, "id", signal.id());
    field(line, "kind", signal.kind().text());
    field(line, "direction", signal.direction().text());
    field(line, "window", signal.window());
    field(line, "price", text(signal.price()));
    field(line, "level", text(signal.level()));
    field(line, "deviation_bps", Ratio.text(signal.deviationBps()));
    field(line, "z", Ratio.text(signal.z()));
    field(line, "cvd", text(signal.cvd()));
    field(line, "thresholds", signal.thresholds());
    line.setCharAt(line.length() - 1, '}');
    return line.toString();
  }

  private static String text(BigDecimal number) {
    return number == null ? null : SqlDecimal.text(number);
  }

  /** Names and numbers of ours have no character that JSON would have to escape. */
  private static void field(StringBuilder line, String key, String value) {
    line.append('"').append(key).append("\":");
    if (value == null) {
      line.append("null,");
    } else {
      line.append('"').append(value).append("\",");
    }
  }
}
