package io.tapelake.vault;

import java.util.Arrays;
import java.util.List;

/** Reads lists as configurations and scripts have them: names with commas between them. */
public final class ListText {

  private ListText() {}

  /** The names of a list, as often as they stand in it; blank ones are left out. */
  public static List<String> parse(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }
}
