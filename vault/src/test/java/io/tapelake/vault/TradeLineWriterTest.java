package io.tapelake.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TradeLineWriterTest {

  private static final String BTC = "BTC-USDT-SWAP";

  @Test
  void writesWhatTradeLineFormats() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    TradeLineWriter writer = new TradeLineWriter(BTC);
    byte[] buffer = new byte[TradeLineWriter.longest()];
    NumberText price = new NumberText();
    NumberText contracts = new NumberText();
    Contract contract = new Contract(new BigDecimal("0.01"), BigDecimal.ONE, ContractType.LINEAR);
    for (int i = 0; i < 20_000; i++) {
      String priceText = number(random);
      String contractsText = number(random);
      byte[] texts = (priceText + "," + contractsText).getBytes(StandardCharsets.US_ASCII);
      long millis = 1_600_000_000_000L + random.nextLong(200_000_000_000L);
      long id = random.nextLong(random.nextBoolean() ? 20 : Trade.MAX_ID);
      TakerSide side = random.nextBoolean() ? TakerSide.BUY : TakerSide.SELL;
      assertThat(price.read(texts, 0, priceText.length())).as(priceText).isTrue();
      assertThat(contracts.read(texts, priceText.length() + 1, texts.length)).isTrue();
      Trade trade =
          new Trade(
              Instant.ofEpochMilli(millis),
              BTC,
              id,
              side,
              DecimalText.parse(priceText),
              DecimalText.parse(contractsText),
              contract);

      int end = writer.write(buffer, 0, millis, id, side, price, contracts, contract);

      assertThat(new String(buffer, 0, end, StandardCharsets.US_ASCII))
          .as("seed %d", seed)
          .isEqualTo(TradeLine.format(trade) + "\n");
      assertThat(price.value()).isEqualByComparingTo(trade.price());
    }
  }

  @Test
  void takesTheNumbersThatDecimalTextTakes() {
    NumberText number = new NumberText();
    String[] texts = {
      "1",
      "0",
      "0.0",
      "00",
      "01",
      "-1",
      "+1",
      "1.",
      ".5",
      "1e2",
      "1E+2",
      "1.0E-4",
      "1e13",
      "1e12",
      "999999999999",
      "1000000000000",
      "0.000000000001",
      "0.0000000000001",
      "1.10",
      "",
      ".",
      "1..2",
      "1,2",
      "abc",
      "1e",
      "NaN",
      "1234567890123456",
      "123456789012.1234567890120",
      " 1",
      "1 "
    };
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      BigDecimal expected = DecimalText.parse(text);
      assertThat(number.read(bytes, 0, bytes.length)).as("'%s'", text).isEqualTo(expected != null);
      if (expected != null) {
        assertThat(number.value()).as("'%s'", text).isEqualTo(expected);
      }
    }
  }

  private static String number(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> Integer.toString(1 + random.nextInt(1000));
      case 1 ->
          random.nextInt(100_000) + "." + (1 + random.nextInt(9)) + "0".repeat(random.nextInt(4));
      case 2 -> (1 + random.nextInt(99)) + "E" + (random.nextInt(8) - 4);
      case 3 -> "0." + "0".repeat(random.nextInt(8)) + (1 + random.nextInt(999));
      case 4 -> (1 + random.nextInt(9)) + "00.000";
      default -> (1 + random.nextInt(99_999)) + "." + random.nextInt(1_000_000);
    };
  }
}
