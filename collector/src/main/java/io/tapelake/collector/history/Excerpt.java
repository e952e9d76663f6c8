package io.tapelake.collector.history;

/** Text from outside, made fit for a message on one line. */
final class Excerpt {

  private static final int LONGEST = 120;

  private Excerpt() {}

  static String of(String text) {
    String plain = text.replaceAll("[^\\x20-\\x7e\\p{IsHan}]", "?");
    return plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST) + "…";
  }
}
