package io.tapelake.jobs.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonObjectReaderTest {

  @Test
  void keepsTopLevelMembersOnly() throws Exception {
    assertThat(
            JsonObjectReader.read(" {\"a\":\"1\",\"b\":{\"a\":\"2\"},\"c\":[\"a\",{\"a\":3}]}\r"))
        .containsExactly(
            Map.entry("a", Optional.of("1")),
            Map.entry("b", Optional.empty()),
            Map.entry("c", Optional.empty()));
  }

  @Test
  void lastOfEqualKeysCounts() throws Exception {
    assertThat(JsonObjectReader.read("{\"a\":\"1\",\"\\u0061\":\"2\"}").get("a")).contains("2");
    assertThat(JsonObjectReader.read("{\"a\":\"1\",\"a\":2}").get("a")).isEmpty();
  }

  @Test
  void resolvesEscapes() throws Exception {
    assertThat(
            JsonObjectReader.read("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD800\"}").get("a"))
        .contains("\"\\/\b\f\n\r\té\ud800");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "\t{ \r}\n",
        "{\"\":-0.5e-300,\"b\":1E400,\"c\":0,\"d\":-0,\"e\":10.01e+1}",
        "{\"a\":[],\"b\":{},\"c\":[[]],\"d\":[{}],\"e\":{\"f\":{}}}",
        "{\"a\":[1,[2,{\"b\":\"}]\",\"c\":[true,false,null]}],3],\"d\":4}",
        "{\"a\" : { \"b\" : [ { \"c\" : 1 , \"d\" : [ ] } , [ ] ] , \"e\" : \"\u007f\u2028\" } }",
      })
  void takesWhatTheGrammarAllows(String text) throws Exception {
    assertThat(JsonObjectReader.read(text)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[]",
        "1",
        "null",
        "\"a\"",
        "{",
        "}",
        "{}}",
        "{}{}",
        "{},",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":1,,\"b\":2}",
        "{a:1}",
        "{'a':1}",
        "{1:1}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":1.}",
        "{\"a\":.5}",
        "{\"a\":1e}",
        "{\"a\":1e+}",
        "{\"a\":-}",
        "{\"a\":0x1}",
        "{\"a\":NaN}",
        "{\"a\":tru}",
        "{\"a\":nulll}",
        "{\"a\":[1,]}",
        "{\"a\":[,1]}",
        "{\"a\":[1 2]}",
        "{\"a\":[1}}",
        "{\"a\":{\"b\":1]}",
        "{\"a\":{\"b\"}}",
        "{\"a\":{,}}",
        "{\"a\":{\"b\":1,}}",
        "{\"a\":[",
        "{\"a\":{\"b\":",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\r\"}",
        "{\"a\":\"\u0000\"}",
        "{\"a\":\"b}",
        "\ufeff{}",
        "{}\u0000",
        "\u0000{}",
        "\f{}",
        "{\"a\":1}//",
        "{/**/}",
        "{\"a\":\u00a01}",
        "{\"a\":\"b\"\"c\"}",
        "{\"a\":1\u0000}",
      })
  void refusesEverythingElse(String text) {
    assertThatThrownBy(() -> JsonObjectReader.read(text))
        .isInstanceOf(JsonObjectReader.Malformed.class);
  }

  @Test
  void nestingHasNoLimit() throws Exception {
    String deep = "{\"a\":".repeat(100_000) + "[".repeat(100_000);
    String close = "]".repeat(100_000) + "}".repeat(100_000);
    assertThat(JsonObjectReader.read(deep + close)).containsKey("a");
    assertThatThrownBy(() -> JsonObjectReader.read(deep + close.substring(1)))
        .isInstanceOf(JsonObjectReader.Malformed.class);
  }
}
