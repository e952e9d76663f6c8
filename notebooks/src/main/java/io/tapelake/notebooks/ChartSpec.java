package io.tapelake.notebooks;

import io.tapelake.jobs.sql.SqlError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a chart is to show. {@code x} is the column along the horizontal axis, null for the first
 * one; {@code y} are those drawn as lines or bars, for candles open, high, low and close; {@code
 * line} are lines over candles, {@code band} thin grey ones, a pair of them in one shade. Of {@code
 * by} each value gets a panel, of {@code series} a line of its own; both may be null. Width, and
 * height of a panel, are in pixels.
 */
record ChartSpec(
    Kind kind,
    String x,
    List<String> y,
    List<String> line,
    List<String> band,
    List<String> points,
    String by,
    String series,
    String title,
    boolean stacked,
    int width,
    int height) {

  enum Kind {
    LINE,
    BAR,
    CANDLESTICK
  }

  private static final int PHONE_WIDTH = 360;
  private static final int PHONE_HEIGHT = 300;
  private static final Pattern WORD =
      Pattern.compile("(\\w+)=(?:\"([^\"]*)\"|'([^']*)'|(\\S*))|(\\S+)");
  private static final Set<String> KEYS =
      Set.of(
          "x", "y", "line", "band", "points", "by", "series", "title", "stacked", "width",
          "height");

  /**
   * Reads what stands behind {@code %chart}, such as {@code line x=minute y=close,vwap_1h
   * by=inst_id title="Price"}.
   *
   * @throws SqlError when it cannot be understood
   */
  static ChartSpec parse(String arguments, int line) {
    Map<String, String> given = new LinkedHashMap<>();
    String kind = null;
    Matcher word = WORD.matcher(arguments);
    while (word.find()) {
      if (word.group(5) != null) {
        if (kind != null) {
          throw SqlError.usage(
              "'%s' is not KEY=VALUE: a value with spaces needs quotes".formatted(word.group(5)),
              line);
        }
        kind = word.group(5);
      } else if (!KEYS.contains(word.group(1))) {
        throw SqlError.usage(
            "%%chart knows no '%s': it takes x, y, line, band, points, by, series, title, stacked, width, height"
                .formatted(word.group(1)),
            line);
      } else {
        given.put(word.group(1), firstOf(word.group(2), word.group(3), word.group(4)));
      }
    }
    return new ChartSpec(
        kind(kind, line),
        given.get("x"),
        list(given.get("y")),
        list(given.get("line")),
        list(given.get("band")),
        list(given.get("points")),
        given.get("by"),
        given.get("series"),
        given.get("title"),
        Boolean.parseBoolean(given.get("stacked")),
        pixels(given, "width", 960, line),
        pixels(given, "height", 360, line));
  }

  /** The same for a phone. */
  ChartSpec narrow() {
    return new ChartSpec(
        kind,
        x,
        y,
        line,
        band,
        points,
        by,
        series,
        title,
        stacked,
        PHONE_WIDTH,
        Math.min(height, PHONE_HEIGHT));
  }

  private static Kind kind(String name, int line) {
    if (name == null) {
      return Kind.LINE;
    }
    try {
      return Kind.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw SqlError.usage(
          "'%s' is no kind of chart: give line, bar or candlestick".formatted(name), line);
    }
  }

  private static int pixels(Map<String, String> given, String key, int otherwise, int line) {
    String text = given.getOrDefault(key, String.valueOf(otherwise));
    if (!text.matches("[1-9][0-9]{2,3}")) {
      throw SqlError.usage("%s=%s: give 100 to 9999 pixels".formatted(key, text), line);
    }
    return Integer.parseInt(text);
  }

  private static List<String> list(String text) {
    List<String> names = new ArrayList<>();
    if (text != null) {
      for (String name : List.of(text.split(",", -1))) {
        if (!name.isBlank()) {
          names.add(name.strip());
        }
      }
    }
    return List.copyOf(names);
  }

  private static String firstOf(String... texts) {
    for (String text : texts) {
      if (text != null) {
        return text;
      }
    }
    return null;
  }
}
