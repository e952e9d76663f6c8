package io.tapelake.jobs.sql;

import java.util.List;
import java.util.function.Predicate;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;

/** Typed lines as the line editor sees them: it completes the word before the cursor. */
record StatementLine(String line, int cursor, int begin) implements CompletingParsedLine {

  /** Takes lines for one statement until it is whole. */
  record Parser(Predicate<String> isWhole) implements org.jline.reader.Parser {

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
      if (context == ParseContext.ACCEPT_LINE && !isWhole.test(line)) {
        throw new EOFError(-1, -1, "a statement ends with a semicolon");
      }
      int begin = cursor;
      while (begin > 0 && isWordPart(line.charAt(begin - 1))) {
        begin--;
      }
      return new StatementLine(line, cursor, begin);
    }

    private static boolean isWordPart(char c) {
      return Character.isLetterOrDigit(c) || c == '_';
    }
  }

  @Override
  public String word() {
    return line.substring(begin, cursor);
  }

  @Override
  public int wordCursor() {
    return cursor - begin;
  }

  @Override
  public int wordIndex() {
    return 0;
  }

  @Override
  public List<String> words() {
    return List.of(word());
  }

  @Override
  public CharSequence escape(CharSequence candidate, boolean complete) {
    return candidate;
  }

  @Override
  public int rawWordCursor() {
    return wordCursor();
  }

  @Override
  public int rawWordLength() {
    return wordCursor();
  }
}
