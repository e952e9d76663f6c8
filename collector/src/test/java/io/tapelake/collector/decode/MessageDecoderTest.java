package io.tapelake.collector.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.vault.TakerSide;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

class MessageDecoderTest {

  private static final Path RECORDINGS = Path.of("..", "..", "shared", "data", "okx");

  private final MessageDecoder decoder = new MessageDecoder();

  @Test
  void decodesAnAggregatedTrade() {
    Message.Trades push =
        (Message.Trades)
            decoder.decode(
                """
                {"arg":{"channel":"trades","instId":"BTC-USDT-SWAP"},"data":[{"instId":"BTC-USDT-SWAP",\
                "tradeId":"130639474","px":"42219.90","sz":"0.12060306","side":"buy",\
                "ts":"1630048897897","count":"3","source":"0","seqId":1234}]}""");
    TradeRow row = push.rows().get(0);
    assertThat(row.id()).isEqualTo(130639474);
    assertThat(row.firstId()).isEqualTo(130639472);
    assertThat(row.side()).isEqualTo(TakerSide.BUY);
    assertThat(row.price()).isEqualTo("42219.9");
    assertThat(row.contracts()).isEqualTo("0.12060306");
    assertThat(row.time()).isEqualTo("2021-08-27T07:21:37.897Z");
  }

  @Test
  void whereTheChannelStandsInAMessageMakesNoDifference() {
    String trade =
        "[{\"tradeId\":\"7\",\"px\":1.2345678,\"sz\":\"2\",\"side\":\"buy\","
            + "\"ts\":\"1630048897897\",\"seqId\":{\"a\":[1]}}]";
    String arg = "{\"channel\":\"trades-all\",\"instId\":\"BTC-USDT-SWAP\"}";
    Message usual = decoder.decode("{\"arg\":" + arg + ",\"data\":" + trade + "}");
    assertThat(((Message.Trades) usual).rows()).hasSize(1);
    assertThat(decoder.decode("{\"data\":" + trade + ",\"arg\":" + arg + "}")).isEqualTo(usual);
    String listing = "[{\"instId\":\"BTC-USDT-SWAP\",\"ctVal\":\"0.01\"}]";
    arg = "{\"channel\":\"instruments\",\"instType\":\"SWAP\"}";
    usual = decoder.decode("{\"arg\":" + arg + ",\"data\":" + listing + "}");
    assertThat(((Message.Listings) usual).rows()).hasSize(1);
    assertThat(decoder.decode("{\"data\":" + listing + ",\"arg\":" + arg + "}")).isEqualTo(usual);
  }

  @Test
  void takesThePongAndThePingForWhatTheyAre() {
    assertThat(decoder.decode("pong")).isEqualTo(new Message.Pong());
    assertThat(decoder.decode("ping")).isEqualTo(new Message.Ping());
  }

  @Test
  void decodesAcknowledgementsOfAllAges() {
    assertThat(
            decoder.decode(
                "{\"event\":\"subscribe\",\"arg\":{\"channel\":\"trades\",\"instId\":\"A-B-SWAP\"}}"))
        .isEqualTo(new Message.Subscribed(null, "trades", "A-B-SWAP"));
    assertThat(
            decoder.decode(
                "{\"id\":\"7\",\"event\":\"error\",\"code\":\"60018\",\"msg\":\"no\",\"connId\":\"a\"}"))
        .isEqualTo(new Message.Refused("7", "60018", "no", null, null));
    assertThat(decoder.decode("{\"event\":\"notice\",\"code\":\"64008\",\"msg\":\"soon\"}"))
        .isEqualTo(new Message.Notice("64008", "soon"));
  }

  @Test
  void aTradeWithoutAValueIsRefusedByName() {
    for (String key : List.of("ts", "tradeId", "px", "sz", "side")) {
      String push = push().replaceFirst("\"" + key + "\":\"[^\"]*\",?", "").replace(",}", "}");
      assertThat(refused(push)).contains(key + " is missing");
      String empty = push().replaceFirst("\"" + key + "\":\"[^\"]*\"", "\"" + key + "\":null");
      assertThat(refused(empty)).contains(key + " is missing");
    }
  }

  @Test
  void aRowOfAnotherInstrumentIsRefusedAndItsIdIsNotOurs() {
    String push = push().replace("[{\"instId\":\"A-B-SWAP\"", "[{\"instId\":\"X-Y-SWAP\"");
    assertThat(refused(push)).contains("X-Y-SWAP").doesNotContain("trade 7");
  }

  @Test
  void ofABareNumberTheDigitsCount() {
    String push =
        push()
            .replace("\"1.5\"", "123456789012.123456789012")
            .replace("\"2\"", "1e-7")
            .replace("\"7\"", "7")
            .replace("\"1630048897897\"", "1630048897897");
    TradeRow row = ((Message.Trades) decoder.decode(push)).rows().get(0);
    assertThat(row.price()).isEqualTo(new BigDecimal("123456789012.123456789012"));
    assertThat(row.contracts()).isEqualByComparingTo("0.0000001");
    assertThat(row.id()).isEqualTo(7);
  }

  @Test
  void instrumentsAreTreesOfTheirOwn() {
    Message message =
        decoder.decode(
            "{\"arg\":{\"channel\":\"instruments\",\"instType\":\"SWAP\"},\"data\":[{\"instId\":"
                + "\"A-B-SWAP\",\"ctVal\":0.1234567890123456789}]}");
    assertThat(message)
        .isInstanceOfSatisfying(
            Message.Listings.class,
            listings ->
                assertThat(listings.rows().get(0).path("ctVal").decimalValue())
                    .isEqualTo(new BigDecimal("0.1234567890123456789")));
  }

  private String refused(String push) {
    Message.Trades trades = (Message.Trades) decoder.decode(push);
    assertThat(trades.rows()).isEmpty();
    assertThat(trades.refused()).hasSize(1);
    return trades.refused().get(0).toString();
  }

  @Test
  void valuesThatNoTradeHasAreRefusedRowByRow() {
    String[][] values = {
      {"px", "\"0\""},
      {"px", "\"-1\""},
      {"px", "\"1e99\""},
      {"px", "\"abc\""},
      {"px", "true"},
      {"sz", "\"\""},
      {"sz", "[]"},
      {"sz", "\"0.0000000000001\""},
      {"side", "\"hold\""},
      {"tradeId", "\"12a\""},
      {"tradeId", "\"-1\""},
      {"tradeId", "\"1234567890123456789\""},
      {"ts", "\"\""},
      {"ts", "\"12\""},
      {"ts", "\"99999999999999\""},
      {"tradeId", "{\"a\":1}"}
    };
    for (String[] value : values) {
      String push =
          push()
              .replaceFirst(
                  "\"" + value[0] + "\":\"[^\"]*\"",
                  "\"" + value[0] + "\":" + value[1].replace("\\", "\\\\"));
      assertThat(decoder.decode(push))
          .as(push)
          .isInstanceOfSatisfying(
              Message.Trades.class,
              trades -> {
                assertThat(trades.rows()).isEmpty();
                assertThat(trades.refused()).hasSize(1);
              });
    }
  }

  @Test
  void nothingFromOutsideThrows() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> good =
        List.of(push(), "{\"event\":\"subscribe\",\"arg\":{\"channel\":\"trades\"}}");
    for (int i = 0; i < 50_000; i++) {
      StringBuilder message = new StringBuilder(good.get(random.nextInt(good.size())));
      for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
        int at = random.nextInt(Math.max(1, message.length() - 1));
        switch (random.nextInt(4)) {
          case 0 -> message.append(message.charAt(at));
          case 1 -> message.insert(at, (char) random.nextInt(128));
          case 2 -> message.setCharAt(at, "{}[]\",:0".charAt(random.nextInt(8)));
          default -> message.setLength(Math.max(1, at));
        }
      }
      assertThat(decoder.decode(message.toString())).as("seed %d", seed).isNotNull();
    }
    assertThat(decoder.decode("[".repeat(100_000))).isInstanceOf(Message.Unreadable.class);
    assertThat(decoder.decode("{\"a\":" + "[".repeat(100_000)))
        .isInstanceOf(Message.Unreadable.class);
    assertThat(decoder.decode("x".repeat(3_000_000))).isInstanceOf(Message.Unreadable.class);
    assertThat(decoder.decode("")).isInstanceOf(Message.Unreadable.class);
  }

  /** A few lines of the recorded sessions, kept in the project. */
  @Test
  void decodesTheFixture() throws IOException {
    List<String> lines = new ArrayList<>();
    try (InputStream in = MessageDecoderTest.class.getResourceAsStream("session.txt");
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      reader.lines().forEach(lines::add);
    }
    assertThat(replay(lines))
        .containsEntry("Trades", 4)
        .containsEntry("Subscribed", 3)
        .containsEntry("OtherPush", 2)
        .doesNotContainKeys("Unreadable", "UnknownEvent");
  }

  static boolean recordingsAreThere() {
    return Files.isDirectory(RECORDINGS);
  }

  @Test
  @EnabledIf("recordingsAreThere")
  void decodesWholeRecordedSessions() throws IOException {
    Map<String, Integer> session =
        replay(Files.readAllLines(RECORDINGS.resolve("ws-session-2022-05-13.txt")));
    Map<String, Integer> frames =
        replay(Files.readAllLines(RECORDINGS.resolve("ws-trade-frames-2021-2022.jsonl")));
    assertThat(session).doesNotContainKeys("Unreadable");
    assertThat(frames).containsOnlyKeys("Trades").containsEntry("Trades", 129);
  }

  /** Message kinds and how often each came; lines are as recorders write them. */
  private Map<String, Integer> replay(List<String> lines) {
    Map<String, Integer> kinds = new HashMap<>();
    for (String line : lines) {
      if (line.startsWith("wss://")) {
        continue;
      }
      String message = line.replaceFirst("^\\d+\\.\\d+: ", "");
      Message decoded = decoder.decode(message);
      if (decoded instanceof Message.Trades trades) {
        assertThat(trades.refused()).as(line).isEmpty();
        assertThat(trades.rows()).as(line).isNotEmpty();
      }
      kinds.merge(decoded.getClass().getSimpleName(), 1, Integer::sum);
    }
    return kinds;
  }

  private static String push() {
    return "{\"arg\":{\"channel\":\"trades-all\",\"instId\":\"A-B-SWAP\"},\"data\":[{\"instId\":"
        + "\"A-B-SWAP\",\"tradeId\":\"7\",\"px\":\"1.5\",\"sz\":\"2\",\"side\":\"sell\","
        + "\"ts\":\"1630048897897\"}]}";
  }
}
