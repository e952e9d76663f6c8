package io.tapelake.analytics.window;

import java.io.Serializable;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An instant from which an anchored VWAP counts, such as that of a figure's release: {@code
 * cpi=2025-12-10T13:30:00Z}.
 *
 * @param name part of column and key names
 * @param minute its first minute since 1970-01-01T00:00Z
 */
public record Anchor(String name, long minute) implements Serializable {

  private static final Pattern FORM = Pattern.compile("([^=]*)=(.*)");
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]{0,31}");
  private static final Set<String> TAKEN = Set.of(Spans.SESSION, "total");
  private static final int SECONDS_A_MINUTE = 60;

  /**
   * The anchor that a text tells.
   *
   * @throws IllegalArgumentException when it tells none
   */
  public static Anchor parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "anchor '%s' is not NAME=INSTANT; give one such as cpi=2025-12-10T13:30:00Z"
              .formatted(text));
    }
    String name = matcher.group(1).strip();
    if (!NAME.matcher(name).matches() || TAKEN.contains(name)) {
      throw new IllegalArgumentException(
          "anchor '%s' cannot be called '%s'; give a lower-case letter and then letters and digits, other than %s"
              .formatted(text, name, String.join(" and ", TAKEN.stream().sorted().toList())));
    }
    return new Anchor(name, minute(text, matcher.group(2).strip()));
  }

  private static long minute(String text, String time) {
    try {
      Instant instant = Instant.parse(time);
      if (instant.getNano() == 0 && instant.getEpochSecond() % SECONDS_A_MINUTE == 0) {
        return Math.floorDiv(instant.getEpochSecond(), (long) SECONDS_A_MINUTE);
      }
    } catch (DateTimeException e) {
      // Told below, together with instants amid a minute.
    }
    throw new IllegalArgumentException(
        "anchor '%s' is not at a whole minute of UTC; give an instant such as 2025-12-10T13:30:00Z"
            .formatted(text));
  }

  /**
   * The anchors of some texts, in their order.
   *
   * @throws IllegalArgumentException when one tells none or two have the same name
   */
  public static List<Anchor> parseAll(Collection<String> texts) {
    List<Anchor> anchors = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String text : texts) {
      Anchor anchor = parse(text);
      if (!names.add(anchor.name())) {
        throw new IllegalArgumentException(
            "there are two anchors '%s'; name each once".formatted(anchor.name()));
      }
      anchors.add(anchor);
    }
    return List.copyOf(anchors);
  }

  /** The form that {@link #parse} reads. */
  @Override
  public String toString() {
    return name + "=" + Instant.ofEpochSecond(minute * SECONDS_A_MINUTE);
  }
}
