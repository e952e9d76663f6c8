package io.tapelake.tape;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.RefusalReason;
import io.tapelake.vault.TradeFields;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Reads any line that is a JSON object, whatever the order of its keys, its white space and its
 * unknown keys. Where a key stands twice the last one counts, as in most JSON libraries.
 *
 * <p>The bytes are decoded strictly before they are parsed: Jackson's own decoder guesses UTF-16
 * from NUL bytes and lets some broken UTF-8 pass in values that are skipped.
 */
public final class JsonLineParser implements LineParser {

  /** A line's length is the only limit there is, so that a verdict never hangs on Jackson's. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxDocumentLength(-1)
                  .build())
          // Names come from outside: an attacker's must not fill the interned strings.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  private final TradeFields fields;
  private final CharsetDecoder utf8 = strictUtf8();
  private CharBuffer chars = CharBuffer.allocate(1024);

  public JsonLineParser(DayFile file) {
    fields = new TradeFields(file);
  }

  /** A decoder that reports what is not UTF-8. */
  public static CharsetDecoder strictUtf8() {
    return StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  @Override
  public RefusalReason parse(byte[] buffer, int from, int to, ParsedTrade trade) {
    fields.clear();
    try {
      decode(buffer, from, to);
      if (!readObject(JSON.createParser(chars.array(), 0, chars.limit()))) {
        return RefusalReason.MALFORMED_JSON;
      }
    } catch (CharacterCodingException | JsonProcessingException e) {
      return RefusalReason.MALFORMED_JSON;
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
    return fields.validate(trade);
  }

  /**
   * Whether the text is exactly one JSON object. Holds little of it in memory, whatever its length.
   *
   * @throws IOException when reading fails for another reason than what is read
   */
  public static boolean isObject(Reader text) throws IOException {
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (CharacterCodingException | JsonProcessingException e) {
      return false;
    }
  }

  private void decode(byte[] buffer, int from, int to) throws CharacterCodingException {
    if (chars.capacity() < to - from) {
      chars = CharBuffer.allocate(Math.max(to - from, 2 * chars.capacity()));
    }
    chars.clear();
    utf8.reset();
    var result = utf8.decode(ByteBuffer.wrap(buffer, from, to - from), chars, true);
    if (result.isError()) {
      result.throwException();
    }
    chars.flip();
  }

  private boolean readObject(JsonParser parser) throws IOException {
    try (parser) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        if (parser.nextToken() == JsonToken.VALUE_STRING) {
          fields.set(key, parser.getText());
        } else {
          parser.skipChildren();
          fields.set(key, null);
        }
      }
      return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
    }
  }
}
