package io.tapelake.analytics.signal;

import io.tapelake.vault.ListText;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The thresholds of the signals. Each pair has a value that sets something off and a smaller one
 * that ends it, so that a figure that trembles around either does not set it off again and again.
 *
 * @param windows the windows whose VWAP the price is compared with
 * @param deviationOn basis points from VWAP at which a deviation is entered
 * @param deviationOff basis points from VWAP at which it is left
 * @param fast the window whose VWAP crosses
 * @param slow the window whose VWAP is crossed
 * @param cross basis points between the two at which the side counts
 * @param touch basis points around a VWAP that are as good as at it
 * @param bounce basis points from VWAP that end a test of it
 * @param testMinutes how many minutes a test lasts at most
 * @param breakCloses closes in a row beyond a VWAP that make a break
 * @param sideOn basis points from VWAP at which the price is above or below, for the flow signals
 * @param sideOff basis points at which it is neither
 * @param flowOn imbalance, 0 to 1, at which takers buy or sell
 * @param flowOff imbalance at which they do neither
 */
public record SignalSettings(
    List<String> windows,
    BigDecimal deviationOn,
    BigDecimal deviationOff,
    String fast,
    String slow,
    BigDecimal cross,
    BigDecimal touch,
    BigDecimal bounce,
    int testMinutes,
    int breakCloses,
    BigDecimal sideOn,
    BigDecimal sideOff,
    BigDecimal flowOn,
    BigDecimal flowOff)
    implements Serializable {

  /** Every setting's key with its default. */
  public static final Map<String, String> DEFAULTS = defaults();

  private static final int MAX_MINUTES = 1440;
  private static final int MAX_DIGITS = 12;

  public SignalSettings {
    windows = List.copyOf(windows);
    deviationOn = deviationOn.stripTrailingZeros();
    deviationOff = deviationOff.stripTrailingZeros();
    cross = cross.stripTrailingZeros();
    touch = touch.stripTrailingZeros();
    bounce = bounce.stripTrailingZeros();
    sideOn = sideOn.stripTrailingZeros();
    sideOff = sideOff.stripTrailingZeros();
    flowOn = flowOn.stripTrailingZeros();
    flowOff = flowOff.stripTrailingZeros();
    ordered("deviation-off-bps", deviationOff, "deviation-bps", deviationOn);
    ordered("touch-bps", touch, "bounce-bps", bounce);
    ordered("side-off-bps", sideOff, "side-bps", sideOn);
    ordered("flow-off", flowOff, "flow", flowOn);
    if (cross.signum() <= 0) {
      throw new IllegalArgumentException("bad value '0' of cross-bps; give more than 0");
    }
  }

  private static Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("windows", "1h,4h,session");
    defaults.put("deviation-bps", "50");
    defaults.put("deviation-off-bps", "25");
    defaults.put("cross", "1h/4h");
    defaults.put("cross-bps", "2");
    defaults.put("touch-bps", "2");
    defaults.put("bounce-bps", "10");
    defaults.put("test-minutes", "15");
    defaults.put("break-closes", "2");
    defaults.put("side-bps", "10");
    defaults.put("side-off-bps", "5");
    defaults.put("flow", "0.1");
    defaults.put("flow-off", "0.05");
    return defaults;
  }

  /**
   * The settings of keys and values, those of {@link #DEFAULTS} where a key is not there.
   *
   * @throws IllegalArgumentException when a key or a value is none, saying which
   */
  public static SignalSettings of(Map<String, String> given) {
    Map<String, String> values = new LinkedHashMap<>(DEFAULTS);
    for (Map.Entry<String, String> each : given.entrySet()) {
      if (values.put(each.getKey(), each.getValue()) == null) {
        throw new IllegalArgumentException("unknown setting of signals '" + each.getKey() + "'");
      }
    }
    String cross = values.get("cross");
    int slash = cross.indexOf('/');
    if (slash <= 0 || slash == cross.length() - 1) {
      throw bad(values, "cross", "give two windows, such as 1h/4h");
    }
    return new SignalSettings(
        ListText.parse(values.get("windows")).stream().distinct().toList(),
        number(values, "deviation-bps"),
        number(values, "deviation-off-bps"),
        cross.substring(0, slash).strip(),
        cross.substring(slash + 1).strip(),
        number(values, "cross-bps"),
        number(values, "touch-bps"),
        number(values, "bounce-bps"),
        count(values, "test-minutes"),
        count(values, "break-closes"),
        number(values, "side-bps"),
        number(values, "side-off-bps"),
        number(values, "flow"),
        number(values, "flow-off"));
  }

  /** Keys and values of which {@link #of} makes the same settings. */
  public Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("windows", String.join(",", windows));
    values.put("deviation-bps", deviationOn.toPlainString());
    values.put("deviation-off-bps", deviationOff.toPlainString());
    values.put("cross", fast + "/" + slow);
    values.put("cross-bps", cross.toPlainString());
    values.put("touch-bps", touch.toPlainString());
    values.put("bounce-bps", bounce.toPlainString());
    values.put("test-minutes", Integer.toString(testMinutes));
    values.put("break-closes", Integer.toString(breakCloses));
    values.put("side-bps", sideOn.toPlainString());
    values.put("side-off-bps", sideOff.toPlainString());
    values.put("flow", flowOn.toPlainString());
    values.put("flow-off", flowOff.toPlainString());
    return values;
  }

  String deviationThresholds() {
    return "on=%s off=%s".formatted(deviationOn.toPlainString(), deviationOff.toPlainString());
  }

  String crossThresholds() {
    return "bps=" + cross.toPlainString();
  }

  String levelThresholds() {
    return "touch=%s bounce=%s minutes=%d closes=%d"
        .formatted(touch.toPlainString(), bounce.toPlainString(), testMinutes, breakCloses);
  }

  String flowThresholds() {
    return "side=%s/%s flow=%s/%s"
        .formatted(
            sideOn.toPlainString(),
            sideOff.toPlainString(),
            flowOn.toPlainString(),
            flowOff.toPlainString());
  }

  private static BigDecimal number(Map<String, String> values, String key) {
    try {
      BigDecimal number = new BigDecimal(values.get(key));
      // As it is written without an exponent, which is how it is kept.
      boolean isShort = number.precision() <= MAX_DIGITS && number.scale() <= MAX_DIGITS;
      if (number.signum() >= 0 && isShort && number.precision() - number.scale() <= MAX_DIGITS) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, together with numbers that are out of range.
    }
    throw bad(
        values,
        key,
        "give a number that is not negative, of at most %d digits".formatted(MAX_DIGITS));
  }

  private static int count(Map<String, String> values, String key) {
    try {
      int count = Integer.parseInt(values.get(key));
      if (count >= 1 && count <= MAX_MINUTES) {
        return count;
      }
    } catch (NumberFormatException e) {
      // Told below, together with numbers that are out of range.
    }
    throw bad(values, key, "give a whole number from 1 to " + MAX_MINUTES);
  }

  private static void ordered(String lowKey, BigDecimal low, String highKey, BigDecimal high) {
    if (low.signum() < 0 || low.compareTo(high) >= 0) {
      throw new IllegalArgumentException(
          "bad value '%s' of %s; give less than %s, which is %s"
              .formatted(low.toPlainString(), lowKey, highKey, high.toPlainString()));
    }
  }

  private static IllegalArgumentException bad(
      Map<String, String> values, String key, String advice) {
    return new IllegalArgumentException(
        "bad value '%s' of %s; %s".formatted(values.get(key), key, advice));
  }
}
