package io.tapelake.jobs.oracle;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads one text that has to be exactly one JSON object by the grammar of RFC 8259, and keeps its
 * top-level members. Nothing is lenient, and nesting has no limit.
 */
final class JsonObjectReader {

  /** What the text breaks, and where. */
  static final class Malformed extends Exception {
    Malformed(String what, int at) {
      super(what + " at " + at);
    }
  }

  private final String text;
  private int at;

  private JsonObjectReader(String text) {
    this.text = text;
  }

  /**
   * The members in the order of their first appearance: the text of a string, empty for every other
   * value. Where a key stands twice, the last value counts.
   */
  static Map<String, Optional<String>> read(String text) throws Malformed {
    return new JsonObjectReader(text).object();
  }

  private Map<String, Optional<String>> object() throws Malformed {
    Map<String, Optional<String>> members = new LinkedHashMap<>();
    skipSpace();
    expect('{');
    skipSpace();
    if (peek() == '}') {
      at++;
    } else {
      do {
        skipSpace();
        String key = string();
        skipSpace();
        expect(':');
        skipSpace();
        if (peek() == '"') {
          members.put(key, Optional.of(string()));
        } else {
          skipValue();
          members.put(key, Optional.empty());
        }
        skipSpace();
      } while (more('}'));
    }
    skipSpace();
    if (at != text.length()) {
      throw new Malformed("text behind the object", at);
    }
    return members;
  }

  /** Skips a value of any kind; the open arrays and objects stand on a stack of their closers. */
  private void skipValue() throws Malformed {
    Deque<Character> closers = new ArrayDeque<>();
    do {
      skipSpace();
      if (opened(closers)) {
        continue;
      }
      scalar();
      skipSpace();
      while (!closers.isEmpty() && !more(closers.peek())) {
        closers.pop();
        skipSpace();
      }
      if (!closers.isEmpty() && closers.peek() == '}') {
        key();
      }
    } while (!closers.isEmpty());
  }

  /**
   * Whether an array or object with something inside was opened. An empty one is left for {@link
   * #scalar}.
   */
  private boolean opened(Deque<Character> closers) throws Malformed {
    char open = peek();
    if (open != '{' && open != '[') {
      return false;
    }
    int start = at;
    at++;
    skipSpace();
    char closer = open == '{' ? '}' : ']';
    if (peek() == closer) {
      at = start;
      return false;
    }
    closers.push(closer);
    if (open == '{') {
      key();
    }
    return true;
  }

  private void key() throws Malformed {
    skipSpace();
    string();
    skipSpace();
    expect(':');
  }

  /** A string, number, literal, or an empty array or object. */
  private void scalar() throws Malformed {
    char first = peek();
    switch (first) {
      case '"' -> string();
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      case '{', '[' -> {
        at++;
        skipSpace();
        expect(first == '{' ? '}' : ']');
      }
      default -> number();
    }
  }

  /** Takes a comma, and returns true, or the closer, and returns false. */
  private boolean more(char closer) throws Malformed {
    char c = peek();
    if (c != ',' && c != closer) {
      throw new Malformed("neither ',' nor '" + closer + "'", at);
    }
    at++;
    return c == ',';
  }

  private String string() throws Malformed {
    expect('"');
    StringBuilder value = new StringBuilder();
    while (true) {
      char c = next();
      if (c == '"') {
        return value.toString();
      }
      if (c < ' ') {
        throw new Malformed("control character in a string", at - 1);
      }
      value.append(c == '\\' ? escaped() : c);
    }
  }

  private char escaped() throws Malformed {
    char c = next();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++) {
          code = code * 16 + hexDigit(next());
        }
        yield (char) code;
      }
      default -> throw new Malformed("unknown escape", at - 1);
    };
  }

  private int hexDigit(char c) throws Malformed {
    int digit = "0123456789abcdef".indexOf(c >= 'A' && c <= 'F' ? (char) (c + 32) : c);
    if (digit < 0) {
      throw new Malformed("no hexadecimal digit", at - 1);
    }
    return digit;
  }

  private void number() throws Malformed {
    if (peek() == '-') {
      at++;
    }
    if (peek() == '0') {
      at++;
    } else {
      digits();
    }
    if (peek() == '.') {
      at++;
      digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      digits();
    }
  }

  private void digits() throws Malformed {
    int start = at;
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
    if (at == start) {
      throw new Malformed("no value or digit", at);
    }
  }

  private void literal(String word) throws Malformed {
    if (!text.startsWith(word, at)) {
      throw new Malformed("no value", at);
    }
    at += word.length();
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private void expect(char c) throws Malformed {
    if (next() != c) {
      throw new Malformed("no '" + c + "'", at - 1);
    }
  }

  private char next() throws Malformed {
    if (at == text.length()) {
      throw new Malformed("end of text", at);
    }
    return text.charAt(at++);
  }

  /** The next character; at the end of the text NUL, which begins and continues nothing. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }
}
