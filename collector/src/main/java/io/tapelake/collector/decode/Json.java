package io.tapelake.collector.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** How JSON from outside is read: with limits on everything that could eat memory. */
public final class Json {

  /** Nothing the exchange sends is nested deeper than four levels. */
  private static final int MAX_NESTING = 32;

  private static final int MAX_STRING = 1 << 17;

  /** A factory whose parsers refuse deep nesting and huge values. */
  public static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_NESTING)
                  .maxStringLength(MAX_STRING)
                  .maxNameLength(1024)
                  .maxNumberLength(64)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  /** Makes trees in which numbers are what their digits say, never what a double makes of them. */
  public static final ObjectMapper TREES =
      new ObjectMapper(FACTORY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .setNodeFactory(JsonNodeFactory.withExactBigDecimals(true));

  private Json() {}
}
