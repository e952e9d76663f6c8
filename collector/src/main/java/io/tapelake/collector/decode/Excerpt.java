package io.tapelake.collector.decode;

/** Texts from outside, made safe to print. */
public final class Excerpt {

  private static final int MOST = 80;

  private Excerpt() {}

  /** The beginning of a text, on one line and without what changes the direction of writing. */
  public static String of(String text) {
    if (text == null) {
      return "null";
    }
    String start = text.length() > MOST ? text.substring(0, MOST) + "…" : text;
    return start.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
  }
}
