package io.tapelake.simulator.exchange;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** What hand-written JSON needs. */
final class Json {

  private Json() {}

  /** Text as it may stand between the quotes of a JSON string. */
  static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    JsonStringEncoder.getInstance().quoteAsString(text, out);
    return out.toString();
  }
}
